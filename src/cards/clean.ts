// Control characters, zero-width and bidirectional marks, line and paragraph separators, byte-order mark.
// eslint-disable-next-line no-control-regex -- they are what has to go
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

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
