import { failure, type AzureAnswer, type AzureRequest } from './azure-http.ts';

/** `POST /v1/workspaces/{id}/query` and `POST /v1/{hub}/query`. */
export function answerLogs(request: AzureRequest): AzureAnswer {
  return failure(404, 'WorkspaceNotFound', `The stand-in keeps no logs for ${request.path}`);
}
