import { entries } from '../catalog.ts';
import { editDistance } from './edit-distance.ts';
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
  /** `name` in lower case, letters and digits only; suffixes such as `Exception` and prefixes such as `IotHub` may vary. */
  exact(name: string): NameTarget | undefined;
  /** The one target that `name` is a misspelling of. Only targets of kind `code` and `sdk`. */
  near(name: string): { readonly target: NameTarget; readonly distance: number } | undefined;
  /** The code's name that a row of words begins with, each word perhaps misspelt, and how many words it takes. */
  spelt(words: readonly string[]): { readonly target: NameTarget; readonly count: number } | undefined;
  /** `THROTTLED`: spelt exactly so. */
  constant(name: string): NameTarget | undefined;
  /** `amqp:not-found`, `com.microsoft:device-not-found`. */
  condition(name: string): NameTarget | undefined;
}

let built: NameIndex | undefined;

export function nameIndex(): NameIndex {
  built ??= build();
  return built;
}

/** Letters and digits of a name, in lower case. */
export function compact(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
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

  const inWords = entries.flatMap((entry) => {
    const words = wordsOfName(entry.name);
    const target = targets.get(compact(entry.name));
    return target && words.length > 1 ? [{ words, target }] : [];
  });

  function spelt([first, second, ...rest]: readonly string[]): ReturnType<NameIndex['spelt']> {
    // The product's name is one word in names, and two in prose.
    const joined = first === 'iot' && second === 'hub';
    const words = joined ? ['iothub', ...rest] : [first ?? '', ...(second === undefined ? [] : [second]), ...rest];
    const fits = inWords.filter((name) => name.words.every((word, i) => isSpelt(words[i] ?? '', word)));
    const longest = fits.sort((a, b) => b.words.length - a.words.length)[0];
    return longest && { target: longest.target, count: longest.words.length + Number(joined) };
  }

  const spellings = [...targets.keys()].filter((name) => name.length >= 9);
  const byTrigram = new Map<string, number[]>();
  spellings.forEach((name, i) => {
    for (const trigram of trigrams(name)) {
      const list = byTrigram.get(trigram);
      if (list) list.push(i);
      else byTrigram.set(trigram, [i]);
    }
  });

  const beginnings = new Set([...targets.keys()].map(beginningOf));

  function exact(name: string): NameTarget | undefined {
    // Most words of a text begin like no name at all.
    if (!beginnings.has(beginningOf(name)) && !prefixes.some((prefix) => name.startsWith(prefix))) return undefined;
    for (const form of variants(name)) {
      const target = targets.get(form);
      if (target) return target;
    }
    return undefined;
  }

  function near(name: string): ReturnType<NameIndex['near']> {
    const limit = allowedTypos(name.length);
    if (limit === 0) return undefined;
    const shared = new Uint16Array(spellings.length);
    for (const trigram of trigrams(name))
      for (const i of byTrigram.get(trigram) ?? []) shared[i] = (shared[i] ?? 0) + 1;
    // One typo touches at most four trigrams.
    const least = Math.max(2, name.length - 2 - 4 * limit);
    let best: { readonly target: NameTarget; readonly distance: number } | undefined;
    let tied = false;
    for (const [i, count] of shared.entries()) {
      const spelling = spellings[i] ?? '';
      if (count < least || Math.abs(spelling.length - name.length) > limit) continue;
      const distance = editDistance(name, spelling, limit);
      if (distance > limit || (best && distance > best.distance)) continue;
      const target = targets.get(spelling);
      if (!target) continue;
      tied = best?.distance === distance && best.target.keys[0] !== target.keys[0];
      best = { target, distance };
    }
    return tied || best?.target.kind === 'none' ? undefined : best;
  }

  return {
    exact,
    near: (name) => {
      for (const form of variants(name)) {
        const target = near(form);
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
  if (said === word) return true;
  const limit = word.length < 5 ? 0 : word.length < 9 ? 1 : 2;
  return limit > 0 && said[0] === word[0] && editDistance(said, word, limit) <= limit;
}

const prefixes = ['iothub', 'azureiot', 'err'];

function beginningOf(name: string): string {
  return name.slice(0, 5);
}

function variants(name: string): string[] {
  const forms = [name];
  const bare = name.replace(/(?:exceptions?|errors?|errorcode)$/, '');
  if (bare !== name && bare.length >= 8) forms.push(bare);
  for (const form of [...forms]) {
    const rest = form.replace(/^(?:iothubservice|iothubclient|iothub|azureiot|err|error)(?=.{8})/, '');
    if (rest !== form) forms.push(rest);
  }
  if (name.endsWith('s')) forms.push(name.slice(0, -1));
  return forms;
}

function allowedTypos(length: number): number {
  return length < 9 ? 0 : length < 12 ? 1 : length < 18 ? 2 : length < 25 ? 3 : 4;
}

function* trigrams(name: string): Generator<string> {
  for (let i = 0; i + 3 <= name.length; i++) yield name.slice(i, i + 3);
}
