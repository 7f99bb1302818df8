/** Ways in which people and programs write a code, each still meaning that code. */
export const dresses: Readonly<Record<string, (code: string, name: string) => string>> = {
  bare: (code) => code,
  'with a space': (code) => split(code, ' '),
  'with a no-break space': (code) => split(code, '\u00a0'),
  'with a hyphen': (code) => split(code, '-'),
  'with an en dash': (code) => split(code, '–'),
  'with a dot': (code) => split(code, '.'),
  'with an underscore': (code) => split(code, '_'),
  'with a comma': (code) => split(code, ','),
  'with a zero-width space inside': (code) => split(code, '\u200b'),
  'with a null character inside': (code) => split(code, '\u0000'),
  'after a hash': (code) => `#${code}`,
  'after n°': (code) => `n°${code}`,
  'after №': (code) => `№ ${code}`,
  'E…': (code) => `E${code}`,
  'ERR_…': (code) => `ERR_${code}`,
  'Error… without a space': (code) => `Error${code}`,
  quoted: (code) => `'${code}'`,
  'in parentheses': (code) => `(${code})`,
  'in brackets': (code) => `[${code}]`,
  'in backticks': (code) => `\`${code}\``,
  'in Markdown stars': (code) => `**${code}**`,
  'in HTML': (code) => `<b>${code}</b>`,
  'in XML': (code) => `<ErrorCode>${code}</ErrorCode>`,
  'full-width digits': (code) => digits(code, 0xff10),
  'Arabic digits': (code) => digits(code, 0x660),
  'Devanagari digits': (code) => digits(code, 0x966),
  'mathematical digits': (code) => digits(code, 0x1d7ce),
  'inside direction marks': (code) => `\u202e${code}\u202c`,
  'in terminal colours': (code) => `\u001b[31m${code}\u001b[0m`,
  'as JSON number': (code) => `{"errorCode":${code}}`,
  'as JSON text': (code) => `{"errorCode": "${code}", "message": "x"}`,
  'in JSON within JSON': (code) =>
    `{\\"Message\\":\\"{\\\\\\"errorCode\\\\\\":${code},\\\\\\"trackingId\\\\\\":\\\\\\"a\\\\\\"}\\"}`,
  'as a value': (code) => `ResultType=${code}`,
  'in a row of a table': (code) => `2025-01-01,${code},dev-12,3`,
  'before its name': (code, name) => `${code} ${name}`,
  'after its name': (code, name) => `${name} (${code})`,
  'as an anchor': (code, name) =>
    `https://learn.microsoft.com/azure/iot-hub/troubleshoot-error-codes#${code}-${name.toLowerCase()}-error`,
  'as a short link': (code) => `see more at http://aka.ms/iothub${code}`,
  plural: (code) => `${code}s`,
  'after a mention': (code) => `<at>Hubwatch</at> ${code}`,
};

/** Ways to write a code's name. */
export const spellings: Readonly<Record<string, (name: string) => string>> = {
  'as documented': (name) => name,
  'lower case': (name) => name.toLowerCase(),
  'upper case': (name) => name.toUpperCase(),
  'snake case': (name) => words(name, '_').toLowerCase(),
  'kebab case': (name) => words(name, '-').toLowerCase(),
  'as a constant': (name) => words(name, '_').toUpperCase(),
  'as words': (name) => words(name, ' '),
  'as an ErrorCode': (name) => `ErrorCode:${name};press-22`,
  'in the response header': (name) => `iothub-errorcode: ${name}`,
};

/** Sentences and lines in which a code is asked about or logged. */
export const settings: readonly ((dressed: string) => string)[] = [
  (it) => it,
  (it) => `what does ${it} mean`,
  (it) => `c'est quoi ${it} ?`,
  (it) => `got ${it} from the hub and I already retried`,
  (it) => `Error ${it} when my back end calls the hub`,
  (it) => `bonjour, le hub renvoie ${it} depuis ce matin`,
  (it) => `2025-02-11T06:14:09.882Z WARN [b1946ac9-2492-4d23-8c5e-404104aa0001] device=press-22 ${it} took=311ms`,
  (it) => `${it} on 12/03/2025 at 10:15, port 8883, ip 10.1.2.3, call +33 4 04 10 41 04`,
];

/** Numbers that have the digits of a code and are something else. */
export const decoys: Readonly<Record<string, (code: string) => string>> = {
  order: (code) => `order number ${code} has not arrived`,
  'order, abbreviated': (code) => `order no. ${code}`,
  invoice: (code) => `invoice #${code} is overdue`,
  ticket: (code) => `ticket INC-${code} was assigned`,
  'support request': (code) => `support request ${code}`,
  'pull request': (code) => `PR #${code} merged`,
  build: (code) => `build ${code} failed`,
  version: (code) => `v${code}`,
  'serial number': (code) => `S/N ${code}`,
  device: (code) => `device ${code} is online`,
  'device id': (code) => `{"deviceId":"${code}"}`,
  'part of a device id': (code) => `gw-${code} online`,
  meter: (code) => `meter ${code}`,
  process: (code) => `pid ${code}`,
  line: (code) => `line ${code} of the file`,
  duration: (code) => `took ${code} ms`,
  'duration by key': (code) => `durationMs: ${code}`,
  bytes: (code) => `${code} bytes sent`,
  offset: (code) => `offset ${code}`,
  'sequence number': (code) => `sequenceNumber: ${code}`,
  messages: (code) => `${code} messages today`,
  devices: (code) => `${code} devices connected`,
  euros: (code) => `${split(code, ' ')} €`,
  dollars: (code) => `$${split(code, ',')}`,
  million: (code) => `1,${split(code, ',')}`,
  telephone: (code) => `tel. ${split(code, ' ')}`,
  'telephone, American': (code) => `${split(code, '-')}-1234`,
  'telephone, French': (code) => `+33 6 ${split(code, ' ')}`,
  'call me': (code) => `call me at ${split(code, '-')}`,
  'fraction of a second': (code) => `2025-03-14T08:22:41.${code}Z`,
  'compact timestamp': (code) => `20250314${code}`,
  GUID: (code) => `6f1c2be0-7d4e-4b0e-a1d3-${code}b2a71f`,
  'tracking id': (code) => `6f1c2be07d4e${code}a1d3c9f0b2a71f55`,
  commit: (code) => `commit ${code}f`,
  'hexadecimal number': (code) => `0x${code}`,
  'postal code': (code) => `code postal ${code}`,
  'promotion code': (code) => `promo code ${code}`,
  'verification code': (code) => `your verification code is ${code}`,
  PIN: (code) => `PIN code: ${code}`,
  user: (code) => `user id ${code}`,
  photo: (code) => `IMG_${code}.jpg`,
  'e-mail': (code) => `${code}@qq.com`,
  'issue on GitHub': (code) => `https://github.com/Azure/azure-iot-sdk-c/issues/${code}`,
  'question on a forum': (code) => `https://stackoverflow.com/questions/${code}/foo`,
  'order in a shop': (code) => `https://shop.example.com/orders/${code}`,
  'IP address': (code) => `192.168.${split(code, '.')}`,
  latitude: (code) => `lat 43.${code}`,
  decimal: (code) => `${code}.5 kg`,
  'knowledge base': (code) => `KB${code}`,
  commande: (code) => `ma commande ${code}`,
  facture: (code) => `facture n° ${code}`,
  'numéro de série': (code) => `le numéro de série est ${code}`,
  appareil: (code) => `appareil ${code} en ligne`,
  habitants: (code) => `${code} habitants`,
  'code of a door': (code) => `mon code d'accès est ${code}`,
  'said afterwards': (code) => `${code} is my order number`,
};

function split(code: string, separator: string): string {
  return `${code.slice(0, 3)}${separator}${code.slice(3)}`;
}

function digits(code: string, zero: number): string {
  return Array.from(code, (digit) => String.fromCodePoint(zero + Number(digit))).join('');
}

function words(name: string, separator: string): string {
  return name.replace(/([a-z])([A-Z])/g, `$1${separator}$2`);
}
