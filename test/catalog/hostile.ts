/** Characters of each text: what is looked at of a pasted log. */
const size = 100_000;

const letters = 'abcdefghijklmnopqrstuvwxyz';
const names =
  'DeviceNotFoundException IotHubThrottledException UnauthorizedException QuotaExceededException DeviceConnectionClosedRemotely LinkCreationConflict ServiceUnavailableException GatewayTimeoutException MessageTooLargeException DeviceMaximumQueueDepthExceeded'.split(
    ' ',
  );
const english =
  'the device does not connect to the hub since this morning and we see many timeouts in the gateway when it renews its token'.split(
    ' ',
  );
const french =
  "l'appareil ne se connecte plus au hub depuis ce matin où nous voyons beaucoup de délais dépassés à la passerelle".split(
    ' ',
  );
const codes = '404104 401003 429001 500001 403002 409002 400027 504101'.split(' ');
/** The zero of some scripts: Arabic, Devanagari, Thai, full-width, mathematical. */
const zeros = [0x660, 0x966, 0xe50, 0xff10, 0x1d7ce];

/** Numbers that look random and are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Pieces, one after the other, until they are 100 kB. */
function fill(piece: (next: (below: number) => number, i: number) => string, separator = ' '): string {
  const next = random(7);
  let text = '';
  for (let i = 0; text.length < size; i++) text += piece(next, i) + separator;
  return text.slice(0, size);
}

/** A name with one letter that does not belong there; `i` makes each different. */
export function misspelt(i: number): string {
  const name = names[i % names.length] ?? '';
  const at = 2 + (Math.floor(i / names.length) % (name.length - 4));
  const [one = '', other = ''] = [letters[i % 26], letters[Math.floor(i / 26) % 26]];
  return `${name.slice(0, at)}${one}${name.slice(at + 1, -1)}${other}`;
}

function inDigitsOf(zero: number, digits: string): string {
  return Array.from(digits, (digit) => String.fromCodePoint(zero + Number(digit))).join('');
}

const word = (next: (below: number) => number): string =>
  Array.from({ length: 3 + next(9) }, () => letters[next(26)]).join('');
const oneOf = (list: readonly string[], next: (below: number) => number): string => list[next(list.length)] ?? '';

/** Texts of 100 kB made to be costly, by what they are. */
export const hostile: Readonly<Record<string, () => string>> = {
  'English prose': () => fill((next) => oneOf(english, next)),
  'French prose': () => fill((next) => oneOf(french, next)),
  'French prose with an emoji': () => fill((next, i) => (i === 50 ? '😀' : oneOf(french, next))),
  'combining marks': () => fill(() => 'e\u0301\u0302\u0303', ''),
  'characters that stand for eighteen': () => '\ufdfa'.repeat(size),
  'Chinese characters': () => fill((next) => String.fromCharCode(0x4e00 + next(20_000)), ''),
  'codes in digits of other scripts': () => fill((next) => inDigitsOf(zeros[next(5)] ?? 0x660, oneOf(codes, next))),
  'full-width words': () =>
    fill((next) => Array.from(word(next), (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('')),
  'misspelt names': () => fill((_, i) => misspelt(i)),
  'misspelt names with underscores': () => fill((_, i) => misspelt(i).replaceAll(/([a-z])(?=[A-Z])/g, '$1_')),
  'misspelt names in words': () =>
    fill(
      (_, i) =>
        misspelt(i)
          .replaceAll(/([a-z])(?=[A-Z])/g, '$1 ')
          .toLowerCase(),
      ', ',
    ),
  'names that begin alike': () => fill((next) => `iothub${word(next)}${word(next)}`),
  'AMQP conditions that are none': () => fill((next) => `com.microsoft:iothub-${word(next)}-${word(next)}`),
  'stack traces': () =>
    fill(
      (next, i) =>
        `com.example.${misspelt(i)}: timeout\n\tat com.example.${word(next)}(${word(next)}.java:${String(i)})`,
      '\n',
    ),
  'a log as JSON': () =>
    fill(
      (next, i) =>
        `{"deviceId":"press-${String(i)}","statusCode":"${oneOf(codes, next)}","durationMs":${String(400_000 + next(200_000))}}`,
      ',\n',
    ),
  'GUIDs without hyphens': () =>
    fill((next) => Array.from({ length: 32 }, () => '0123456789abcdef'[next(16)]).join('')),
  HTML: () => fill((next) => `<p class="x">error <b>${word(next)}</b> &amp; &#52; %34</p>`),
  backslashes: () => '\\'.repeat(size),
  'one word': () => 'a'.repeat(size),
  digits: () => '4'.repeat(size),
  spaces: () => ' '.repeat(size),
  emoji: () => '😀'.repeat(size / 2),
  'codes side by side': () => fill((next) => oneOf(codes, next), ','),
  'codes of orders': () => fill((next) => `order ${oneOf(codes, next)}`),
  'codes digit by digit': () => fill((next) => oneOf(codes, next).split('').join('-'), ' , '),
  families: () => fill(() => '404xxx 429xxx 4001xx'),
  statuses: () => fill((next) => `the ${oneOf(['404', '500', '503'], next)} ${word(next)}`),
  'a log of many devices': () =>
    fill((next, i) => `device=press-${String(i % 900)} code ${oneOf(codes, next)} ${oneOf(codes, next)}`, '\n'),
};
