const hub = String.raw`(?:(?<!\b(?:event|notification|usb|docker) )\b(?:iot[ -]?)?hub|\bazure-devices\.(?:net|cn|us)(?:/[\w./?=&%-]{0,80})?)`;
const answers =
  'answers?|answered|answering|returns?|returned|returning|responds?|responded|repl(?:y|ies|ied)|gives?|gave|says?|said|throws?|threw|sends?|sent|refuses?|refused|repond\\w*|renvoie\\w*|retourne\\w*|rend|envoie|donne|dit|refuse|sort|comes? back with|came back with|coming back with';
const before = new RegExp(String.raw`${hub}(?:'?s)?(?: [\w./'-]+){0,6}? (?:${answers})\b[^.!?\n]{0,30}$`, 'i');
/** `iot hub: 401`, `du hub : HTTP 504`: the number comes right after it. */
const rightBefore = new RegExp(String.raw`${hub}\W{0,6}(?:(?:status|error|erreur|statut)\W{0,2})?$`, 'i');
const after = new RegExp(
  String.raw`^[^.!?\n]{0,48}\b(?:(?:from|by|of|on|out of|par|du|depuis|de la part (?:de|du)|cote) |d')(?:(?:the|our|my|an|azure|le|notre|mon|l) ?'?)*(?:https?://)?(?:[\w-]{1,60}\.)?${hub}\b`,
  'i',
);

/** Whether the status at [at, end) is said to be IoT Hub's answer: `the hub's REST API gave 404`, `503 from IoT Hub`. */
export function isHubs(text: string, at: number, end: number): boolean {
  const left = plain(text.slice(Math.max(0, at - 100), at));
  return rightBefore.test(left) || before.test(left) || after.test(plain(text.slice(end, end + 70)));
}

function plain(part: string): string {
  return part.normalize('NFD').replace(/\p{M}/gu, '');
}
