/** An HTTP request as the Functions host hands it over; `HttpRequest` of @azure/functions fits. */
export interface IncomingRequest {
  readonly method: string;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<unknown> | null;
}

export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly jsonBody?: unknown;
}

/** An answer with a code and nothing else: what went wrong inside is for the log. */
export function answer(
  status: number,
  code?: string,
  headers: Readonly<Record<string, string>> = {},
): OutgoingResponse {
  return {
    status,
    headers: { 'cache-control': 'no-store', ...headers },
    ...(code === undefined ? {} : { jsonBody: { error: { code } } }),
  };
}

/** The body as text, or why not. */
export async function readBody(
  request: IncomingRequest,
  maxBytes: number,
): Promise<{ readonly text: string } | 'too-large' | 'not-text'> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return 'too-large';
  if (!request.body) return { text: '' };
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of request.body) {
      if (!(part instanceof Uint8Array)) return 'not-text';
      length += part.byteLength;
      if (length > maxBytes) return 'too-large';
      parts.push(part);
    }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)) };
  } catch {
    // The caller hung up, or sent bytes that are no UTF-8.
    return 'not-text';
  }
}
