import type { Candidate, Diagnosis, EvidenceRow, LogEvidence } from './diagnosis.ts';
import { hypotheses, type Weighed } from './hypotheses.ts';
import { hasRisen, logFacts, statusOf, type LogFacts } from './log-facts.ts';
import { inScope } from './scope.ts';
import type { LogReading, Situation } from './situation.ts';

/** An incident remembers this many candidates and rows. */
const maxCandidates = 5;
const maxRows = 12;

/**
 * The error families that may explain an incident, best first, each with its reason, from what was measured around it.
 * No certainty without evidence: what no row shows is at most likely.
 */
export function diagnose(situation: Situation): Diagnosis {
  const facts = situation.logs.state === 'read' ? logFacts(situation.logs.inspection) : undefined;
  const behind = facts && inScope(facts, situation.evaluation);
  const weighed = hypotheses
    .flatMap((hypothesis) => hypothesis({ ...situation, facts: behind }))
    .toSorted((a, b) => b.rank - a.rank);
  const candidates = unique(weighed).slice(0, maxCandidates);
  const [best] = weighed;
  return {
    candidates: candidates.map(({ rank: _rank, rows: _rows, ...candidate }): Candidate => candidate),
    logs: logEvidence(situation.logs, facts, best),
    rows: weighed.flatMap(({ rows = [] }) => rows).slice(0, 3),
  };
}

/** Of two candidates for the same code (or family, if none is named) the better one stays; suspects go once something is shown. */
function unique(weighed: readonly Weighed[]): readonly Weighed[] {
  const seen = new Set<string>();
  const shown = weighed.some(({ confidence }) => confidence === 'established');
  return weighed.filter((each) => {
    const name = each.code ?? each.family;
    if (seen.has(name) || (shown && isSuspect(each))) return false;
    seen.add(name);
    return true;
  });
}

function isSuspect({ reason }: Candidate): boolean {
  return reason.startsWith('look-at-') || reason === 'rule-names-family';
}

function logEvidence(logs: LogReading, facts: LogFacts | undefined, best: Weighed | undefined): LogEvidence {
  if (logs.state !== 'read') return logs;
  const { window, readAt } = logs;
  if (!facts || (facts.codes.size === 0 && facts.connects.count === 0 && facts.connects.before === 0))
    return { state: 'empty', window, readAt };
  const about = (code: string): number =>
    best && (best.code === code || best.family.startsWith(statusOf(code))) ? 1 : 0;
  const rows = [...facts.codes.values()]
    .toSorted((a, b) => about(b.code) - about(a.code) || Number(hasRisen(b)) - Number(hasRisen(a)) || b.count - a.count)
    .slice(0, maxRows)
    .map((code): EvidenceRow => ({
      source: 'log',
      code: code.code,
      where: code.categories[0] ?? '',
      count: code.count,
      countBefore: code.before,
      devices: code.devices,
      firstAt: code.firstAt,
      lastAt: code.lastAt,
    }));
  return {
    state: 'found',
    window,
    readAt,
    rows,
    loudest: (best ? (facts.loudest.get(statusOf(best.code ?? best.family)) ?? []) : []).slice(0, 3),
    sdks: facts.sdks,
    partial: facts.partial,
  };
}
