import type { Evaluation } from '../detection/evaluation.ts';
import type { EpochMs } from '../time/time.ts';
import { diagnose } from './diagnose.ts';
import { cause, type Diagnosis } from './diagnosis.ts';
import type { Situation } from './situation.ts';

/** What a tick knows of a hub besides the breach itself. */
export type Surroundings = Pick<Situation, 'others' | 'hubState'>;

/** What the metrics alone say; logs and health follow when the incident is looked into. */
export function diagnoseByMetrics(evaluation: Evaluation, around: Surroundings, now: EpochMs): Diagnosis {
  return diagnose({
    ...around,
    evaluation,
    beganAt: evaluation.sinceAt ?? now,
    logs: { state: 'not-asked' },
    health: undefined,
    now,
  });
}

/**
 * The diagnosis of an incident whose breach was evaluated again. It stays as it is, with its evidence, unless the
 * metric now tells another story than before: attempts above the rate have become refused sends, a forecast of the
 * quota has come true. `changed` then asks for another look at logs and health; until then a cause that only the
 * metric's old story spoke for, or that is the same error, gives way to the new one.
 */
export function diagnoseAgain(
  known: Diagnosis,
  before: Evaluation,
  after: Evaluation,
  around: Surroundings,
  now: EpochMs,
): { readonly diagnosis: Diagnosis; readonly changed: boolean } {
  const old = cause(diagnoseByMetrics(before, around, now));
  const told = diagnoseByMetrics(after, around, now);
  if (old?.reason === cause(told)?.reason) return { diagnosis: known, changed: false };
  const [current, next] = [cause(known), cause(told)];
  const outdated = current === undefined || current.reason === old?.reason || current.code === next?.code;
  return { diagnosis: outdated ? { ...told, logs: known.logs } : known, changed: true };
}
