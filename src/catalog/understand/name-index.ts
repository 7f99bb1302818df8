import { entries } from '../catalog.ts';
import { editDistance } from './edit-distance.ts';
import { misspeltAmong, type Comparisons, type Near } from './misspelt.ts';
import sdk from './sdk-names.json' with { type: 'json' };

/** What a name stands for. */
export interface NameTarget {
  /** The name's letters in lower case. */
  readonly name: string;
  /** `code`: a code's own name. `sdk`: an exception, constant or condition. `none`: known to say nothing by itself. */
  readonly kind: 'code' | 'sdk' | 'none';
  /** Keys of subjects, best guess first. */
  readonly keys: readonly string[];
}

/** Finds what a name stands for. Built once, when the first text is understood. */
export interface NameIndex {
  /** Whether a name may begin as the word at `at` does; quick, so that most words of a long text need no other look. */
  mayBegin(text: string, at: number): boolean;
  /** `name` in lower case, letters and digits only; suffixes such as `Exception` and prefixes such as `IotHub` may vary. */
  exact(name: string): NameTarget | undefined;
  /** The one target that `name` is a misspelling of. Only targets of kind `code` and `sdk`. */
  near(name: string, comparisons: Comparisons): NameTarget | undefined;
  /** The code's name that a row of words begins with, each word perhaps misspelt, and how many words it takes. */
  spelt(words: readonly string[]): { readonly target: NameTarget; readonly count: number } | undefined;
  /** `THROTTLED`: spelt exactly so. */
  constant(name: string): NameTarget | undefined;
  /** `amqp:not-found`, `com.microsoft:device-not-found`. */
  condition(name: string): NameTarget | undefined;
  /** An AMQP condition without its prefix, in a text that speaks of AMQP: `not-found`. */
  readonly bareCondition: RegExp;
}

let built: NameIndex | undefined;

export function nameIndex(): NameIndex {
  built ??= build();
  return built;
}

/** Letters and digits of a name, in lower case. */
export function compact(name: string): string {
  const lower = name.toLowerCase();
  return /[^a-z0-9]/.test(lower) ? lower.replace(/[^a-z0-9]/g, '') : lower;
}

function build(): NameIndex {
  const targets = new Map<string, NameTarget>();
  const add = (name: string, kind: NameTarget['kind'], keys: readonly string[]): void => {
    const short = compact(name);
    const known = targets.get(short);
    if (known && known.kind !== kind) return;
    targets.set(short, { name: short, kind, keys: [...new Set([...(known?.keys ?? []), ...keys])] });
  };
  // The code 404102 is in the table only; logs and SDKs say 404103 for the same name, so that one comes first.
  for (const entry of entries.toSorted((a, b) => Number(b.code === '404103') - Number(a.code === '404103')))
    for (const name of [entry.name, ...(entry.aliases ?? [])]) add(name, 'code', [entry.code]);
  for (const name of sdk.meaningless.split(' ')) add(name, 'none', []);
  const known: Readonly<Record<string, string>> = sdk.names;
  for (const [names, keys] of Object.entries(known))
    for (const name of names.split(' ')) add(name, 'sdk', keys.split(' '));
  const curated = new Set(targets.keys());
  for (const { code, exceptions } of entries)
    for (const name of Object.values(exceptions).flatMap((names) => names ?? []))
      if (!curated.has(compact(name)) && !Object.hasOwn(sdk.constants, name)) add(name, 'sdk', [code]);

  const conditions = new Map<string, NameTarget>();
  const addCondition = (name: string, keys: readonly string[]): void => {
    if (!conditions.has(name)) conditions.set(name, { name, kind: 'sdk', keys });
  };
  for (const [name, keys] of Object.entries(sdk.conditions)) addCondition(name, keys.split(' '));
  for (const { code, faces } of entries) for (const name of faces.amqp ?? []) addCondition(name, [code]);
  const constants = new Map(
    Object.entries(sdk.constants).map(([name, keys]) => [name, { name, kind: 'sdk', keys: keys.split(' ') } as const]),
  );

  const inWords = new Map<string, { readonly words: readonly string[]; readonly target: NameTarget }[]>();
  for (const { name } of entries) {
    const words = wordsOfName(name);
    const target = targets.get(compact(name));
    const letter = name.charAt(0).toLowerCase();
    if (target && words.length > 1) inWords.set(letter, [...(inWords.get(letter) ?? []), { words, target }]);
  }

  function spelt([first = '', second, ...rest]: readonly string[]): ReturnType<NameIndex['spelt']> {
    // The product's name is one word in names, and two in prose.
    const joined = first === 'iot' && second === 'hub';
    const words = joined ? ['iothub', ...rest] : [first, ...(second === undefined ? [] : [second]), ...rest];
    const alike = inWords.get(first.charAt(0)) ?? [];
    const fits = alike.filter((name) => name.words.every((word, i) => isSpelt(words[i] ?? '', word)));
    const longest = fits.sort((a, b) => b.words.length - a.words.length)[0];
    return longest && { target: longest.target, count: longest.words.length + Number(joined) };
  }

  const nearest = misspeltAmong([...targets.keys()].filter((name) => name.length >= 9));
  const beginnings = new Set(
    [...targets.keys(), ...[...constants.keys()].map(compact), ...prefixes].map((name) => beginningAt(name, 0)),
  );

  function exact(name: string): NameTarget | undefined {
    // Most words of a text begin like no name at all.
    if (!mayBegin(name, 0)) return undefined;
    for (const form of variants(name)) {
      const target = targets.get(form);
      if (target) return target;
    }
    return undefined;
  }

  function mayBegin(text: string, at: number): boolean {
    const beginning = beginningAt(text, at);
    return beginnings.has(beginning) || beginning >> 12 === errs;
  }

  /** Of several that are as near, the last one, unless the one before it is another error. */
  function near(name: string, comparisons: Comparisons): NameTarget | undefined {
    const targetOf = ({ spelling }: Near): NameTarget | undefined => targets.get(spelling);
    const [one, other] = nearest(name, comparisons).slice(-2).map(targetOf).toReversed();
    return (other && other.keys[0] !== one?.keys[0]) || one?.kind === 'none' ? undefined : one;
  }

  const bare = [...conditions.keys()].flatMap((name) => /^amqp:(?:link:)?([a-z]+(?:-[a-z]+)+)$/.exec(name)?.[1] ?? []);

  return {
    exact,
    bareCondition: new RegExp(String.raw`(?<![\w:-])(?:${[...new Set(bare)].join('|')})(?![\w-])`, 'g'),
    mayBegin,
    near: (name, comparisons) => {
      for (const form of variants(name)) {
        const target = near(form, comparisons);
        if (target) return target;
      }
      return undefined;
    },
    spelt,
    constant: (name) => constants.get(name),
    condition: (name) =>
      conditions.get(name) ?? (name.startsWith('com.microsoft:') ? exact(compact(name.slice(14))) : undefined),
  };
}

/** `IotHub` and `PnP` are one word. */
function wordsOfName(name: string): readonly string[] {
  return name
    .replace(/^IotHub/, 'Iothub')
    .replace('PnP', 'Pnp')
    .split(/(?=[A-Z])/)
    .map((word) => word.toLowerCase());
}

/** Short words must be right; longer ones may have a typo or two. */
function isSpelt(said: string, word: string): boolean {
  // "Message to large" is how many write it.
  if (said === word || (word === 'too' && said === 'to')) return true;
  const limit = word.length < 5 ? 0 : word.length < 9 ? 1 : 2;
  return limit > 0 && said[0] === word[0] && editDistance(said, word, limit) <= limit;
}

const prefixes = ['iothubservice', 'iothubclient', 'iothub', 'azureiot', 'err'];
const suffixes = ['exceptions', 'exception', 'errorcode', 'errors', 'error'];

const lettersOfBeginning = 5;

/** The first letters and digits of the word at `at`, in lower case, as one number; fewer where it ends before. */
function beginningAt(text: string, at: number): number {
  let beginning = 0;
  for (let i = at, letters = 0; letters < lettersOfBeginning && i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x5f || char === 0x2d) continue;
    const isDigit = char >= 0x30 && char <= 0x39;
    const letter = char | 0x20;
    if (!isDigit && (letter < 0x61 || letter > 0x7a)) break;
    beginning = (beginning << 6) | (isDigit ? char : letter & 0x1f);
    letters++;
  }
  return beginning;
}

/** `err`, whatever comes after it. */
const errs = beginningAt('err', 0);

/** A name, and what it may be without its prefix, its suffix or an s. */
function variants(name: string): string[] {
  const forms = [name];
  const suffix = suffixes.find((end) => name.endsWith(end));
  if (suffix !== undefined && name.length - suffix.length >= 8) forms.push(name.slice(0, -suffix.length));
  for (const form of [...forms]) {
    const prefix = prefixes.find((start) => form.startsWith(start) && form.length >= start.length + 8);
    if (prefix !== undefined) forms.push(form.slice(prefix.length));
  }
  if (name.endsWith('s')) forms.push(name.slice(0, -1));
  return forms;
}
