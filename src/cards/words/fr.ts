import { severityOf, type Incident, type Subject } from '../../incidents/incident.ts';
import type { EpochMs } from '../../time/time.ts';
import { clean } from '../clean.ts';
import { formats, sameDay } from './format.ts';
import { fromRuleName } from './problem.ts';
import { problemFr, rateFr, signalFr } from './problem-fr.ts';
import { reasonsFr, unavailableFr } from './reasons-fr.ts';
import type { Words } from './words.ts';

const { number, percent, time, dateTime, duration } = formats('fr-FR', { d: 'j', h: 'h', min: 'min', s: 's' });

function when(at: EpochMs, now: EpochMs): string {
  return sameDay(at, now) ? time(at) : dateTime(at);
}

/** `depuis 09:12 UTC (8 min)` */
function since(incident: Incident, now: EpochMs): string {
  const end = incident.status === 'resolved' ? incident.resolvedAt : now;
  return `depuis ${when(incident.beganAt, now)} (${duration(end - incident.beganAt)})`;
}

/** The worst of what an incident shows: its own figures, or a symptom's. */
function worst(incident: Incident): string {
  const symptom = incident.symptoms?.find(
    ({ severity, endedAt }) => endedAt === undefined && severity === severityOf(incident),
  );
  return problemFr(symptom && severityOf(incident) !== incident.evaluation.severity ? symptom : incident.evaluation);
}

function subjectOf(subject: Subject): string {
  if (subject.kind === 'hub') return subject.hub.name;
  if (subject.subscriptionId === 'channels') return 'Conversations dans Teams';
  const hubs =
    subject.members.length === 0
      ? 'Des hubs'
      : `${number(subject.members.length)} ${subject.members.length > 1 ? 'hubs' : 'hub'}`;
  return subject.region === undefined ? hubs : `${hubs} en ${subject.region}`;
}

export const fr: Words = {
  language: 'fr',
  severity: { critical: 'Critique', error: 'Erreur', warning: 'Avertissement', information: 'Information' },
  status: { firing: 'En cours', acknowledged: 'Pris en charge', resolved: 'Résolu' },
  confidence: { established: 'établi', likely: 'probable', possible: 'possible, non confirmé' },
  signal: signalFr,
  subject: subjectOf,
  problem: (incident, now) =>
    `${incident.status === 'resolved' ? 'Jusque-là : ' : ''}${problemFr(incident.evaluation)}, ${since(incident, now)}.`,
  ending: (incident) =>
    incident.endReason
      ? `N’est plus surveillé depuis ${time(incident.resolvedAt)}, au bout de ${duration(incident.resolvedAt - incident.beganAt)} : la règle est désactivée, ou le hub n’existe plus. On ne sait pas si c’est terminé.`
      : `Terminé depuis ${time(incident.resolvedAt)}, au bout de ${duration(incident.resolvedAt - incident.beganAt)}${incident.resolvedBy ? ` ; clos par ${incident.resolvedBy.name}` : ''}.`,
  picture: ({ picture, numbers }) => {
    const values = picture?.values.filter((value) => value !== null) ?? [];
    if (!picture || values.length === 0) return 'Aucun point à montrer.';
    const last = values.at(-1) ?? 0;
    const reference =
      picture.limit !== undefined
        ? ` ; limite ${number(picture.limit)}`
        : numbers.expected === undefined
          ? ''
          : ` ; habituel ${number(numbers.expected)}`;
    return `Sur ${duration(picture.values.length * picture.grainMs)} : de ${number(values[0] ?? 0)} à ${number(last)}, minimum ${number(Math.min(...values))}, maximum ${number(Math.max(...values))}${reference}.`;
  },
  minutesBefore: (at) => `minutes avant ${time(at)}`,
  hoursBefore: (at) => `heures avant ${time(at)}`,
  candidateReason: ({ reason, figures = {} }) =>
    reasonsFr[reason].why(
      (name) => {
        const figure = figures[name];
        return typeof figure === 'number' ? number(figure) : clean(figure ?? '?', 60);
      },
      (name) => percent(Number(figures[name] ?? 0)),
    ),
  candidateCheck: ({ reason }) => reasonsFr[reason].check,
  candidateSteps: ({ reason }) => reasonsFr[reason].steps,
  evidenceRow: ({ source, where, count, countBefore, devices }) => {
    switch (source) {
      case 'log':
        return `${where} : ${number(count)} enregistrements${countBefore === undefined ? '' : `, ${number(countBefore)} avant`}${devices === undefined || devices === 0 ? '' : `, ${number(devices)} ${devices > 1 ? 'appareils' : 'appareil'}`}`;
      case 'metric':
        return `${where} : ${number(count)}`;
      case 'health':
        return `Azure Resource Health : ${where}`;
      case 'state':
        return `état du hub dans Azure : ${where}`;
    }
  },
  loudestDevice: (device, count, share) =>
    `Appareil le plus bruyant : ${device}, ${number(count)} enregistrements (${percent(share)})`,
  logsWindow: ({ from, to }, partial) =>
    `Journaux de ${time(from)} à ${time(to)}, comparés à la même durée juste avant.${partial ? ' Azure n’en a donné qu’une partie : ces nombres sont des minimums.' : ''}`,
  logsEmpty: ({ from, to }) => `Les journaux ne contiennent aucune erreur de ${time(from)} à ${time(to)}.`,
  symptom: (symptom) =>
    `Aussi : ${problemFr(symptom)}, ${symptom.endedAt === undefined ? `depuis ${time(symptom.sinceAt)}` : `de ${time(symptom.sinceAt)} à ${time(symptom.endedAt)}`}.`,
  capacity: (found, { sku, units }) => {
    switch (found.kind) {
      case 'enough':
        return undefined;
      case 'change':
        return `Le plus petit changement qui suffirait : ${found.sku} × ${number(found.units)} (aujourd’hui ${sku} × ${number(units)}).${found.unitsDoNotHelp ? ` Une unité ${sku} de plus n’augmenterait pas ce débit.` : ''} ${found.timesPrice <= 1 ? 'Cela ne coûte pas plus qu’aujourd’hui' : `Cela coûte environ ${number(found.timesPrice)} fois plus`} ; ralentir le trafic ne coûte rien.`;
      case 'free':
        return 'Un hub gratuit ne peut pas devenir payant : créez un hub Standard et déplacez-y les appareils.';
      case 'beyond':
        return 'Aucune taille de ce niveau ne suffirait : répartissez les appareils sur plusieurs hubs.';
      case 'unknown-size':
        return `La capacité de ${sku} n’est pas connue ici : comparez avec les limites de la documentation d’Azure.`;
    }
  },
  partOf: (id) => `Fait partie de l’incident ${id} : voir sa carte.`,
  backtest: (hub, days, incidents) =>
    `Avec les règles actuelles, les ${number(days)} derniers jours de ${hub} auraient donné ${incidents === 0 ? 'aucun incident' : `${number(incidents)} ${incidents > 1 ? 'incidents' : 'incident'}`}.`,
  episode: (kind, metric, from, to) =>
    `${dateTime(from)} : ${fromRuleName(kind)} (${metric}), ${to === undefined ? 'pas terminé' : `pendant ${duration(to - from)}`}`,
  andMore: (count) => `et ${number(count)} de plus`,
  route: (channel, action, reason, revision) =>
    `${channel} : ${action} (${reason})${revision === undefined ? ', pas de carte' : `, sa carte montre la révision ${number(revision)}`}`,
  event: ({ at, kind, by, to }) => {
    const what = {
      opened: 'ouvert',
      reopened: 'rouvert',
      severity: 'gravité',
      acknowledged: 'pris en charge',
      silenced: 'mis en veille',
      unsilenced: 'fin de veille',
      resolved: 'résolu',
      unwatched: 'plus surveillé',
      family: 'cause',
      evidence: 'indices',
      members: 'hubs',
      folded: 'rattaché à',
      unfolded: 'de nouveau seul',
    }[kind];
    return `${dateTime(at)} : ${what}${to === undefined ? '' : ` ${to}`}${by === undefined ? '' : ` par ${by.name}`}`;
  },
  readAgo: (ageMs) =>
    ageMs === undefined
      ? 'Ses métriques n’ont jamais été lues.'
      : `Ses métriques ont été lues il y a ${duration(ageMs)}.`,
  unknownHub: (name) => `Je ne surveille pas de hub nommé ${name}. « status » donne la liste.`,
  recoveredAt: (at) => `rétabli à ${time(at)}`,
  logsUnavailable: (why) => unavailableFr[why],
  note: (note, incident, now) =>
    ({
      'severity-raised': `Désormais ${fr.severity[severityOf(incident)].toLowerCase()} : ${worst(incident)}.`,
      reopened: `Le problème est de retour : ${problemFr(incident.evaluation)}.`,
      'still-firing': `Toujours en cours après ${duration(now - incident.beganAt)}, sans prise en charge.`,
    })[note],
  summary: (incident, now) =>
    incident.status === 'resolved'
      ? `${incident.endReason ? fr.labels.notWatched : fr.status.resolved} : ${subjectOf(incident.subject)}, ${fr.signal(incident.signal)}`
      : `${fr.severity[severityOf(incident)]} : ${subjectOf(incident.subject)}. ${fr.problem(incident, now)}`,
  acknowledgedBy: (name, at) => `Pris en charge par ${name} à ${time(at)}`,
  silencedUntil: (name, until) => `Mis en veille par ${name} jusqu’à ${time(until)}`,
  unknownIncident: (id) => `Je ne connais pas d’incident ${id}. « incidents » donne la liste de ceux qui sont ouverts.`,
  familyOnly: (code, family) => `Je ne connais pas ${code}. Ce qui vaut pour tout code ${family} :`,
  welcome: (where, alerts) =>
    [
      'Je surveille vos hubs Azure IoT et tiens à jour une carte par incident.',
      alerts
        ? `Les alertes arrivent désormais dans ${where === 'channel' ? 'ce canal' : 'cette conversation'}.`
        : 'Les alertes n’arrivent ici que si vous envoyez « subscribe ».',
      'Envoyez « aide » pour savoir ce que je comprends, ou collez un code d’erreur comme 429001.',
    ].join(' '),
  statusSummary: ({ hubs, off, unknown, incidents }) =>
    `${number(hubs)} ${hubs > 1 ? 'hubs surveillés' : 'hub surveillé'}, ${number(incidents)} ${incidents > 1 ? 'incidents ouverts' : 'incident ouvert'}, ${number(unknown)} à l’état inconnu${off === 0 ? '' : `, ${number(off)} non ${off > 1 ? 'surveillés' : 'surveillé'}`}.`,
  hubState: (state, ageMs) =>
    state === 'off'
      ? 'non surveillé : ses règles sont désactivées'
      : `${{ fine: 'rien à signaler', incident: 'incident', unknown: 'inconnu' }[state]}${ageMs === undefined ? ', jamais lu' : `, données de ${duration(ageMs)}`}`,
  rate: rateFr,
  notWatched: (off) => `sans surveillance : ${off.map((each) => signalFr(each).toLowerCase()).join(', ')}`,
  tagNotFollowed: ({ tag, says, allowed }) =>
    `L’étiquette ${tag} dit « ${clean(says, 40)} », ce qui ne peut pas être suivi. Elle peut dire : ${allowed.slice(0, 8).join(', ')}${allowed.length > 8 ? '…' : ''}.`,
  page: (from, to, of) => `${number(from)} à ${number(to)} sur ${number(of)}`,
  number,
  percent,
  duration,
  time,
  dateTime,
  labels: {
    likelyCause: 'Famille d’erreur',
    causeNotEstablished: 'Cause non établie. À regarder :',
    causes: 'Causes probables',
    capacity: 'Capacité',
    evidence: 'Indices',
    evidenceUnavailable: 'Indices indisponibles',
    openQuery: 'Ouvrir la requête',
    allHubs: 'Tous les hubs',
    stillInTrouble: 'en difficulté',
    decision: 'La décision',
    candidates: 'Candidats',
    notifications: 'Notifications',
    history: 'Ce qui s’est passé',
    noSilence: 'Aucune mise en veille ne le couvre.',
    notFolded: 'Aucun autre incident ne parle pour lui.',
    noRoute: 'Aucune conversation ne reçoit d’alertes.',
    unreadable: 'Ses métriques sont illisibles',
    otherRules: 'Autres métriques',
    offBy: 'selon le fichier de règles, ou l’étiquette hubwatch-off du hub',
    neverJudged: 'Il n’a pas encore été jugé.',
    notWatched: 'Plus surveillé',
    verdict: 'Verdict',
    rule: 'Règle',
    shippedRule: 'valeur livrée',
    lower: 'Bas de la normale',
    upper: 'Haut de la normale',
    ratio: 'Part',
    fireLevel: 'Se déclenche à',
    clearLevel: 'Cesse à',
    streak: 'Intervalles en infraction',
    confidence: 'Confiance dans le niveau habituel',
    dataAge: 'Âge du dernier point stable',
    alsoPossible: 'Également possible',
    nextSteps: 'Que faire',
    howToConfirm: 'Comment le confirmer',
    retry: 'Réessayer',
    whoActs: 'Qui agit',
    related: 'Voir aussi',
    began: 'Début',
    asOf: 'Chiffres à',
    hub: 'Hub',
    region: 'Région',
    tier: 'Niveau',
    incident: 'Incident',
    signal: 'Signal',
    acknowledge: 'Prendre en charge',
    silence: 'Veille 1 h',
    explain: 'Expliquer',
    showIncident: 'Afficher',
    details: 'Détails',
    why: 'Pourquoi ?',
    portal: 'Ouvrir dans Azure',
    documentation: 'Documentation',
    value: 'Mesuré',
    expected: 'Habituel',
    limit: 'Limite',
    noIncidents: 'Aucun incident ouvert.',
    incidents: 'Incidents ouverts',
    hubs: 'Hubs',
    helpTitle: 'Ce que je comprends',
    help: [
      ['status', 'les hubs et la fraîcheur de leurs données'],
      ['incidents', 'ce qui est ouvert maintenant'],
      ['show K7Q2M4D', 'la carte d’un incident'],
      ['why K7Q2M4D', 'les chiffres derrière une décision'],
      ['why not plant-berlin', 'pourquoi rien ne se déclenche pour un hub'],
      ['backtest plant-berlin', 'ce que les règles auraient signalé ces deux dernières semaines'],
      ['ack K7Q2M4D', 'prendre un incident en charge'],
      ['snooze K7Q2M4D', 'aucune notification à son sujet pendant une heure'],
      ['close K7Q2M4D', 'clore un incident à la main'],
      ['explain 429001', 'un code d’erreur : sens, causes, étapes'],
      ['429001', 'la même chose, plus court'],
      ['subscribe, unsubscribe', 'alertes dans cette conversation, ou aucune'],
      ['language en', 'cartes en anglais dans cette conversation'],
    ],
    notUnderstood: 'Je n’ai pas compris. Envoyez « aide » pour savoir ce que je comprends.',
    backtestRunning: 'Un autre hub est en train d’être rejoué. Redemandez dans une minute.',
    tryAgain: 'Cela n’a pas fonctionné à l’instant. Réessayez dans une minute.',
    notANumber: 'non mesuré',
    more: 'Suite',
    retryAdvice: {
      yes: 'Oui : renvoyer la demande.',
      'with-backoff': 'Oui, en espaçant de plus en plus, avec des délais aléatoires.',
      'after-fix': 'Seulement une fois la cause corrigée.',
      no: 'Non : la même demande échouera encore.',
    },
    actors: { device: 'appareil', backend: 'back-end', operator: 'exploitant du hub', azure: 'Microsoft' },
    subscribed: 'Les alertes arrivent désormais ici.',
    unsubscribed: 'Plus d’alertes ici. « subscribe » les rétablit.',
    languageSet: 'Cartes et réponses de cette conversation sont désormais en français.',
  },
  answer: {
    perhaps: 'Il s’agit peut-être de ceci :',
    alsoMeant: 'Ou bien',
    several: (count) => `${number(count)} erreurs, dans l’ordre où elles apparaissent`,
    together: 'Ce qu’elles veulent dire ensemble',
    happening: 'Suis-je concerné ?',
    notHappening: 'Aucun hub surveillé n’a montré cette famille ces dernières 24 h.',
    noneHappening: 'Aucun hub surveillé n’a montré l’une de ces familles ces dernières 24 h.',
    happeningLine: ({ firing, at, incidents, errors }) =>
      [
        firing ? `en cours depuis ${dateTime(at)}` : `terminé depuis ${dateTime(at)}`,
        `${number(incidents)} ${incidents > 1 ? 'incidents' : 'incident'} en 24 h`,
        ...(errors === undefined ? [] : [`${number(errors)} ${errors > 1 ? 'erreurs' : 'erreur'}`]),
      ].join(' · '),
    queries: 'Requêtes de journal',
    metric: 'Métrique',
    logCategory: 'Catégorie de journal',
    exceptions: 'Dans les SDK',
    onTheWire: 'Sur le réseau',
    kind: 'Nature',
    severity: 'Gravité habituelle',
    buckets: {
      domain: 'demande, identité ou état',
      dependency: 'une dépendance',
      infrastructure: 'capacité, réseau ou plateforme',
    },
    about: 'Codes',
    unknown:
      'Je ne connais pas cette erreur. Collez le code à six chiffres, le nom de l’erreur ou la ligne de journal, ou dites ce que vous voyez, par exemple « les appareils tombent toutes les heures et reviennent aussitôt ».',
    and: (more) => `et ${number(more)} de plus`,
  },
};
