/** Whether a URL is the root of a server on this machine, with or without a port. */
export function isLoopback(url: string): boolean {
  return /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?\/?$/.test(url);
}
