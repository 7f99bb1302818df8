import table from './mqtt-codes.json' with { type: 'json' };

/** A return or reason code of MQTT in a text, as the key of the subject that it means at IoT Hub. */
export interface MqttMention {
  readonly at: number;
  readonly end: number;
  readonly key: string;
}

const spoken = /(?<![A-Za-z])(?:mqtt|mosquitto|paho|connack|broker|pubsubclient|hivemq|aedes)/i;
const returned =
  /\b(?:connack|rc|conn_?rc|(?:connect|disconnect|return|reason|result|connack|connection)[ _-]?(?:return |reason )?code(?: is| was| of)?|returncode|reasoncode|code de retour|code retour|state|connack code)["']?\s{0,2}[:=]?\s{0,2}["'(]?(0x[0-9a-f]{1,2}|\d{1,3})(?![\w.])/gi;
/** `connect returns code 5` speaks of MQTT whether it says so or not. */
const refusal = /\bconn(?:ect|ack)\w*\b[^.\n\d]{0,30}\bcode[ :=]{0,3}([1-5])(?![\w.])/i;
const phrases = Object.entries(table.words).map(([words, key]) => [new RegExp(words, 'i'), key] as const);

/** The MQTT codes in a readable text that speaks of MQTT, in order of appearance. */
export function findMqttCodes(text: string): readonly MqttMention[] {
  const head = text.slice(0, 20_000);
  const found: MqttMention[] = [];
  const refused = refusal.exec(head);
  const meant = lookUp(table.connack, refused?.[1] ?? '');
  if (refused && meant !== undefined)
    found.push({ at: refused.index, end: refused.index + refused[0].length, key: meant });
  if (!spoken.test(head)) return found;
  for (const match of head.matchAll(returned)) {
    const number = String(Number(match[1] ?? ''));
    const lost = /\b(?:disconnect\w*|connection lost|conn_lost|deconnect\w*|perdue?)\b/i.test(
      head.slice(Math.max(0, match.index - 40), match.index + match[0].length + 20),
    );
    const key =
      lost && /^(?:1|7|16)$/.test(number)
        ? '404104'
        : (lookUp(table.connack, number) ?? (number.length === 3 ? lookUp(table.reason, number) : undefined));
    if (key !== undefined) found.push({ at: match.index, end: match.index + match[0].length, key });
  }
  for (const [pattern, key] of phrases) {
    const match = pattern.exec(head);
    if (match) found.push({ at: match.index, end: match.index + match[0].length, key });
  }
  return found.sort((a, b) => a.at - b.at);
}

function lookUp(codes: Readonly<Record<string, string>>, number: string): string | undefined {
  return Object.hasOwn(codes, number) ? codes[number] : undefined;
}
