/** A code of the other side is shown to people only if it is one: what comes with it are somebody else's words. */
export function plainCode(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? code : '';
}
