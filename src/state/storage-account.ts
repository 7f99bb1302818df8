import type { TokenCredential } from '@azure/identity';

/** How the storage account is reached: by a connection string, or by its name with a managed identity. */
export type StorageAccess =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | { readonly kind: 'identity'; readonly accountName: string; readonly credential: TokenCredential };

/** Whether the same request may succeed later. */
export function mayPass(status: number | undefined): boolean {
  return status === undefined || status >= 500 || status === 408 || status === 429;
}

/** What a person can do about a refusal. */
export function storageHint(status: number | undefined, what: 'Table' | 'Queue'): string {
  if (status === 401 || status === 403)
    return `Check the connection string, or give the identity the role "Storage ${what} Data Contributor".`;
  return mayPass(status)
    ? 'Check that the storage account exists and can be reached from here.'
    : 'This is likely a fault of Hubwatch: report the message with its number.';
}
