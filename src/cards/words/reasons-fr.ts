import type { AllReasons, UnavailableWords } from './reasons.ts';

export const reasonsFr: AllReasons = {
  'throttle-metric': {
    why: (figure) => `le hub a compté ${figure('count')} envois refusés, et cette métrique ne compte rien d’autre`,
    check: 'Des tentatives par seconde proches de la limite du niveau et des unités le confirment.',
  },
  'near-send-limit': {
    why: () => 'les appareils tentent d’envoyer presque tout ce que le hub accepte ; il ne refuse encore rien',
    check: 'C’est confirmé dès que la métrique des envois refusés quitte zéro.',
  },
  'near-operation-rate': {
    why: (_, percent) =>
      `les appels de cette opération sont à ${percent('ratio')} du débit que la taille du hub lui accorde ; au-delà, ils sont refusés avec un 429`,
    check:
      'Les journaux montrent alors des 429 dans la catégorie de l’opération ; le plus souvent, un service interroge en boucle.',
    steps: [
      'Trouver l’appelant : le plus souvent un back-end ou une nouvelle version qui interroge en boucle. Son journal, ou la catégorie de l’opération dans ceux du hub, le dit.',
      'Le faire interroger moins souvent : garder ce qu’il a lu, ou réagir aux notifications de changement.',
      'Étaler dans le temps les traitements planifiés qui passent sur tous les appareils.',
    ],
  },
  'near-connection-rate': {
    why: (_, percent) =>
      `les appareils se connectent à ${percent('ratio')} du débit que la taille du hub permet ; au-delà, ils sont refoulés et réessaient`,
    check: 'Des appareils qui attendent un temps aléatoire avant de se reconnecter restent en dessous.',
    steps: [
      'Regarder pourquoi les connexions se ferment : 404104, 401003 et 409002 dans les journaux ont chacun une autre raison.',
      'Faire attendre les appareils plus longtemps après chaque tentative, avec une part aléatoire, avant de se reconnecter.',
      'Laisser le hub tel quel en attendant : un basculement reconnecte tous les appareils.',
    ],
  },
  'one-noisy-device': {
    why: (figure, percent) => `un seul appareil produit ${percent('share')} de ces erreurs`,
    check: 'Si les erreurs continuent une fois cet appareil arrêté, c’est toute la flotte qui dépasse la limite.',
  },
  'sends-refused-in-logs': {
    why: (figure) =>
      `${figure('count')} envois refusés dans les journaux ; la métrique des envois refusés ne les montre pas encore`,
    check:
      'La métrique suit en quelques minutes ; des tentatives proches de la limite du niveau et des unités le confirment.',
  },
  'throttled-operation': {
    why: (figure) =>
      `${figure('count')} enregistrements dans ${figure('category')} alors que la métrique des envois refusés est calme : une autre opération que la télémétrie dépasse son débit`,
    check: 'La catégorie de journal nomme l’opération : jumeaux, méthodes, registre, travaux ou connexions.',
  },
  'throttling-drops-connections': {
    why: () => 'en MQTT, le hub ferme les connexions au lieu de répondre 429',
    check: 'Les connexions doivent revenir dès que la limitation cesse.',
  },
  'quota-exhausted': {
    why: () => 'le compteur de messages du jour a atteint la limite du hub',
    check: 'Plus aucun message n’est accepté alors que les tentatives continuent ; cela finit à 00:00 UTC.',
  },
  'quota-near': {
    why: (figure, percent) =>
      `${percent('ratio')} des messages du jour sont consommés ; voilà ce que reçoivent les appareils à 100 %`,
    check: 'C’est évité si la journée finit avant que le compteur n’atteigne la limite.',
  },
  'quota-drops-connections': {
    why: () => 'le quota du jour est épuisé, et le hub ferme alors les connexions MQTT',
    check: 'Une chute commencée avant les 100 % du quota a une autre cause.',
  },
  'quota-soon': {
    why: (figure, percent) =>
      `${percent('ratio')} du quota du jour est consommé, et un trafic à la limite de débit le vide vite`,
    check: 'Comparer le quota du jour au débit de messages acceptés.',
  },
  'platform-unhealthy': {
    why: (figure) =>
      `Azure Resource Health déclare le hub « ${figure('state')} », et ce n’est pas dû à sa propre charge`,
    check: 'Resource Health et l’état d’Azure montrent quand Microsoft l’a réparé.',
  },
  'server-errors': {
    why: (figure) => `${figure('count')} erreurs serveur dans les journaux, bien plus qu’avant`,
    check: 'Resource Health dit si la plateforme ou la charge en est la cause.',
  },
  'platform-upgrade': {
    why: (figure) => `${figure('count')} enregistrements qu’Azure écrit pendant une mise à jour du service`,
    check: 'Cela passe en quelques minutes ; au-delà d’un quart d’heure, c’est autre chose.',
  },
  'hub-not-active': {
    why: (figure) => `pour Azure, le hub est « ${figure('state')} », et non Active`,
    check: 'Le journal d’activité du hub montre qui ou quoi l’a changé.',
  },
  'credentials-refused': {
    why: (figure) => `${figure('devices')} appareils ont été refusés et ne sont pas revenus`,
    check:
      'Les descriptions du journal nomment un jeton expiré, une clé ou une empreinte fausse, ou une horloge déréglée.',
  },
  'token-renewal': {
    why: (figure, percent) =>
      `les appareils ont renouvelé leur jeton : ${percent('back')} de ceux qui sont tombés sont revenus en deux minutes`,
    check:
      'Cela se répète à la durée de vie des jetons. Si les appareils restent absents, ce n’est pas un renouvellement.',
  },
  'devices-disabled': {
    why: (figure) => `${figure('devices')} appareils ont été refusés parce qu’ils sont désactivés`,
    check: 'Le registre les montre désactivés ; le nombre d’appareils inscrits n’a pas changé.',
  },
  'devices-deleted': {
    why: (figure) => `${figure('devices')} appareils ne sont plus dans le registre`,
    check: 'Le nombre d’appareils inscrits a baissé.',
  },
  'duplicate-identity': {
    why: (figure) => `${figure('count')} connexions en ont chassé une plus ancienne de même identité`,
    check:
      'Quelques appareils qui basculent sans fin partagent une identité ; une flotte entière se remettrait d’une chute.',
  },
  'reconnecting-after-drop': {
    why: () => 'les appareils reviennent avant que le hub ait remarqué leur absence : un effet de la chute',
    check: 'Cela s’estompe en quelques minutes une fois la chute finie.',
  },
  'connections-closed-at-once': {
    why: (figure) =>
      `${figure('devices')} appareils ont perdu leur connexion dans la même minute, et rien d’autre n’est journalisé`,
    check:
      'Une coupure nette désigne le hub ou un chemin réseau ; chercher des 500xxx et une plage d’adresses commune.',
  },
  'connections-closed-gradually': {
    why: (figure) =>
      `${figure('devices')} appareils ont disparu l’un après l’autre, comme à la perte d’un réseau ou d’un site`,
    check: 'Une plage d’adresses, un opérateur ou un site commun le confirme.',
  },
  'endpoint-full': {
    why: (figure) => `un point de terminaison de routage plein a refusé ${figure('count')} livraisons`,
    check: 'Les enregistrements de Routes le nomment ; son propre quota et ses consommateurs disent pourquoi.',
  },
  'queue-full': {
    why: (figure) => `${figure('count')} commandes ont trouvé une file pleine : 50 attendent déjà l’appareil`,
    check: 'Les appareils hors ligne, ou qui n’achèvent pas leurs commandes, ont des files pleines.',
  },
  'logged-errors': {
    why: (figure) => `${figure('count')} enregistrements dans ${figure('category')}, bien plus qu’avant`,
    check: 'Ouvrir la requête pour voir de quels appareils et opérations ils viennent.',
  },
  'look-at-network': {
    why: () => 'des appareils qui perdent leur réseau disparaissent l’un après l’autre, en quelques minutes',
    check: 'Chercher un site, un opérateur ou une plage d’adresses communs aux appareils absents.',
  },
  'look-at-server-errors': {
    why: () => 'un défaut du hub ferme les connexions et journalise des 500xxx à la même minute',
    check: 'Regarder Resource Health et chercher des enregistrements 500xxx.',
  },
  'look-at-credentials': {
    why: () => 'une identification expirée ou renouvelée laisse les appareils dehors',
    check: 'Chercher des enregistrements 401003, et demander ce qui a été changé ou déployé.',
  },
  'rule-names-family': {
    why: () => 'la métrique de cette règle y conduit',
    check: 'Les journaux du hub nomment le code.',
  },
};

export const unavailableFr: UnavailableWords = {
  'switched-off': 'la lecture des journaux est désactivée (HUBWATCH_LOGS=off)',
  'no-permission': 'l’accès est refusé : donner le rôle « Log Analytics Reader » à l’identité de Hubwatch',
  'no-workspace': 'cet espace de travail n’existe pas : vérifier HUBWATCH_LOGS',
  'no-diagnostic-setting':
    'aucun enregistrement : le hub n’a pas de paramètre de diagnostic qui envoie ses journaux vers un espace de travail',
  throttled: 'Azure limite les requêtes de journaux ; elles seront refaites',
  'no-answer': 'Azure ne répond pas aux requêtes de journaux ; elles seront refaites',
  unreadable: 'la réponse d’Azure est illisible',
};
