import { severityOf, type Incident, type Subject } from '../../incidents/incident.ts';
import type { EpochMs } from '../../time/time.ts';
import { clean } from '../clean.ts';
import { formats, sameDay } from './format.ts';
import { fromRuleName } from './problem.ts';
import { problemEn, rateEn, signalEn } from './problem-en.ts';
import { reasonsEn, unavailableEn } from './reasons-en.ts';
import type { Words } from './words.ts';

const { number, percent, time, dateTime, duration } = formats('en-GB', { d: 'd', h: 'h', min: 'min', s: 's' });

function when(at: EpochMs, now: EpochMs): string {
  return sameDay(at, now) ? time(at) : dateTime(at);
}

/** `since 09:12 UTC (8 min)` */
function since(incident: Incident, now: EpochMs): string {
  const end = incident.status === 'resolved' ? incident.resolvedAt : now;
  return `since ${when(incident.beganAt, now)} (${duration(end - incident.beganAt)})`;
}

/** The worst of what an incident shows: its own figures, or a symptom's. */
function worst(incident: Incident): string {
  const symptom = incident.symptoms?.find(
    ({ severity, endedAt }) => endedAt === undefined && severity === severityOf(incident),
  );
  return problemEn(symptom && severityOf(incident) !== incident.evaluation.severity ? symptom : incident.evaluation);
}

function subjectOf(subject: Subject): string {
  if (subject.kind === 'hub') return subject.hub.name;
  if (subject.subscriptionId === 'channels') return 'Conversations in Teams';
  const hubs =
    subject.members.length === 0
      ? 'Hubs'
      : `${number(subject.members.length)} ${subject.members.length === 1 ? 'hub' : 'hubs'}`;
  return subject.region === undefined ? hubs : `${hubs} in ${subject.region}`;
}

export const en: Words = {
  language: 'en',
  severity: { critical: 'Critical', error: 'Error', warning: 'Warning', information: 'Information' },
  status: { firing: 'Firing', acknowledged: 'Acknowledged', resolved: 'Resolved' },
  confidence: { established: 'established', likely: 'likely', possible: 'possible, not confirmed' },
  signal: signalEn,
  subject: subjectOf,
  problem: (incident, now) =>
    `${incident.status === 'resolved' ? 'Until then: ' : ''}${problemEn(incident.evaluation)}, ${since(incident, now)}.`,
  ending: (incident) =>
    incident.endReason
      ? `Not watched any more since ${time(incident.resolvedAt)}, after ${duration(incident.resolvedAt - incident.beganAt)}: its rule is switched off, or its hub has gone. Whether it is over is not known.`
      : `Over since ${time(incident.resolvedAt)}, after ${duration(incident.resolvedAt - incident.beganAt)}${incident.resolvedBy ? `; closed by ${incident.resolvedBy.name}` : ''}.`,
  picture: ({ picture, numbers }) => {
    const values = picture?.values.filter((value) => value !== null) ?? [];
    if (!picture || values.length === 0) return 'No points to show.';
    const last = values.at(-1) ?? 0;
    const reference =
      picture.limit !== undefined
        ? `; limit ${number(picture.limit)}`
        : numbers.expected === undefined
          ? ''
          : `; usual ${number(numbers.expected)}`;
    return `Last ${duration(picture.values.length * picture.grainMs)}: from ${number(values[0] ?? 0)} to ${number(last)}, lowest ${number(Math.min(...values))}, highest ${number(Math.max(...values))}${reference}.`;
  },
  minutesBefore: (at) => `minutes before ${time(at)}`,
  hoursBefore: (at) => `hours before ${time(at)}`,
  candidateReason: ({ reason, figures = {} }) =>
    reasonsEn[reason].why(
      (name) => {
        const figure = figures[name];
        return typeof figure === 'number' ? number(figure) : clean(figure ?? '?', 60);
      },
      (name) => percent(Number(figures[name] ?? 0)),
    ),
  candidateCheck: ({ reason }) => reasonsEn[reason].check,
  candidateSteps: ({ reason }) => reasonsEn[reason].steps,
  evidenceRow: ({ source, where, count, countBefore, devices }) => {
    switch (source) {
      case 'log':
        return `${where}: ${number(count)} records${countBefore === undefined ? '' : `, ${number(countBefore)} before`}${devices === undefined || devices === 0 ? '' : `, ${number(devices)} ${devices === 1 ? 'device' : 'devices'}`}`;
      case 'metric':
        return `${where}: ${number(count)}`;
      case 'health':
        return `Azure Resource Health: ${where}`;
      case 'state':
        return `state of the hub in Azure: ${where}`;
    }
  },
  loudestDevice: (device, count, share) => `Loudest device: ${device}, ${number(count)} records (${percent(share)})`,
  logsWindow: ({ from, to }, partial) =>
    `Resource logs from ${time(from)} to ${time(to)}, against the same time before.${partial ? ' Azure gave only a part: counts are at least these.' : ''}`,
  logsEmpty: ({ from, to }) => `The resource logs hold no errors from ${time(from)} to ${time(to)}.`,
  symptom: (symptom) =>
    `Also: ${problemEn(symptom)}, ${symptom.endedAt === undefined ? `since ${time(symptom.sinceAt)}` : `from ${time(symptom.sinceAt)} to ${time(symptom.endedAt)}`}.`,
  capacity: (found, { sku, units }) => {
    switch (found.kind) {
      case 'enough':
        return undefined;
      case 'change':
        return `The smallest change that carries this: ${found.sku} × ${number(found.units)} (now ${sku} × ${number(units)}).${found.unitsDoNotHelp ? ` One more unit of ${sku} would not raise this rate.` : ''} ${found.timesPrice <= 1 ? 'It costs no more than now' : `It costs about ${number(found.timesPrice)} times as much`}; slowing the traffic down costs nothing.`;
      case 'free':
        return 'A Free hub cannot become a paid one: create a Standard hub and move the devices.';
      case 'beyond':
        return 'No size of this tier carries this: spread the devices over several hubs.';
      case 'unknown-size':
        return `What ${sku} carries is not known here: compare with the limits in the documentation of Azure.`;
    }
  },
  partOf: (id) => `Part of incident ${id}: see its card.`,
  backtest: (hub, days, incidents) =>
    `With the rules of now, the last ${number(days)} days of ${hub} would have made ${incidents === 0 ? 'no incident' : `${number(incidents)} ${incidents === 1 ? 'incident' : 'incidents'}`}.`,
  episode: (kind, metric, from, to) =>
    `${dateTime(from)}: ${fromRuleName(kind)} (${metric}), ${to === undefined ? 'not over' : `for ${duration(to - from)}`}`,
  andMore: (count) => `and ${number(count)} more`,
  route: (channel, action, reason, revision) =>
    `${channel}: ${action} (${reason})${revision === undefined ? ', no card' : `, its card shows revision ${number(revision)}`}`,
  event: ({ at, kind, by, to }) => {
    const what = {
      opened: 'opened',
      reopened: 'reopened',
      severity: 'severity',
      acknowledged: 'acknowledged',
      silenced: 'snoozed',
      unsilenced: 'snooze ended',
      resolved: 'resolved',
      unwatched: 'not watched any more',
      family: 'cause',
      evidence: 'evidence',
      members: 'hubs',
      folded: 'became part of',
      unfolded: 'on its own again',
    }[kind];
    return `${dateTime(at)}: ${what}${to === undefined ? '' : ` ${to}`}${by === undefined ? '' : ` by ${by.name}`}`;
  },
  readAgo: (ageMs) =>
    ageMs === undefined ? 'Its metrics have never been read.' : `Its metrics were read ${duration(ageMs)} ago.`,
  unknownHub: (name) => `I watch no hub named ${name}. "status" lists the hubs.`,
  recoveredAt: (at) => `recovered at ${time(at)}`,
  logsUnavailable: (why) => unavailableEn[why],
  note: (note, incident, now) =>
    ({
      'severity-raised': `${en.severity[severityOf(incident)]} now: ${worst(incident)}.`,
      reopened: `It is back: ${problemEn(incident.evaluation)}.`,
      'still-firing': `Still firing after ${duration(now - incident.beganAt)}, and nobody has acknowledged it.`,
    })[note],
  summary: (incident, now) =>
    incident.status === 'resolved'
      ? `${incident.endReason ? en.labels.notWatched : en.status.resolved}: ${subjectOf(incident.subject)}, ${en.signal(incident.signal)}`
      : `${en.severity[severityOf(incident)]}: ${subjectOf(incident.subject)}. ${en.problem(incident, now)}`,
  acknowledgedBy: (name, at) => `Acknowledged by ${name} at ${time(at)}`,
  silencedUntil: (name, until) => `Snoozed by ${name} until ${time(until)}`,
  unknownIncident: (id) => `I know no incident ${id}. "incidents" lists the open ones.`,
  familyOnly: (code, family) => `I do not know ${code}. What holds for every ${family} code:`,
  welcome: (where, alerts) =>
    [
      'I watch your Azure IoT hubs and keep one card per incident up to date.',
      alerts
        ? `Alerts appear in this ${where === 'channel' ? 'channel' : 'chat'} from now on.`
        : 'Alerts do not come here unless you send "subscribe".',
      'Send "help" for what I understand, or paste an error code such as 429001.',
    ].join(' '),
  statusSummary: ({ hubs, off, unknown, incidents }) =>
    `${number(hubs)} ${hubs === 1 ? 'hub' : 'hubs'} watched, ${number(incidents)} open ${incidents === 1 ? 'incident' : 'incidents'}, ${number(unknown)} with unknown state${off === 0 ? '' : `, ${number(off)} not watched`}.`,
  hubState: (state, ageMs) =>
    state === 'off'
      ? 'not watched: its rules are switched off'
      : `${{ fine: 'fine', incident: 'incident', unknown: 'unknown' }[state]}${ageMs === undefined ? ', never read' : `, data ${duration(ageMs)} old`}`,
  rate: rateEn,
  notWatched: (off) => `not watched: ${off.map((each) => signalEn(each).toLowerCase()).join(', ')}`,
  tagNotFollowed: ({ tag, says, allowed }) =>
    `The tag ${tag} says "${clean(says, 40)}", which cannot be followed. It may say: ${allowed.slice(0, 8).join(', ')}${allowed.length > 8 ? ' …' : ''}.`,
  page: (from, to, of) => `${number(from)}–${number(to)} of ${number(of)}`,
  number,
  percent,
  duration,
  time,
  dateTime,
  labels: {
    likelyCause: 'Error family',
    causeNotEstablished: 'Cause not established. What to look at:',
    causes: 'Likely causes',
    capacity: 'Capacity',
    evidence: 'Evidence',
    evidenceUnavailable: 'Evidence unavailable',
    openQuery: 'Open the query',
    allHubs: 'All hubs',
    stillInTrouble: 'in trouble',
    decision: 'The decision',
    candidates: 'Candidates',
    notifications: 'Notifications',
    history: 'What happened',
    noSilence: 'No silence covers it.',
    notFolded: 'No other incident speaks for it.',
    noRoute: 'No conversation receives alerts.',
    unreadable: 'Its metrics cannot be read',
    otherRules: 'Other metrics',
    offBy: 'by the rules file, or by the hub’s tag hubwatch-off',
    neverJudged: 'It has not been judged yet.',
    notWatched: 'Not watched any more',
    verdict: 'Verdict',
    rule: 'Rule',
    shippedRule: 'shipped default',
    lower: 'Lower edge of normal',
    upper: 'Upper edge of normal',
    ratio: 'Share',
    fireLevel: 'Fires at',
    clearLevel: 'Clears at',
    streak: 'Bins in breach',
    confidence: 'Confidence in the usual level',
    dataAge: 'Age of the newest settled point',
    alsoPossible: 'Also possible',
    nextSteps: 'Next steps',
    howToConfirm: 'How to confirm it',
    retry: 'Retry',
    whoActs: 'Who acts',
    related: 'Related',
    began: 'Began',
    asOf: 'Figures as of',
    hub: 'Hub',
    region: 'Region',
    tier: 'Tier',
    incident: 'Incident',
    signal: 'Signal',
    acknowledge: 'Acknowledge',
    silence: 'Snooze 1 h',
    explain: 'Explain',
    showIncident: 'Show',
    details: 'Details',
    why: 'Why?',
    portal: 'Open in Azure',
    documentation: 'Documentation',
    value: 'Measured',
    expected: 'Usual',
    limit: 'Limit',
    noIncidents: 'No open incident.',
    incidents: 'Open incidents',
    hubs: 'Hubs',
    helpTitle: 'What I understand',
    help: [
      ['status', 'the hubs and how fresh their data is'],
      ['incidents', 'what is open now'],
      ['show K7Q2M4D', 'the card of one incident'],
      ['why K7Q2M4D', 'the numbers behind a decision'],
      ['why not plant-berlin', 'why nothing fires for a hub'],
      ['backtest plant-berlin', 'what the rules would have told in the last two weeks'],
      ['ack K7Q2M4D', 'take an incident over'],
      ['snooze K7Q2M4D', 'no notifications about it for an hour'],
      ['close K7Q2M4D', 'close an incident by hand'],
      ['explain 429001', 'an error code: meaning, causes, steps'],
      ['429001', 'the same, shorter'],
      ['subscribe, unsubscribe', 'alerts in this conversation, or none'],
      ['language fr', 'French cards in this conversation'],
    ],
    notUnderstood: 'I did not understand that. Send "help" for what I understand.',
    backtestRunning: 'Another hub is being replayed just now. Ask again in a minute.',
    tryAgain: 'That did not work just now. Try again in a minute.',
    notANumber: 'not measured',
    more: 'More',
    retryAdvice: {
      yes: 'Yes: send it again.',
      'with-backoff': 'Yes, later and later, with random delays.',
      'after-fix': 'Only once the cause is fixed.',
      no: 'No: the same request will fail again.',
    },
    actors: { device: 'device', backend: 'back end', operator: 'operator of the hub', azure: 'Microsoft' },
    subscribed: 'Alerts appear here from now on.',
    unsubscribed: 'No more alerts here. "subscribe" brings them back.',
    languageSet: 'Cards and answers in this conversation are in English from now on.',
  },
  answer: {
    perhaps: 'This may be it:',
    alsoMeant: 'Or did you mean',
    several: (count) => `${number(count)} errors, in the order in which they appear`,
    together: 'What they mean together',
    happening: 'Is it happening to me?',
    notHappening: 'No watched hub has shown this family in the last 24 h.',
    noneHappening: 'No watched hub has shown any of these families in the last 24 h.',
    happeningLine: ({ firing, at, incidents, errors }) =>
      [
        firing ? `firing since ${dateTime(at)}` : `over since ${dateTime(at)}`,
        `${number(incidents)} ${incidents === 1 ? 'incident' : 'incidents'} in 24 h`,
        ...(errors === undefined ? [] : [`${number(errors)} ${errors === 1 ? 'error' : 'errors'}`]),
      ].join(' · '),
    queries: 'Log queries',
    metric: 'Metric',
    logCategory: 'Log category',
    exceptions: 'In the SDKs',
    onTheWire: 'On the wire',
    kind: 'Kind of fault',
    severity: 'Usual severity',
    buckets: {
      domain: 'request, identity or state',
      dependency: 'something it depends on',
      infrastructure: 'capacity, network or platform',
    },
    about: 'Codes',
    unknown:
      'I do not know this one. Paste the six-digit code, the error name or the log line, or tell what you see, for example "devices drop every hour and come right back".',
    and: (more) => `and ${number(more)} more`,
  },
};
