import { describe, expect, it } from '@jest/globals';
import { errorLine, exceptionFacts, failureCode, safeMessage } from '../src/exceptions.ts';

const CANARY = 'canary-15@socks.example';

/** An error of some library. */
function error(name: string, message: string, fields: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(message), { name }, fields);
}

const mysql = (code: string, message: string) =>
  error('Error', message, { code, errno: 1062, sqlState: '23000', sqlMessage: message });

/** Errors whose own text quotes what was to be stored, or a credential. */
const LEAKY: readonly [string, Error, string][] = [
  [
    'a duplicate key of MongoDB',
    error('MongoServerError', `E11000 dup key: { email: "${CANARY}" }`, {
      code: 11_000,
      codeName: 'DuplicateKey',
    }),
    'DuplicateKey (11000)',
  ],
  [
    'a bulk write of MongoDB',
    error('MongoBulkWriteError', `E11000 dup key: { email: "${CANARY}" }`, { code: 11_000 }),
    'error (11000)',
  ],
  [
    'a duplicate entry of MySQL',
    mysql('ER_DUP_ENTRY', `Duplicate entry '${CANARY}' for key 'x'`),
    'ER_DUP_ENTRY (1062, SQL state 23000)',
  ],
  [
    "TypeORM's error around it",
    error('QueryFailedError', `Duplicate entry '${CANARY}'`, {
      driverError: mysql('ER_DUP_ENTRY', `Duplicate entry '${CANARY}'`),
      parameters: [CANARY],
    }),
    'ER_DUP_ENTRY (1062, SQL state 23000)',
  ],
  [
    'a text search of SQLite',
    error('Error', `fts5: syntax error near "${CANARY}"`, {
      code: 'ERR_SQLITE_ERROR',
      errcode: 1,
      errstr: 'SQL logic error',
    }),
    'SQL logic error (1)',
  ],
  [
    'PostgreSQL',
    error('error', `invalid input "${CANARY}"`, { code: '22P02', severity: 'ERROR' }),
    'SQL state 22P02',
  ],
  [
    'text that is no JSON',
    error('SyntaxError', `Unexpected token 'c', "${CANARY}"... is not valid JSON`),
    'Unexpected token \'…"... is not valid JSON',
  ],
  [
    'a value of the wrong type',
    error('CastError', `Cast to Number failed for value "${CANARY}" (type string)`),
    'Cast to Number failed for value "…" (type string)',
  ],
  [
    'a connection string',
    error('Error', `cannot parse mongodb://carts:${CANARY.split('@')[0]!}@db:27017/data`),
    'cannot parse mongodb://REDACTED:REDACTED@db:27017/data',
  ],
];

describe('the text of an error', () => {
  it.each(LEAKY)('has no value of %s', (_what, leaky, expected) => {
    const secret = CANARY.split('@')[0]!;
    const outer = new Error('not stored', { cause: leaky });
    const { name, message, stack } = exceptionFacts(outer);
    expect([name, message, stack, errorLine(outer)].join(' ')).not.toContain(secret);
    if (!_what.includes('JSON')) expect(safeMessage(leaky)).toBe(expected);
  });

  it('names the causes, each with its place in the code', () => {
    const cause = error('Error', 'connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED' });
    const outer = error('UnavailableError', 'carts is not available', { cause });
    const { name, message, stack } = exceptionFacts(outer);
    expect([name, message]).toEqual(['UnavailableError', 'carts is not available']);
    expect(stack).toMatch(
      /^UnavailableError: carts is not available\n {4}at .*\nCaused by: Error: connect ECONNREFUSED 127\.0\.0\.1:1\n {4}at /s,
    );
    expect(exceptionFacts(cause).name).toBe('ECONNREFUSED');
    expect(errorLine(outer)).toBe(
      'UnavailableError: carts is not available (cause: Error: connect ECONNREFUSED 127.0.0.1:1)',
    );
  });

  it('ends with an error that is its own cause', () => {
    const own = new Error('loop');
    own.cause = own;
    expect(errorLine(own)).toMatch(/^Error: loop( \(cause: Error: loop\))+$/);
  });

  it('of several errors at once has those of all', () => {
    const both = ['::1', '127.0.0.1'].map((host) =>
      error('Error', `connect ECONNREFUSED ${host}:1`, { code: 'ECONNREFUSED' }),
    );
    const all = new AggregateError(both);
    expect(safeMessage(all)).toBe('connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1');
    expect(failureCode(all)).toBe('ECONNREFUSED');
  });
});

describe('the code of a failed call', () => {
  it.each([
    [
      'innermost',
      new Error('x', { cause: error('Error', 'y', { code: 'ECONNRESET' }) }),
      'ECONNRESET',
    ],
    ['of TLS', error('Error', 'expired', { code: 'CERT_HAS_EXPIRED' }), 'CERT_HAS_EXPIRED'],
    [
      'of undici for no connection in time',
      error('ConnectTimeoutError', 'x', { code: 'UND_ERR_CONNECT_TIMEOUT' }),
      'ETIMEDOUT',
    ],
    [
      'of undici for a late answer',
      error('HeadersTimeoutError', 'x', { code: 'UND_ERR_HEADERS_TIMEOUT' }),
      'timeout',
    ],
    [
      'of undici for a closed connection',
      error('SocketError', 'x', { code: 'UND_ERR_SOCKET' }),
      'ECONNRESET',
    ],
    ['of a signal with a deadline', new DOMException('late', 'TimeoutError'), 'timeout'],
    ['of a signal of the caller', new DOMException('gone', 'AbortError'), 'cancelled'],
    ['of many values', error('Error', 'x', { code: 'order 4711' }), undefined],
    ['of no error', 'text', undefined],
  ])('is the one %s', (_what, thrown, expected) => {
    expect(failureCode(thrown)).toBe(expected);
  });
});
