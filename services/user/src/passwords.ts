import type { Metrics } from '@sockshop/metrics';
import { Bulkhead, BulkheadFullError } from '@sockshop/resilience/bulkhead';
import { UnavailableError } from '@sockshop/service';
import { Traced } from '@sockshop/tracing';
import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { StoredPassword } from './user-store.ts';

/**
 * argon2id, about 60 ms of one core each. OWASP asks for at least 19 MiB and two passes. `memory` (KiB) is above 32 MiB because glibc
 * returns blocks of that size after each hash and keeps smaller ones in the pools of its threads (measured: 135 MiB).
 */
const COST = { memory: 33_792, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Each hash occupies its memory and a core while it runs. */
const AT_ONCE = 2;
/** Some seconds of work, as long as callers wait; further ones get 503. Guesses are held back before. */
const WAIT_LIMIT = 300;

/** So that a guess against the original's hash, which takes no time, is no faster than a hundred in a second. */
const QUICK_MS = 10;

const derive = promisify(argon2);

interface Argon2id {
  cost: typeof COST;
  salt: Buffer;
  hash: Buffer;
}

/** Checked for unknown accounts, so that these take as long as a wrong password. */
const UNKNOWN_ACCOUNT: Argon2id = {
  cost: COST,
  salt: randomBytes(SALT_BYTES),
  hash: Buffer.alloc(HASH_BYTES),
};

/** Hashes and checks passwords: argon2id in PHC string form; the original's salted SHA-1 is only read. */
export class Passwords {
  private readonly bulkhead: Bulkhead;

  constructor(metrics: Metrics, waitLimit = WAIT_LIMIT) {
    const bounds = { limit: AT_ONCE, waitLimit };
    this.bulkhead = new Bulkhead({ name: 'password', ...bounds, metrics });
  }

  /** A PHC string. Does not begin once `signal` has aborted. */
  async hash(password: string, signal?: AbortSignal): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const input = { cost: COST, salt, hash: Buffer.alloc(HASH_BYTES) };
    const hash = await this.run(password, input, signal);
    const { memory, passes, parallelism } = COST;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
  }

  /**
   * `outdated`: the password is right and must be hashed again. It takes the same time whether the account is unknown, has no password, or
   * has another one. The original's hash is checked faster, but hashing it again takes the rest. `quick` leaves the rest out, for a caller
   * to whom the time tells nothing.
   */
  async verify(
    stored: StoredPassword | undefined,
    password: string,
    { signal, quick = false }: { signal?: AbortSignal; quick?: boolean } = {},
  ): Promise<{ matches: boolean; outdated: boolean }> {
    const known = parse(stored?.hash ?? '');
    if (stored && !known && isOriginals(stored, password)) return { matches: true, outdated: true };
    if (!known && quick) {
      await pause(QUICK_MS);
      return { matches: false, outdated: false };
    }
    const { hash, cost } = known ?? UNKNOWN_ACCOUNT;
    const actual = await this.run(password, known ?? UNKNOWN_ACCOUNT, signal);
    const equal = timingSafeEqual(hash, actual);
    const outdated = cost.memory !== COST.memory || cost.passes !== COST.passes;
    return { matches: known !== undefined && equal, outdated };
  }

  private async run(
    password: string,
    { cost, salt, hash }: Argon2id,
    signal: AbortSignal | undefined,
  ): Promise<Buffer> {
    const input = { message: password, nonce: salt, tagLength: hash.length, ...cost };
    try {
      return await this.bulkhead.run(() => this.derive(input), signal);
    } catch (error) {
      if (error instanceof BulkheadFullError) throw new UnavailableError('the password check');
      throw error;
    }
  }

  /** Most of a login's time. */
  @Traced('hash password')
  private derive(input: Parameters<typeof argon2>[1]): Promise<Buffer> {
    return derive('argon2id', input);
  }
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

function parse(text: string): Argon2id | undefined {
  const match = PHC.exec(text);
  if (!match) return undefined;
  const [, memory, passes, parallelism, salt = '', hash = ''] = match;
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

/** The original stores the hex SHA-1 of salt and password. */
function isOriginals({ hash, salt }: StoredPassword, password: string): boolean {
  const expected = Buffer.from(hash);
  const actual = Buffer.from(createHash('sha1').update(salt).update(password).digest('hex'));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** PHC strings leave the padding off. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
