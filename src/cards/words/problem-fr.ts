import type { Signal } from '../../detection/evaluation.ts';
import { isLogSignal } from '../../diagnosis/log-watch.ts';
import { formats } from './format.ts';
import { differencePercent, fromRuleName, worthTelling, type Told } from './problem.ts';

const { number, percent, time } = formats('fr-FR', { d: 'j', h: 'h', min: 'min', s: 's' });

const signals: ReadonlyMap<string, string> = new Map(
  Object.entries({
    throttling: 'Limitation de débit',
    quota: 'Quota quotidien de messages',
    'connected-devices': 'Appareils connectés',
    telemetry: 'Messages des appareils',
    'no-data': 'Absence de données',
    visibility: 'Hubwatch est aveugle',
    'logs-429': 'Limitation de débit dans les journaux',
    'logs-403002': 'Refus pour quota dans les journaux',
    'logs-403004': 'Files pleines dans les journaux',
    'logs-409002': 'Identités en double dans les journaux',
    'logs-401': 'Identifiants refusés dans les journaux',
    'logs-500': 'Erreurs serveur dans les journaux',
    'logs-504101': 'Délais de passerelle dépassés dans les journaux',
    'logs-connections': 'Nouvelles connexions',
    'twin-reads': 'Lectures de jumeaux',
    'twin-updates': 'Mises à jour de jumeaux',
    'twin-queries': 'Requêtes sur les jumeaux',
    'direct-methods': 'Appels de méthodes directes',
    'method-failures': 'Échecs de méthodes directes',
    'device-twin-read-failures': 'Échecs de lecture de jumeaux par les appareils',
    'device-twin-update-failures': 'Échecs de mise à jour de jumeaux par les appareils',
    'twin-read-failures': 'Échecs de lecture de jumeaux par le service',
    'twin-update-failures': 'Échecs de mise à jour de jumeaux par le service',
    'twin-query-failures': 'Échecs de requêtes sur les jumeaux',
    'messages-dropped': 'Messages abandonnés par le routage',
    'messages-orphaned': 'Messages sans route',
    'messages-incompatible': 'Messages incompatibles avec leur destination',
    'routing-latency': 'Latence du routage',
    'commands-expired': 'Commandes expirées',
    'commands-rejected': 'Commandes rejetées',
    'jobs-failed': 'Travaux en échec',
  }),
);

export function signalFr(signal: Signal): string {
  return signals.get(signal) ?? fromRuleName(signal);
}

/** Ce qui ne va pas, en début de phrase. */
export function problemFr(told: Told): string {
  const { signal, numbers, metric, reason, code } = told;
  const { value, expected, total } = numbers;
  if (reason === 'many-hubs')
    return `${number(total ?? 0)} hubs ont le même problème (${signalFr(signal).toLowerCase()}), dont ${number(value ?? 0)} encore maintenant`;
  if (reason === 'near-rate') return nearRate(told);
  if (isLogSignal(signal))
    return `Les journaux montrent ${code ?? 'des erreurs'} : ${number(value ?? 0)} enregistrements en dix minutes, contre ${number(expected ?? 0)} d’habitude`;
  switch (signal) {
    case 'throttling':
      return throttling(told);
    case 'quota':
      return quota(told);
    case 'connected-devices':
      return connected(told);
    case 'telemetry':
      return `Les appareils sont connectés mais envoient peu : ${number(value ?? 0)} messages en une demi-heure${expected === undefined ? '' : `, contre ${number(expected)} d’habitude`}`;
    case 'no-data':
      return noData(told);
    case 'visibility':
      if (reason === 'undeliverable')
        return `Les cartes n’arrivent plus dans ${number(value ?? 0)} ${(value ?? 0) > 1 ? 'conversations' : 'conversation'} abonnées aux alertes : Teams les refuse, ou le bot n’en est plus membre`;
      if (reason === 'rules-unread')
        return 'Les métriques de certaines règles ne peuvent pas être lues, ces règles sont donc aveugles : « why not <hub> » les nomme. Souvent, le fichier de règles cite une métrique qu’Azure ne connaît pas';
      return `Aucune métrique ne peut être lue : ${blindness.get(reason) ?? reason}. L’état de ces hubs est inconnu`;
    default:
      return `${metric} est inhabituel${value === undefined ? '' : ` : ${number(value)} en cinq minutes`}${expected === undefined ? '' : `, environ ${number(expected)} attendus`}`;
  }
}

function nearRate({ signal, numbers }: Told): string {
  return `${signalFr(signal)} : ${percent(numbers.ratio ?? 0)} de ce que ce hub accepte (${rateFr(numbers)})`;
}

/** `94 sur 100 par seconde` */
export function rateFr({ value = 0, limit = 0 }: Told['numbers']): string {
  // Un débit de 20 par minute se lit mal en tiers d’appel par seconde.
  const [factor, unit] = limit < 2 ? [60, 'minute'] : [1, 'seconde'];
  return `${number(value * factor)} sur ${number(limit * factor)} par ${unit}`;
}

function throttling({ reason, numbers: { ratio, total } }: Told): string {
  // Des tentatives bien en dessous du débit, c’est le calme d’après : elles ne disent rien des refus.
  const attempts =
    ratio === undefined || ratio < worthTelling
      ? ''
      : ` (les tentatives atteignent ${percent(ratio)} de son débit d’envoi)`;
  const refused = total === undefined || total === 0 ? '' : ` : ${number(total)} refus jusqu’ici`;
  if (reason === 'attempts-above-rate')
    return `Les appareils tentent d’envoyer plus que ce hub n’accepte${refused}${attempts}`;
  const again = reason === 'recurring-throttling' ? ' à répétition' : '';
  return `Le hub refuse${again} des messages des appareils${refused}${attempts}`;
}

function quota({
  numbers: { value, limit, ratio = 0, forecastAt, forecastEarliestAt, forecastLatestAt },
}: Told): string {
  if (ratio >= 1)
    return `Le quota de messages du jour est épuisé${limit === undefined ? '' : ` (${number(limit)} messages)`} ; le hub refuse les messages jusqu’à 00:00 UTC`;
  const used = `${percent(ratio)} du quota de messages du jour est consommé${limit === undefined || value === undefined ? '' : ` (${number(value)} sur ${number(limit)})`}`;
  if (forecastAt === undefined) return used;
  const early = forecastEarliestAt === undefined ? undefined : time(forecastEarliestAt);
  const late = forecastLatestAt === undefined ? undefined : time(forecastLatestAt);
  const range = early === undefined || late === undefined || early === late ? '' : ` (entre ${early} et ${late})`;
  return `${used} ; à ce rythme il sera épuisé vers ${time(forecastAt)}${range}`;
}

function connected({ reason, numbers: { value, expected, confidence } }: Told): string {
  if (value === undefined || expected === undefined) return 'Le nombre d’appareils connectés est inhabituel';
  const usual = `contre ${number(expected)} d’habitude à cette heure`;
  const unsure = confidence !== undefined && confidence < 0.3 ? ', pour autant que le court historique le dise' : '';
  if (value === 0) return `Aucun appareil n’est connecté, ${usual}${unsure}`;
  const figures = `${number(value)} appareils sont connectés, ${usual} (${number(differencePercent(value, expected))} %)${unsure}`;
  switch (reason) {
    case 'slow-drain':
      return `Des appareils partent depuis des heures : ${figures}`;
    case 'slow-leak':
      return `Les appareils se raréfient depuis des jours : ${figures}`;
    case 'reconnect-storm':
      return `Les appareils tombent et se reconnectent sans cesse : ${figures}`;
    default:
      return figures;
  }
}

function noData({ reason, metric, numbers: { value } }: Told): string {
  if (reason === 'stuck-metric')
    return `${metric} répète la même valeur${value === undefined ? '' : ` (${number(value)})`}, ce qui ne lui était jamais arrivé si longtemps : elle ne dit peut-être plus la vérité`;
  if (reason === 'silent-metric')
    return `Azure Monitor ne donne plus de points pour ${metric}, alors que d’autres métriques du hub continuent`;
  return 'Azure Monitor ne donne plus de points pour ce hub, alors qu’il répond pour les autres';
}

const blindness: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'azure.auth': 'Azure refuse l’accès, il manque un rôle à l’identité',
    'azure.throttled': 'Azure limite les lectures',
    'azure.unavailable': 'Azure ne répond pas',
    'azure.malformed': 'la réponse d’Azure est illisible',
    'azure.refused': 'Azure refuse les lectures',
    'azure.not-found': 'Azure ne les connaît pas',
    'timer-missed': 'le minuteur de Hubwatch ne s’est pas déclenché',
  }),
);
