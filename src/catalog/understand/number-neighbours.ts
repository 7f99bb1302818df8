import { mayPrefixCode, wordsOf } from './number-context.ts';

const fileName =
  /^\.(?:txt|log|json|xml|csv|tsv|pdf|zip|gz|tar|png|jpe?g|gif|svg|docx?|xlsx?|pptx?|html?|bin|hex|dat|mp[34]|py|js|ts|cs|cpp|java|go|sh|ps1|cfg|ini|ya?ml|md)\b/i;

/**
 * Whether the number at [from, to) is a piece of something bigger: an identifier, a hexadecimal id, a decimal, a file's
 * name. `ERR_413001`, `E400103`, `404104s` and `403006-devicemaximum…` are not.
 */
export function isGlued(text: string, from: number, to: number, name: string | undefined): boolean {
  // `code_400103_on_route`: the word before it says what it is.
  const isCalledCode = /(?:^|[^A-Za-z0-9])(?:code|error|err|erreur)[_-]$/i.test(
    text.slice(Math.max(0, from - 8), from),
  );
  return (
    gluedOnLeft(text, from, name) || (!(isCalledCode && /[_-]/.test(text[to] ?? '')) && gluedOnRight(text, to, name))
  );
}

function gluedOnLeft(text: string, from: number, name: string | undefined): boolean {
  const before = text.slice(Math.max(0, from - 60), from);
  const char = before.at(-1) ?? ' ';
  if (/[A-Za-z]/.test(char)) {
    const [, border = '', letters = ''] = /(^|[^A-Za-z])([A-Za-z]+)$/.exec(before) ?? [];
    return /[\d]/.test(border) || !(mayPrefixCode(letters) || sameName(letters, name));
  }
  if (/[@+^]/.test(char)) return true;
  const [, token = ''] = /([A-Za-z0-9]*)[^A-Za-z0-9]$/.exec(before) ?? [];
  if (token === '') return false;
  if (/^\d+$/.test(token)) {
    if (char === '.') return true;
    if (char === ':') return /\d\.\d+:$/.test(before);
    return /[-_/]/.test(char) && !/^[45]\d{5}$/.test(token);
  }
  if (!/[-_]/.test(char)) return char === '/' && isPathOfOthers(token);
  return !/^[A-Za-z]+$/.test(token) || !(mayPrefixCode(lastWord(token)) || sameName(token, name));
}

function gluedOnRight(text: string, to: number, name: string | undefined): boolean {
  const after = text.slice(to, to + 90);
  const letters = /^[A-Za-z]+/.exec(after)?.[0];
  if (letters !== undefined) {
    if (/^\d/.test(after.slice(letters.length))) return true;
    return !(
      /^(?:[sx]|svp|stp|pls|plz|please|thx|merci)$/i.test(letters) ||
      mayPrefixCode(letters) ||
      sameName(letters.slice(0, name?.length ?? 0), name)
    );
  }
  if (/^@|^\.\d/.test(after)) return true;
  if (fileName.test(after))
    return !/(?:iot-?hub|errors?|codes?)[/\\_-]$/i.test(text.slice(Math.max(0, to - 24), to - 6));
  const [, char = '', token = ''] = /^([-_/])([A-Za-z0-9]+)/.exec(after) ?? [];
  if (token === '') return false;
  if (/^\d+$/.test(token)) return !/^[45]\d{5}$/.test(token);
  return char !== '/' && !(/^[A-Za-z]{3,}$/.test(token) || sameName(token, name));
}

function sameName(letters: string, name: string | undefined): boolean {
  return name !== undefined && letters.toLowerCase() === name.toLowerCase();
}

function lastWord(token: string): string {
  return wordsOf(token).at(-1) ?? '';
}

function isPathOfOthers(token: string): boolean {
  return /^(?:devices?|orders?|issues?|pull|questions?|users?|items?|tickets?|commits?|builds?|jobs?|messages?|invoices?)$/i.test(
    token,
  );
}

/**
 * Whether the number stands in an address where it names a page, a record or a port. A code is accepted there as an
 * anchor (`#403006-…`), behind a key (`?code=404104`) and below a path that speaks of errors.
 */
export function isInsideAddress(text: string, from: number, to: number): boolean {
  const before = unbroken(text, from);
  const start = before.lastIndexOf('://');
  const path =
    start >= 0
      ? before.slice(start + 3)
      : /^(?:www\.|[a-z0-9-]+\.(?:com|net|org|io|fr|dev)\/)/i.test(before)
        ? before
        : undefined;
  if (path === undefined) return false;
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('#'), path.lastIndexOf('?'), path.lastIndexOf('&'));
  if (cut < 0) return true;
  if (path[cut] === '#' || /iothub$/i.test(path)) return false;
  const word = wordsOf(path[cut] === '/' ? path.slice(0, cut) : path.slice(cut)).at(-1) ?? '';
  const isOfErrors = mayPrefixCode(word) || /^(?:errors?|erreurs?|troubleshoot|codes?)$/.test(word);
  return !isOfErrors && !/^-[a-z]{6}/i.test(text.slice(to, to + 8));
}

/** The characters before a position, back to the last one that cannot stand in an address; at most 400. */
function unbroken(text: string, from: number): string {
  let start = from;
  while (start > 0 && from - start < 400 && !/[\s"'<>()[\]{}]/.test(text[start - 1] ?? ' ')) start--;
  return text.slice(start, from);
}
