import { redactedText } from './redaction.ts';

/** An error may be its own cause, by mistake. */
const MOST_CAUSES = 8;

/** Also one of another realm, such as Node's own in a test of Jest's, and a DOMException, which is no Error everywhere. */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  const { name, message } = value as Partial<Error>;
  return typeof name === 'string' && typeof message === 'string';
}

/** What an exception event says of an error: no secret, and the causes that led to it. */
export interface ExceptionFacts {
  /** A code such as ECONNREFUSED, else the class. */
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** The error and what caused it, the outermost first. Of several at once (two addresses of one name) the first counts. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  let at = error;
  while (isError(at) && chain.length < MOST_CAUSES) {
    chain.push(at);
    at = causeOf(at);
  }
  return chain;
}

function causeOf(error: Error): unknown {
  if (error.cause !== undefined) return error.cause;
  if ('errors' in error && Array.isArray(error.errors)) return error.errors[0];
  return 'driverError' in error ? error.driverError : undefined; // TypeORM's
}

/** Codes that mean the same as another one, which says it in few words. */
const SAME: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'cancelled',
  UND_ERR_SOCKET: 'ECONNRESET', // the other side closed the connection
  ABORT_ERR: 'cancelled',
};

/**
 * Why a call got no answer, as an `error.type`: `timeout` for an answer that is late, `cancelled` for a call that is not wanted any longer,
 * else the code of the innermost error that has one. Codes are words that Node, OpenSSL and drivers define: ECONNREFUSED, ECONNRESET,
 * ENOTFOUND, EAI_AGAIN, ETIMEDOUT (no connection in time), CERT_HAS_EXPIRED. Undefined without any.
 */
export function failureCode(error: unknown): string | undefined {
  for (const each of causesOf(error).reverse()) {
    if (each.name === 'TimeoutError') return 'timeout';
    if (each.name === 'AbortError') return 'cancelled';
    const { code } = each as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,59}$/.test(code)) return SAME[code] ?? code;
  }
  return undefined;
}

/** A text about the error, without values: a database's own texts quote what was to be stored. */
export function safeMessage(error: Error): string {
  const { code, codeName, errno, sqlState, errcode, errstr, driverError } = error as Error & Said;
  if (isError(driverError)) return safeMessage(driverError);
  if (typeof errcode === 'number') return `${text(errstr) ?? 'SQLite error'} (${errcode})`;
  if (typeof errno === 'number' && typeof sqlState === 'string')
    return `${text(code) ?? 'SQL error'} (${errno}, SQL state ${sqlState})`;
  if (error.name.startsWith('Mongo') && typeof code === 'number')
    return `${text(codeName) ?? 'error'} (${code})`;
  if (typeof code === 'string' && 'severity' in error && /^[0-9A-Z]{5}$/.test(code))
    return `SQL state ${code}`;
  if (QUOTES_VALUES.test(error.name)) return error.message.replace(/(["'`]).*\1/gs, '$1…$1');
  if (error.message === '' && 'errors' in error && Array.isArray(error.errors))
    return error.errors.filter(isError).map(safeMessage).join('; ');
  return redactedText(error.message);
}

/** Classes whose texts quote what they were given. */
const QUOTES_VALUES = /^(SyntaxError|CastError|ValidationError|ValidatorError|StrictModeError)$/;

/** The fields of errors of node:sqlite, MySQL's and MongoDB's drivers, PostgreSQL's driver and TypeORM. */
interface Said {
  code?: unknown;
  codeName?: unknown;
  errno?: unknown;
  sqlState?: unknown;
  errcode?: unknown;
  errstr?: unknown;
  driverError?: unknown;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The error in one line with its causes, for a log: `UnavailableError: carts is not available (cause: Error: connect ECONNREFUSED …)`. */
export function errorLine(error: Error): string {
  const [outer = '', ...causes] = causesOf(error).map(titleOf);
  return `${outer}${causes.map((cause) => ` (cause: ${cause})`).join('')}`;
}

/** For a span's exception event, or the log record that takes its place. */
export function exceptionFacts(error: Error): ExceptionFacts {
  const { code } = error as { code?: unknown };
  return {
    name: text(code) ?? error.name,
    message: safeMessage(error),
    stack: causesOf(error)
      .map((each) => `${titleOf(each)}${framesOf(each)}`)
      .join('\nCaused by: '),
  };
}

function titleOf(error: Error): string {
  return `${error.name}: ${safeMessage(error)}`;
}

/** Where it happened: the stack without the text before it, which is the message. */
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  const rest = at === -1 ? stack : stack.slice(at + message.length);
  const frames = rest.split('\n').filter((line) => /^ +at /.test(line));
  return frames.map((frame) => `\n${frame}`).join('');
}
