/** Control and format characters (zero-width, bidirectional, byte-order mark), line and paragraph separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/**
 * Text that came from outside (Azure, a device, a person), made safe to show verbatim in a TextRun: no control or
 * direction characters, no Teams tags, no card macros, at most `max` characters.
 */
export function clean(text: string, max = 120): string {
  let flat = text
    .slice(0, max * 4)
    .toWellFormed()
    .normalize('NFC')
    .replace(invisible, ' ');
  // Again until nothing is left: what stands around a tag that is taken out may be a tag together.
  for (let before = ''; before !== flat;) {
    before = flat;
    flat = flat.replace(/<\/?at\b[^>]*>/gi, '');
  }
  flat = flat
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const letters = Array.from(flat);
  return letters.length > max ? `${letters.slice(0, max - 1).join('')}…` : flat;
}
