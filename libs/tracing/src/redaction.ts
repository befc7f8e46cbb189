import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { SCOPE } from './scope.ts';

const REDACTED = 'REDACTED';

/** Parts of names, in small letters and without punctuation. The semantic conventions list `AWSAccessKeyId`, `Signature`, `sig` and `X-Goog-Signature`. */
const SECRET_PART =
  /passw|passphrase|passcode|pwd|secret|token|apikey|accesskey|privatekey|signature|credential|session|authorization|longnum|cardn|ccv|cvv|cvc|iban/;
/** Whole names that are parts of harmless ones. */
const SECRET_NAMES = new Set(
  ['auth', 'card', 'code', 'jwt', 'key', 'loggedin', 'mdsid', 'otp', 'pan', 'pass', 'pin'].concat([
    'pw',
    'sid',
    'sig',
    'ssn',
  ]),
);
/** A card's number, with or without blanks and dashes, or a JSON web token. */
const SECRET_VALUE = /^(\d([ +-]|%20|%2d)*){12,19}$|^eyJ[\w-]+\.[\w-]+\./i;

/** Replaces the values of a query that look like secrets: `a=1&password=REDACTED`. */
export function redactedQuery(query: string): string {
  return query
    .split(/([&;])/)
    .map((part) => {
      const at = part.indexOf('=');
      const [name, value] = [part.slice(0, Math.max(at, 0)), part.slice(at + 1)];
      if (value === '' || !(isSecretName(name) || SECRET_VALUE.test(value))) return part;
      return part.slice(0, at + 1) + REDACTED;
    })
    .join('');
}

/** The same for a URL or a path with its query. Also parameters of the path, a card's number in it, and a name and a password before the host. */
export function redactedUrl(url: string): string {
  if (!/[?#@;]|\d{4}[ -]?\d{4}/.test(url)) return url;
  const [address = '', ...rest] = url.split(/(?<=[?#])/);
  const open = address
    .replace(/^([a-z][\w+.-]*:)?\/\/[^/?#@]*@/i, `$1//${REDACTED}:${REDACTED}@`)
    .replace(/(?<=;)[^/?#;]+/g, redactedQuery);
  return [withoutCards(open), ...rest.map(redactedPart)].join('');
}

/** The same for a text, such as the message of an error: URLs, pairs of a name and a value, tokens and numbers of cards inside of it. */
export function redactedText(text: string): string {
  if (!/[:=]|bearer|basic |eyJ|\d{4}[ -]?\d{4}/i.test(text)) return text;
  const plain = text
    .replace(/:\/\/[^\s/?#@"']+@/g, `://${REDACTED}:${REDACTED}@`)
    .replace(/(?<=[?&;#])([^\s?&;#="']+)=([^\s&;#"']+)/g, redactedQuery)
    .replace(/\b(bearer)\s+[\w.~+/-]{8,}=*/gi, `$1 ${REDACTED}`)
    .replace(/\b(basic)\s+(?=[\w+/]*[\d=+/])[\w+/]{8,}=*/gi, `$1 ${REDACTED}`)
    .replace(/\beyJ[\w-]{6,}\.[\w-]+(\.[\w-]*)?/g, REDACTED)
    .replace(PAIR, (all: string, name: string, between: string) =>
      SECRET_PART.test(plainName(name)) ? `${name}${between}${REDACTED}` : all,
    );
  return withoutCards(plain);
}

/** `password: x`, `"password":"x"`, `Password=x;`: a value ends at a blank, a quote or a punctuation mark. */
const PAIR = /([\w.-]+)(\\?["']?\s*[:=]\s*\\?["']?)(?!REDACTED)([^\s"'\\,;&})\]]+)/g;

/** The digits of a card, together or in groups. Times in micro- and milliseconds begin with a 1, as no card does. */
function withoutCards(text: string): string {
  return text.replace(/(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w.-])/g, (digits) =>
    isCard(digits.replace(/\D/g, '')) ? REDACTED : digits,
  );
}

/** Luhn's check, which nine of ten other numbers fail. */
function isCard(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}

/** `a=1#`: what follows `?` or `#`, up to the next of them. */
function redactedPart(part: string): string {
  const end = /[?#]$/.exec(part)?.[0] ?? '';
  return redactedQuery(part.slice(0, part.length - end.length)) + end;
}

/** The value of a field of a log line, unless the field is named like a secret. */
export function redactedField(name: string, value: string): string {
  return SECRET_PART.test(plainName(name)) ? REDACTED : redactedText(value);
}

function plainName(name: string): string {
  return decoded(name)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return SECRET_PART.test(plain) || SECRET_NAMES.has(plain);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a % without two hex digits
  }
}

const REDACTIONS: Readonly<Record<string, (text: string) => string>> = {
  'url.full': redactedUrl,
  'url.original': redactedUrl,
  'url.path': redactedUrl,
  'http.url': redactedUrl,
  'http.target': redactedUrl,
  'url.query': redactedQuery,
  'exception.message': redactedText,
  'exception.stacktrace': redactedText,
};
const REDACTABLE = Object.entries(REDACTIONS);
/** Headers that an instrumentation was told to record. */
const HEADER = /^http\.(request|response)\.header\.(.+)$/;
const SECRET_HEADERS = new Set(['cookie', 'set-cookie', 'proxy-authorization']);
/** Literals in a query: values may have been written into it. */
const LITERAL = /'(?:[^']|'')*'|(?<![\w$@:`"])\d+(?:\.\d+)?(?![\w`"])/g;

/** A copy without secrets. */
export function redactedAttributes(attributes: Attributes): Attributes {
  const copy = { ...attributes };
  redact(copy);
  return copy;
}

function redact(attributes: Attributes): void {
  for (const [name, redacted] of REDACTABLE) {
    const value = attributes[name];
    if (typeof value === 'string') attributes[name] = redacted(value);
  }
}

/** Spans of other instrumentations may have more: headers, and queries with their values. */
function redactForeign(attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const [, , header] = HEADER.exec(name) ?? [];
    if (header !== undefined) {
      const secret = SECRET_HEADERS.has(header) || isSecretName(header);
      attributes[name] = secret ? [REDACTED] : textsOf(value).map(redactedText);
    } else if (name === 'db.query.text' || name === 'db.statement') {
      attributes[name] = String(value).replace(LITERAL, '?');
    }
  }
}

function textsOf(value: Attributes[string]): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Removes secrets from ended spans, also of browsers and of other instrumentations. Must come before the processors that export. */
export class Redaction implements SpanProcessor {
  onStart(): void {
    // nothing to do: attributes may change until the end
  }

  onEnd(span: ReadableSpan): void {
    redact(span.attributes);
    for (const { attributes } of span.events) if (attributes) redact(attributes);
    if (span.status.message !== undefined) span.status.message = redactedText(span.status.message);
    if (span.instrumentationScope.name === SCOPE.name) return;
    redactForeign(span.attributes);
    if (/[?@=]/.test(span.name)) Object.assign(span, { name: redactedText(span.name) });
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
