import type { Evaluation } from '../detection/evaluation.ts';
import type { CodeFacts, LogFacts } from './log-facts.ts';
import { familyOfMetric } from './metric-families.ts';

/** Categories of what back ends do with the hub: nothing in them closes a device's connection. */
const backEnd =
  /^(?:C2DTwinOperations|TwinQueries|JobsOperations|DeviceIdentityOperations|Routes|C2DCommands|DirectMethods|FileUploadOperations|Configurations|DistributedTracing|DeviceStreams)$/i;
/** Errors that say what became of devices, the quota or the hub, wherever they are logged. */
const wherever = /^(?:403001|403002|403012|404001|404012|50[023]|504000)/;
/** Faults in these categories are about endpoints and jobs, not about the hub. */
const elsewhere = /^(?:Routes|JobsOperations|FileUploadOperations|Configurations)$/i;

/** Which codes can be the root of what a signal shows; of what is not in the list, any that can close connections. */
const roots: readonly (readonly [signal: RegExp, codes: RegExp])[] = [
  [/^(?:throttling|logs-429)$/, /^(?:429|403002|50[0234])/],
  [/^(?:twin-reads|twin-updates|twin-queries|direct-methods)$/, /^(?:429|403002)/],
  [/^(?:quota|logs-403002)$/, /^403002/],
  [/^logs-403004$/, /^40300[47]/],
  [/^logs-401$/, /^(?:401|403002|50[0234])/],
  [/^logs-504101$/, /^504101/],
  [/^logs-500$/, /^(?:50[0234]|429)/],
  [/^(?:no-data|visibility)$/, /^[45]/],
];

/**
 * The codes of the logs that may stand behind a signal. An error that has risen at the same time in another part of the
 * hub is another trouble: a full routing endpoint refuses no sends, and a time-out of a method drops no connection.
 */
export function inScope(facts: LogFacts, { signal, metric }: Pick<Evaluation, 'signal' | 'metric'>): LogFacts {
  const codes = roots.find(([signals]) => signals.test(signal))?.[1];
  const family = familyOfMetric(metric);
  const concerns = ({ code, categories }: CodeFacts): boolean =>
    codes
      ? codes.test(code)
      : family
        ? categories.some((category) => family.categories.test(category)) || /^(?:403002|50[03])/.test(code)
        : closesConnections(code, categories);
  return { ...facts, codes: new Map([...facts.codes].filter(([, each]) => concerns(each))) };
}

function closesConnections(code: string, categories: readonly string[]): boolean {
  if (/^50/.test(code) && categories.every((category) => elsewhere.test(category))) return false;
  return wherever.test(code) || categories.some((category) => !backEnd.test(category));
}
