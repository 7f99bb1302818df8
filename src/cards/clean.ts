/** Control and format characters (zero-width, bidirectional, byte-order mark), line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Text that came from outside (Azure, a device, a person), made safe to show verbatim in a TextRun: no control or
 * direction characters, no Teams tags, no card macros, at most `max` characters.
 */
export function clean(text: string, max = 120): string {
  const flat = text
    .slice(0, max * 4)
    .normalize('NFC')
    .replace(invisible, ' ')
    .replace(/<\/?at\b[^>]*>/gi, '')
    .replace(/\{\{/g, '{ {')
    .replace(/ {2,}/g, ' ')
    .trim();
  const letters = Array.from(flat);
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : flat;
}
