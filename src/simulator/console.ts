import type { Log } from '../app/log.ts';
import type { Scenario } from './scenario.ts';

/** The log of a local run as a person reads it: one line per evaluation, delivery and trouble. */
export function consoleLog(print: (line: string) => void): Log {
  return (event, fields) => {
    const text = line(event, fields);
    if (text !== undefined) print(text);
  };
}

function line(event: string, fields: Readonly<Record<string, unknown>>): string | undefined {
  const list = (name: string): readonly string[] => (Array.isArray(fields[name]) ? fields[name].map(String) : []);
  const say = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (event) {
    case 'tick':
      return list('decisions').length === 0 ? undefined : `${clock(fields['at'])}  ${list('decisions').join('; ')}`;
    case 'batch.evaluated': {
      const region = say('group').split(':')[1] ?? '';
      const breaches = list('breaches');
      const verdict =
        list('unread').length > 0
          ? `not read: ${list('unread').join('; ')}`
          : breaches.length === 0
            ? 'all normal'
            : breaches.join(', ');
      const decisions = list('decisions');
      return `${clock(fields['at'])}  ${region.padEnd(14)} ${say('hubs')} hubs  ${say('points')} points  ${verdict}${decisions.length === 0 ? '' : `  →  ${decisions.join('; ')}`}`;
    }
    case 'delivery.sent':
      return `       ${say('action')} ${say('incident')} revision ${say('revision')} to ${say('channel')} (${say('reason')})`;
    case 'delivery.none':
    case 'channel.subscription':
      return undefined;
    default: {
      const rest = Object.entries(fields)
        .filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        .map(([name, value]) => `${name}=${String(value)}`);
      return `       ${event} ${rest.join(' ')}`;
    }
  }
}

function clock(at: unknown): string {
  return typeof at === 'number' ? new Date(at).toISOString().slice(11, 16) : '     ';
}

/** What a newcomer needs to know, and no more. */
export function banner(options: {
  readonly url: string;
  readonly scenario: Scenario;
  readonly speed: number;
  readonly standIn: string | undefined;
  /** The simulated Azure of this run. */
  readonly azureUrl: string | undefined;
}): string {
  const { url, scenario, speed, standIn, azureUrl } = options;
  const about = scenario.about.trim().replace(/\s+/g, ' ');
  return [
    '',
    `  Hubwatch is running on this machine, with no Azure and no Teams.`,
    '',
    `  1. Open  ${url}`,
    standIn === undefined
      ? `  2. The scenario "${scenario.name}" begins as soon as the page is open, ${String(speed)} simulated ${speed === 1 ? 'minute' : 'minutes'} a second.`
      : `  2. Metrics come from ${standIn}, in real time.`,
    ...wrapped(about, 92).map((text) => `     ${text}`),
    `  3. In the page: press the buttons of the card, or type  help · status · incidents · explain 429001`,
    ...(azureUrl === undefined
      ? []
      : [
          `  4. In another terminal:  npm run --silent hubwatch -- backtest --hub ${scenario.hubs[0]?.name ?? 'NAME'} --standin ${azureUrl}`,
        ]),
    '',
    `  Other scenarios: npm start -- --list        Stop: Ctrl-C`,
    '',
  ].join('\n');
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + word.length + 1 > width) {
      lines.push(current);
      current = '';
    }
    current = current === '' ? word : `${current} ${word}`;
  }
  return current === '' ? lines : [...lines, current];
}
