import { tagFaults } from '../detection/hub-tags.ts';
import { ruleNames } from '../detection/resolve-rules.ts';
import { logSignals } from '../diagnosis/log-watch.ts';
import type { Hub } from '../hubs/hub.ts';
import type { Deps } from './deps.ts';

/** Tells in the log what a hub's tags say that cannot be followed: once, and again when they say something else. */
export function tellTagFaults(deps: Pick<Deps, 'policies' | 'log'>, hub: Hub, before: Hub | undefined): void {
  const known = [...ruleNames(deps.policies.rules), ...logSignals];
  const faults = tagFaults(hub.tags, known);
  if (faults.length === 0 || faults.join() === tagFaults(before?.tags ?? {}, known).join()) return;
  deps.log('tags.not-followed', { hub: hub.name, faults });
}
