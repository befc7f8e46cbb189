import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

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

/** The same for a URL or a path with its query. A name and a password before the host are replaced, too. */
export function redactedUrl(url: string): string {
  if (!/[?#@]/.test(url)) return url;
  const [address = '', ...rest] = url.split(/(?<=[?#])/);
  const open = address.replace(/^([a-z][\w+.-]*:)?\/\/[^/?#@]*@/i, `$1//${REDACTED}:${REDACTED}@`);
  return [open, ...rest.map(redactedPart)].join('');
}

/** The same for URLs inside of a text, such as the message of an error. */
export function redactedText(text: string): string {
  if (!/:\/\/|[?&;#][^=]+=/.test(text)) return text;
  return text
    .replace(/:\/\/[^\s/?#@"']+@/g, `://${REDACTED}:${REDACTED}@`)
    .replace(/(?<=[?&;#])([^\s?&;#="']+)=([^\s&;#"']+)/g, redactedQuery);
}

/** `a=1#`: what follows `?` or `#`, up to the next of them. */
function redactedPart(part: string): string {
  const end = /[?#]$/.exec(part)?.[0] ?? '';
  return redactedQuery(part.slice(0, part.length - end.length)) + end;
}

function isSecretName(name: string): boolean {
  const plain = decoded(name)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
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
};
const REDACTABLE = Object.entries(REDACTIONS);

/** A copy without secrets in its URLs. */
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

/** Removes secrets from the URLs of ended spans, also of spans from browsers. Must come before the processors that export. */
export class Redaction implements SpanProcessor {
  onStart(): void {
    // nothing to do: attributes may change until the end
  }

  onEnd(span: ReadableSpan): void {
    redact(span.attributes);
  }

  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
