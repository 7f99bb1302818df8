import { limitFault, syntaxFault } from './fault.ts';

const maxPattern = 500;

/**
 * A regular expression of Kusto as one of JavaScript. Kusto has no look-around and no back-references, so they are
 * refused; so are the classes that only Kusto has, and the repetition of a group that itself repeats or chooses, which
 * might not end here although it does there.
 */
export function compileRegex(pattern: string, at: number): RegExp {
  if (pattern.length > maxPattern)
    throw limitFault(at, `A regular expression is longer than ${maxPattern} characters.`);
  const refused = (what: string): Error => syntaxFault(at, `The regular expression has ${what}.`);
  if (/\(\?(?:[=!]|<[=!])/.test(pattern)) throw refused('a look-around, which Kusto does not know');
  if (/\[\[|&&|--|~~|\[:/.test(pattern)) throw refused('a character class that the stand-in does not know');
  const escape = /\\([^bBdDsSwWnrtfv.\\/|()[\]{}^$*+?\-"'#&,:;<=>@_`~!%\s])/.exec(pattern.replaceAll('\\\\', ''));
  if (escape) throw refused(`the escape \\${escape[1] ?? ''}, which the stand-in does not know`);
  if (repeatsRepetition(pattern)) throw refused('a repeated group that itself repeats or chooses');
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  try {
    return new RegExp(pattern.slice(flags?.[0].length ?? 0), [...new Set(flags?.[1])].join(''));
  } catch (error) {
    throw refused(`a fault: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Whether a group that holds `*`, `+`, `{` or `|` is itself repeated without end. */
function repeatsRepetition(pattern: string): boolean {
  const open: boolean[] = [];
  let repeats = false;
  for (let i = 0; i < pattern.length; i++) {
    const sign = pattern[i];
    if (sign === '\\') i++;
    else if (sign === '[') {
      while (i < pattern.length && pattern[i] !== ']') i += pattern[i] === '\\' ? 2 : 1;
    } else if (sign === '(') {
      open.push(repeats);
      repeats = false;
    } else if (sign === ')') {
      const inner: boolean = repeats;
      if (inner && /^(?:[*+]|\{\d*,\d*\}|\{\d{2,})/.test(pattern.slice(i + 1))) return true;
      repeats = inner || (open.pop() ?? false);
    } else if (sign === '*' || sign === '+' || sign === '{' || (sign === '|' && open.length > 0)) repeats = true;
  }
  return false;
}
