import type { Evaluation, Numbers, Severity, Signal } from '../../detection/evaluation.ts';
import type { TagFault } from '../../detection/hub-tags.ts';
import type { Candidate, Confidence, EvidenceRow, Unavailable } from '../../diagnosis/diagnosis.ts';
import type { Capacity } from '../../hubs/capacity.ts';
import type { HubRef, Incident, IncidentEvent, Subject, Symptom } from '../../incidents/incident.ts';
import type { Note } from '../../notify/plan-delivery.ts';
import type { EpochMs, Span } from '../../time/time.ts';

export type Language = 'en' | 'fr';

/** Everything that Hubwatch says in one language. Numbers, dates and durations follow the language too. */
export interface Words {
  readonly language: Language;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly status: Readonly<Record<Incident['status'], string>>;
  readonly confidence: Readonly<Record<Confidence, string>>;
  signal(signal: Signal): string;
  /** The hub's name, or what the hubs have in common. */
  subject(subject: Subject): string;
  /** What is wrong since when, in one sentence. */
  problem(incident: Incident, now: EpochMs): string;
  /** How it ended, in one sentence. */
  ending(incident: Extract<Incident, { status: 'resolved' }>): string;
  /** The chart in words, for clients and people that cannot see it. */
  picture(evaluation: Evaluation): string;
  /** The title of a chart's time axis. */
  minutesBefore(at: EpochMs): string;
  hoursBefore(at: EpochMs): string;
  /** Why a candidate is on the card. */
  candidateReason(candidate: Candidate): string;
  /** What would confirm or refute it. */
  candidateCheck(candidate: Candidate): string;
  /** What to do about it, where that is not what the error's own steps say. */
  candidateSteps(candidate: Candidate): readonly string[] | undefined;
  evidenceRow(row: EvidenceRow): string;
  loudestDevice(device: string, count: number, share: number): string;
  logsWindow(window: Span, partial: boolean): string;
  logsEmpty(window: Span): string;
  /** What a larger hub would take; `undefined`: nothing to say. */
  capacity(found: Capacity, hub: HubRef): string | undefined;
  partOf(id: string): string;
  /** How many incidents the rules would have made of a hub's last days. */
  backtest(hub: string, days: number, incidents: number): string;
  episode(kind: string, metric: string, from: EpochMs, to: EpochMs | undefined): string;
  /** What else is wrong with the same hub, in one sentence. */
  symptom(symptom: Symptom): string;
  andMore(count: number): string;
  /** What one channel has of an incident, and why. */
  route(channel: string, action: string, reason: string, revision: number | undefined): string;
  event(event: IncidentEvent): string;
  readAgo(ageMs: number | undefined): string;
  unknownHub(name: string): string;
  recoveredAt(at: EpochMs): string;
  /** Why there is no evidence from logs, with the remedy. */
  logsUnavailable(why: Unavailable): string;
  note(note: Note, incident: Incident, now: EpochMs): string;
  /** The toast. */
  summary(incident: Incident, now: EpochMs): string;
  acknowledgedBy(name: string, at: EpochMs): string;
  silencedUntil(name: string, until: EpochMs): string;
  unknownIncident(id: string): string;
  familyOnly(code: string, family: string): string;
  welcome(where: 'channel' | 'group' | 'personal', alerts: boolean): string;
  statusSummary(counts: {
    readonly hubs: number;
    readonly off: number;
    readonly unknown: number;
    readonly incidents: number;
  }): string;
  hubState(state: 'fine' | 'incident' | 'unknown' | 'off', ageMs: number | undefined): string;
  /** Signals that a rules file or a tag has switched off. */
  notWatched(signals: readonly Signal[]): string;
  /** How much of a rate is used. */
  rate(numbers: Numbers): string;
  tagNotFollowed(fault: TagFault): string;
  page(from: number, to: number, of: number): string;
  number(value: number): string;
  percent(ratio: number): string;
  duration(ms: number): string;
  time(at: EpochMs): string;
  dateTime(at: EpochMs): string;
  readonly labels: Labels;
  readonly answer: AnswerWords;
}

export interface Labels {
  readonly likelyCause: string;
  readonly causeNotEstablished: string;
  readonly causes: string;
  readonly capacity: string;
  readonly evidence: string;
  readonly evidenceUnavailable: string;
  readonly openQuery: string;
  readonly allHubs: string;
  readonly stillInTrouble: string;
  readonly decision: string;
  readonly candidates: string;
  readonly notifications: string;
  readonly history: string;
  readonly noSilence: string;
  readonly notFolded: string;
  readonly noRoute: string;
  readonly unreadable: string;
  readonly otherRules: string;
  readonly offBy: string;
  readonly neverJudged: string;
  readonly notWatched: string;
  readonly verdict: string;
  readonly rule: string;
  readonly shippedRule: string;
  readonly lower: string;
  readonly upper: string;
  readonly ratio: string;
  readonly fireLevel: string;
  readonly clearLevel: string;
  readonly streak: string;
  readonly confidence: string;
  readonly dataAge: string;
  readonly alsoPossible: string;
  readonly nextSteps: string;
  readonly howToConfirm: string;
  readonly retry: string;
  readonly whoActs: string;
  readonly related: string;
  readonly began: string;
  readonly asOf: string;
  readonly hub: string;
  readonly region: string;
  readonly tier: string;
  readonly incident: string;
  readonly signal: string;
  readonly acknowledge: string;
  readonly silence: string;
  readonly explain: string;
  readonly showIncident: string;
  readonly details: string;
  readonly why: string;
  readonly portal: string;
  readonly documentation: string;
  readonly value: string;
  readonly expected: string;
  readonly limit: string;
  readonly noIncidents: string;
  readonly incidents: string;
  readonly hubs: string;
  readonly helpTitle: string;
  readonly help: readonly (readonly [command: string, meaning: string])[];
  readonly notUnderstood: string;
  readonly backtestRunning: string;
  readonly tryAgain: string;
  readonly notANumber: string;
  readonly more: string;
  readonly retryAdvice: Readonly<Record<'yes' | 'with-backoff' | 'after-fix' | 'no', string>>;
  readonly actors: Readonly<Record<'device' | 'backend' | 'operator' | 'azure', string>>;
  readonly subscribed: string;
  readonly unsubscribed: string;
  readonly languageSet: string;
}

/** What stands on the cards that explain an error. */
export interface AnswerWords {
  /** Above an answer that is only a guess. */
  readonly perhaps: string;
  readonly alsoMeant: string;
  several(count: number): string;
  readonly together: string;
  readonly happening: string;
  readonly notHappening: string;
  readonly noneHappening: string;
  /** `firing since 09:12 UTC · 2 incidents in 24 h · 1,200 errors` */
  happeningLine(line: {
    readonly firing: boolean;
    readonly at: EpochMs;
    readonly incidents: number;
    readonly errors: number | undefined;
  }): string;
  readonly queries: string;
  readonly metric: string;
  readonly logCategory: string;
  readonly exceptions: string;
  readonly onTheWire: string;
  readonly kind: string;
  readonly severity: string;
  readonly buckets: Readonly<Record<'domain' | 'dependency' | 'infrastructure', string>>;
  readonly about: string;
  readonly unknown: string;
  and(more: number): string;
}
