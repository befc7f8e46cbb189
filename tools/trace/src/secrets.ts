/** Kinds of secrets, as they are named in findings. */
export type Secret = 'card' | 'credential' | 'e-mail';

/** Longer values are searched up to here: a hostile one must not take long. */
const LONGEST = 20_000;
const REDACTED =
  /^(?:[*x•.]+|\?|<?\[?\(?(?:redacted|filtered|masked|hidden|removed|secret|none|null|undefined|true|false|present)\)?\]?>?|\{[\w ]*\}|\$\{?\w+\}?|:\w+|%s)$/i;

const CARD = /(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-]|\.\d)/g;
/** The issuers of cards, by first digits and length: any number of 16 digits would be right in one of ten cases. */
const ISSUERS =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12})$/;

const CREDENTIALS: readonly RegExp[] = [
  /\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, // JSON web token
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\b(?:Bearer|Basic)\s+(?=[^\s]{0,2000}[\d=])[\w.~+/-]{8,2000}=*/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY/g,
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|[sr]k_(?:live|test)_\w{10,}|AIza[\w-]{30,}|glpat-[\w-]{16,}|npm_\w{30,})/g,
];
/** In queries and connection strings; in JSON; in headers. After a colon without quotes stands an explanation more often than a value. */
const NAMED: readonly RegExp[] = [
  /(?<![\w-])([\w.-]{2,40})\s{0,3}=\s{0,3}["']?([^\s"'&;,}{]{1,400})/g,
  /["']([\w.-]{2,40})\\?["']\s{0,3}:\s{0,3}\\?["']?([^\s"'\\&;,}{]{1,400})/g,
  /(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie|x-api-key):\s{0,3}([^\r\n]{1,400})/gi,
];
const IN_URL = /\b[a-z][\w+.-]{0,20}:\/\/([^\s/?#@:"']{0,200}):([^\s/?#@"']{1,200})@/gi;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,18}(?![\w-])/gi;

/** Words of a name that say that its value is a secret. */
const SECRET_WORDS = new Set(
  [
    'password',
    'passwd',
    'passphrase',
    'passcode',
    'pwd',
    'secret',
    'token',
    'authorization',
  ].concat(
    ['apikey', 'accesskey', 'secretkey', 'privatekey', 'signature', 'sig', 'credential', 'jwt'],
    ['credentials', 'cookie', 'cvv', 'ccv', 'cvc', 'ssn', 'longnum', 'cardnumber', 'iban', 'pin'],
    ['awsaccesskeyid', 'otp', 'sessionid', 'jsessionid', 'phpsessid'],
  ),
);
const PAIRS = new Set(
  ['api key', 'access key', 'secret key', 'private key', 'card number', 'session token'].concat([
    'shared key',
    'account key',
    'encryption key',
    'pass word',
  ]),
);
/** What such a name means together with the word after it is harmless. */
const HARMLESS_ENDS = new Set([
  'type',
  'count',
  'length',
  'size',
  'name',
  'expiry',
  'expires',
  'ttl',
]);

/** Whether the value of a field of that name is a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .slice(0, 200)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  if (HARMLESS_ENDS.has(words.at(-1) ?? '')) return false;
  return words.some(
    (word, index) =>
      SECRET_WORDS.has(word) ||
      PAIRS.has(`${word} ${words[index + 1] ?? ''}`) ||
      SECRET_WORDS.has(word + (words[index + 1] ?? '')),
  );
}

/** A value in the place of a secret that is none: replaced, empty, or a placeholder. */
export function isRedacted(value: string): boolean {
  return value.trim() === '' || REDACTED.test(value.trim()) || /redacted|\*{3}/i.test(value);
}

/** The kinds of secrets in a text. */
export function secretsIn(text: string): Set<Secret> {
  const found = new Set<Secret>();
  replaceSecrets(text.slice(0, LONGEST), (kind) => {
    found.add(kind);
    return '';
  });
  return found;
}

/** The text with the name of the kind in place of each secret. */
export function withoutSecrets(text: string): string {
  return replaceSecrets(text, (kind) => `[${kind}]`);
}

function replaceSecrets(text: string, by: (kind: Secret) => string): string {
  let result = text;
  if (/\d{4}/.test(text)) result = result.replace(CARD, (it) => (isCard(it) ? by('card') : it));
  if (text.length > 7) {
    for (const pattern of CREDENTIALS)
      result = result.replace(pattern, (it) => (isRedacted(it) ? it : by('credential')));
    if (/[=:]/.test(result)) {
      result = result.replace(IN_URL, (it, _user: string, password: string) =>
        isRedacted(password) ? it : by('credential'),
      );
      for (const pattern of NAMED)
        result = result.replace(pattern, (it, name: string, value: string) =>
          isSecretName(name) && !isRedacted(value) ? by('credential') : it,
        );
    }
    if (result.includes('@')) result = result.replace(EMAIL, () => by('e-mail'));
  }
  return result;
}

function isCard(text: string): boolean {
  const digits = text.replaceAll(/[ -]/g, '');
  return ISSUERS.test(digits) && luhn(digits);
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
