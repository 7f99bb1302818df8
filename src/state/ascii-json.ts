/**
 * JSON in printable ASCII: may be cut anywhere, counts one byte a character, and passes through whatever cannot take
 * every character (XML cannot hold some at all; Azurite damages the rest where they cross a 64 kB boundary).
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
