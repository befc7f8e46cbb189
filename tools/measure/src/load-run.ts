import { CookieJar } from '@sockshop/loadtest';
import { createHash, randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { type Expectation, latencyOf, type Load, type LoadResult, type Step } from './load.ts';

/** A wrong address must not stop a run for ever, and no response of a working shop takes so long. */
const RESPONSE_WITHIN_MS = 60_000;

/** Drives loads and keeps the cookies of their sessions. */
export class LoadRun {
  private readonly run = randomBytes(4).toString('hex');
  private readonly sessions = new Map<string, CookieJar[]>();
  private nth = 0;

  async drive(load: Load): Promise<LoadResult> {
    const { url, connections, variants } = load;
    const within = { bodyTimeout: RESPONSE_WITHIN_MS, headersTimeout: RESPONSE_WITHIN_MS };
    const pool = new Pool(url, { connections, ...within });
    const failures = new Map<string, number>();
    const fail = (what: string): void => {
      failures.set(what, (failures.get(what) ?? 0) + 1);
    };
    try {
      const jars = await this.setUp(pool, load, fail);
      const times: number[] = [];
      const startedAt = performance.now();
      const until = startedAt + load.seconds * 1000;
      const iterate = async (connection: number): Promise<void> => {
        let variant = connection;
        do {
          const begin = performance.now();
          const nth = this.nth++;
          for (const step of variants[variant++ % variants.length] ?? [])
            await this.send(pool, step, { connection, nth }, jars[connection], fail);
          times.push(performance.now() - begin);
        } while (performance.now() < until && times.length < (load.most ?? Infinity));
      };
      await Promise.all(Array.from({ length: connections }, (_, index) => iterate(index)));
      return {
        iterations: times.length,
        seconds: (performance.now() - startedAt) / 1000,
        latency: latencyOf(Float64Array.from(times)),
        failures: Object.fromEntries(failures),
      };
    } finally {
      await pool.destroy();
    }
  }

  /** The cookies of each connection; those that the session does not have yet are set up. */
  private async setUp(
    pool: Pool,
    { connections, session, setUp = [] }: Load,
    fail: (what: string) => void,
  ): Promise<CookieJar[]> {
    if (session === undefined) return [];
    const jars = this.sessions.get(session) ?? [];
    this.sessions.set(session, jars);
    const missing = Array.from({ length: connections }, (_, index) => index).slice(jars.length);
    for (const connection of missing) jars[connection] = new CookieJar();
    const one = async (connection: number): Promise<void> => {
      const nth = this.nth++;
      for (const step of setUp)
        await this.send(pool, step, { connection, nth }, jars[connection], fail);
    };
    // A few at a time: setting up is no part of the load, and a shop refuses too many logins at once.
    const rest = missing.values();
    const worker = async (): Promise<void> => {
      for (const connection of rest) await one(connection);
    };
    await Promise.all(Array.from({ length: Math.min(4, connections) }, worker));
    return jars;
  }

  private async send(
    pool: Pool,
    { method, path, headers, json, credentials, expect }: Step,
    numbers: { connection: number; nth: number },
    jar: CookieJar | undefined,
    fail: (what: string) => void,
  ): Promise<void> {
    const filled = (text: string): string =>
      text.includes('{')
        ? text
            .replaceAll('{connection}', String(numbers.connection))
            .replaceAll('{nth}', String(numbers.nth))
            .replaceAll('{run}', this.run)
        : text;
    try {
      const response = await pool.request({
        method,
        path: filled(path),
        headers: {
          ...jar?.header(),
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...(credentials && { authorization: basic(credentials, filled) }),
          ...(headers && mapped(headers, filled)),
        },
        body: json === undefined ? null : filled(JSON.stringify(json)),
      });
      const body = Buffer.from(await response.body.arrayBuffer());
      jar?.take(response.headers['set-cookie']);
      const wrong = wrongIn(response.statusCode, body, expect);
      if (wrong !== undefined) fail(`${method} ${path}: ${wrong}`);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      fail(`${method} ${path}: ${code}`);
    }
  }
}

/** Says what is wrong with a response, in few different texts. */
function wrongIn(status: number, body: Buffer, expect: Expectation): string | undefined {
  if (status !== expect.status) return `status ${status}`;
  if (expect.sha256 !== undefined && sha256(body) !== expect.sha256) return 'another body';
  const { contains = [], elements } = expect;
  if (contains.length > 0) {
    const text = body.toString();
    const missing = contains.find((each) => !text.includes(each));
    if (missing !== undefined) return `no ${missing} in the body`;
  }
  if (elements === undefined) return undefined;
  return elementsOf(body) >= elements ? undefined : `no list of ${elements} elements`;
}

function elementsOf(body: Buffer): number {
  try {
    const list: unknown = JSON.parse(body.toString());
    return Array.isArray(list) ? list.length : 0;
  } catch {
    return 0;
  }
}

export function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}

function basic(
  { username, password }: NonNullable<Step['credentials']>,
  filled: (text: string) => string,
): string {
  return `Basic ${Buffer.from(filled(`${username}:${password}`)).toString('base64')}`;
}

function mapped(
  headers: Readonly<Record<string, string>>,
  filled: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)]));
}
