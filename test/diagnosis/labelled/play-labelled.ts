import { shippedMetricRules } from '../../../src/detection/shipped-rules.ts';
import { cause, type Candidate, type EvidenceRow } from '../../../src/diagnosis/diagnosis.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { playScenario } from '../../../src/simulator/play-scenario.ts';
import type { Labelled } from './scenario-set.ts';

export interface Outcome {
  readonly labelled: Labelled;
  /** What the cards named, in order of opening. */
  readonly named: readonly string[];
  /** Labels for which there is no card at all, and cards for which there is no label. */
  readonly missed: number;
  readonly unexpected: number;
  /** Every label has a card that names its family first. */
  readonly right: boolean;
  /** The same for the code, where the label is one. */
  readonly codeRight: boolean;
  /** Established or likely candidates that no row of evidence shows. */
  readonly unfounded: readonly string[];
}

const onlyDetectors = Object.fromEntries(Object.keys(shippedMetricRules).map((name) => [name, { enabled: false }]));

/** Plays a labelled scenario through the real Azure clients, and compares the causes that its cards name. */
export async function playLabelled(labelled: Labelled): Promise<Outcome> {
  const rules = { version: 1, ...(labelled.otherMetrics ? {} : { rules: { metrics: onlyDetectors } }) } as const;
  const play = await playScenario(labelled.scenario, { policies: { rules } });
  try {
    await play.playTo();
    return judged(labelled, await play.incidents());
  } finally {
    await play.close();
  }
}

function judged(labelled: Labelled, incidents: readonly Incident[]): Outcome {
  const cards = incidents.filter(({ foldedInto, grouping }) => !foldedInto && grouping !== 'waiting');
  const left = cards.map(({ diagnosis }) => cause(diagnosis)).map((best) => best?.code ?? best?.family ?? 'none');
  const named = cards.map(({ signal }, i) => `${signal}: ${left[i] ?? ''}`);
  let right = true;
  let codeRight = true;
  let wrong = 0;
  for (const causes of labelled.label) {
    const exact = left.findIndex((name) => causes.includes(name));
    const found =
      exact >= 0 ? exact : left.findIndex((name) => causes.some((each) => familyOf(each) === familyOf(name)));
    if (found < 0 && causes.includes('quiet')) continue;
    right &&= found >= 0;
    codeRight &&= found >= 0 && (exact >= 0 || causes.some((each) => each.endsWith('xxx')));
    if (found >= 0) left.splice(found, 1);
    else wrong++;
  }
  // A card that names something else was not missed, it was mistaken.
  const mistaken = Math.min(wrong, left.length);
  return {
    labelled,
    named,
    missed: wrong - mistaken,
    unexpected: left.length - mistaken,
    right: right && (labelled.label.length > 0 || left.length === 0),
    codeRight,
    unfounded: incidents.flatMap(unfounded),
  };
}

function familyOf(name: string): string {
  return name.slice(0, 3);
}

function unfounded({ diagnosis }: Incident): readonly string[] {
  const logs = diagnosis.logs.state === 'found' ? diagnosis.logs.rows : [];
  const shows = (candidate: Candidate, row: EvidenceRow): boolean =>
    row.count > 0 && (row.code === '' || familyOf(row.code) === familyOf(candidate.family));
  return diagnosis.candidates
    .filter(({ confidence }) => confidence !== 'possible')
    .filter((candidate) => ![...diagnosis.rows, ...logs].some((row) => shows(candidate, row)))
    .map(({ family, code, reason }) => `${code ?? family} (${reason})`);
}
