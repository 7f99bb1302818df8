/** What one device of a log went through. */
export interface Flow {
  /** Codes of the log, in order; each where it comes first and where it comes last. */
  readonly codes: readonly string[];
  /** Whether a connect follows the last of the codes. */
  readonly back: boolean;
}

/** The flows of a log, and whether its lines tell one device from another. */
export interface Flows {
  readonly flows: readonly Flow[];
  /** Without names of devices the whole text is one flow. */
  readonly named: boolean;
}

/** A place in the text where a code is named, in whatever dress. */
export interface CodePlace {
  readonly at: number;
  readonly code: string;
}

/** Lines of a log that are looked at. */
const maxLines = 2_000;

const labelled =
  /\b(?:device(?:[ _-]?(?:id|name))?|appareil|client[ _-]?id)["']{0,2}(?:\s?[:=]\s?["'([]{0,2}([\w.-]{1,128})| ["'([]?((?=[A-Za-z_.-]*\d)[A-Za-z][\w.-]{1,127}))/i;
const numbered = /(?<![\w.-])(?!(?:err|error|code|http|utc|sha|iso|utf)[-_])[a-z]{2,24}[-_]\d{1,6}(?![\w.-])/i;
const connects =
  /\b(?:device ?connect(?:ed)?|re-?connect(?:ed|s|ion)?|connected|connects|back online|(?:re)?connectee?s?|(?:re)?connexion)\b/i;
const unsuccessful =
  /\b(?:not|never|no|cannot|can't|without|fail(?:ed|s|ure)?|refused|error|lost|closed|pas|jamais|sans|echec|perdue?|dis-?connect\w*|deconn\w*)\b/i;

/** Tells the devices of a log, as readable text, apart. `places` are all the places where one of its codes stands. */
export function flowsOf(text: string, places: readonly CodePlace[]): Flows {
  const byDevice = new Map<string, { codes: string[]; back: boolean }>();
  const devices = new Set<string>();
  let nameless = false;
  let from = 0;
  let next = 0;
  const sorted = places.toSorted((a, b) => a.at - b.at);
  const lines = text.split('\n', maxLines);
  for (const line of lines) {
    const to = from + line.length;
    const codes: CodePlace[] = [];
    for (let place = sorted[next]; place && place.at <= to; place = sorted[++next]) codes.push(place);
    const device = deviceOf(line, lines.length > 1);
    if (device !== undefined) devices.add(device);
    else if (codes.length > 0) nameless = true;
    const flow = byDevice.get(device ?? '') ?? { codes: [], back: false };
    byDevice.set(device ?? '', flow);
    if (codes.length > 0) {
      flow.codes.push(...codes.map(({ code }) => code));
      flow.back = isConnect(line.slice((codes.at(-1)?.at ?? 0) - from));
    } else if (flow.codes.length > 0 && isConnect(line)) flow.back = true;
    from = to + 1;
  }
  const flows = [...byDevice.values()]
    .filter(({ codes }) => codes.length > 0)
    .map(({ codes, back }) => ({ codes: outline(codes), back }));
  if (devices.size > 0 && !nameless) return { flows, named: true };
  const last = text.slice(sorted.at(-1)?.at ?? 0);
  return {
    flows: [{ codes: outline(sorted.map(({ code }) => code)), back: last.split('\n', 20).some(isConnect) }],
    named: false,
  };
}

/** Each code where it comes first and where it comes last: what comes in between tells nothing new about the order. */
export function outline(codes: readonly string[]): readonly string[] {
  const places = new Map<string, { readonly first: number; last: number }>();
  for (const [i, code] of codes.entries()) {
    const known = places.get(code);
    if (known) known.last = i;
    else places.set(code, { first: i, last: i });
  }
  const kept = new Set([...places.values()].flatMap(({ first, last }) => [first, last]));
  return [...kept].sort((a, b) => a - b).map((i) => codes[i] ?? '');
}

function deviceOf(line: string, isLog: boolean): string | undefined {
  const match = labelled.exec(line.slice(0, 2_000));
  const name = match?.[1] ?? match?.[2] ?? (isLog ? numbered.exec(line.slice(0, 2_000))?.[0] : undefined);
  return name?.toLowerCase();
}

function isConnect(line: string): boolean {
  const head = line.slice(0, 2_000);
  return connects.test(head) && !unsuccessful.test(head);
}
