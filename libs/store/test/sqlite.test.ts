import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { HealthReport } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, toZipkin, tracingConfig } from '@sockshop/tracing';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sqlite } from '../src/sqlite.ts';

const SCHEMA = 'CREATE TABLE IF NOT EXISTS sock (id TEXT PRIMARY KEY, price REAL NOT NULL) STRICT';
const INSERT = 'INSERT INTO sock (id, price) VALUES (?, ?)';
const SELECT = 'SELECT id, price FROM sock ORDER BY id';
const CANARY = '5544154011345918';

let folder: string;
let spans: InMemorySpanExporter;
let telemetry: Telemetry;
let store: Sqlite;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-test-'));
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('catalogue', tracingConfig({}), spans);
  store = new Sqlite('sqlite::memory:', 'socksdb', telemetry, SCHEMA);
});
afterEach(async () => {
  store.close();
  await telemetry.shutdown();
  rmSync(folder, { recursive: true });
});
const add = (id: string, price = 1): number => store.run('INSERT sock', INSERT, id, price);
const ids = (): unknown[] => store.all('SELECT sock', SELECT).map((row) => row['id']);
const inRequest = <T>(work: () => T): Promise<T> =>
  inSpan(telemetry, 'GET /catalogue', { kind: SpanKind.SERVER }, work);

describe('Sqlite', () => {
  it('reads all rows, the first, and none', () => {
    expect([add('a', 1.5), add('b', 2)]).toEqual([1, 1]);
    expect(store.all('SELECT sock', SELECT)).toEqual([
      { id: 'a', price: 1.5 },
      { id: 'b', price: 2 },
    ]);
    expect(store.get('SELECT sock', SELECT)).toEqual({ id: 'a', price: 1.5 });
    expect(store.get('SELECT sock', 'SELECT id FROM sock WHERE id = ?', 'c')).toBeUndefined();
  });

  it('returns how many rows it changed', () => {
    add('a');
    add('b');
    expect(store.run('UPDATE sock', 'UPDATE sock SET price = 9')).toBe(2);
    expect(store.run('DELETE sock', 'DELETE FROM sock WHERE id = ?', 'c')).toBe(0);
  });

  it('keeps its files and the folders that it makes from other users', () => {
    const file = join(folder, 'deep', 'user.db');
    const first = new Sqlite(`sqlite:${file}`, 'users', telemetry, SCHEMA);
    first.run('INSERT sock', INSERT, 'a', 1);
    const paths = [join(folder, 'deep'), file, `${file}-wal`, `${file}-shm`];
    expect(paths.map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600, 0o600, 0o600]);
    first.close();
  });

  it('fails at once, and by its name, for a file that is no database', () => {
    const file = join(folder, 'user.db');
    writeFileSync(file, 'not a database');
    const open = (): Sqlite => new Sqlite(`sqlite:${file}`, 'users', telemetry, SCHEMA);
    expect(open).toThrow(
      new RegExp(`^the database ${file} cannot be used: .*file is not a database$`),
    );
  });

  it('fails at once, and by its name, for a folder that cannot be made', () => {
    const open = (): Sqlite => new Sqlite('sqlite:/proc/no/user.db', 'users', telemetry, SCHEMA);
    expect(open).toThrow(/\/proc\/no/);
  });

  it.each(['sqlite:', 'sqlite://'])(
    'makes the folders of its file at %s and keeps its rows',
    (scheme) => {
      const url = `${scheme}${join(folder, 'deep', 'down', 'socks.db')}`;
      const first = new Sqlite(url, 'socksdb', telemetry, SCHEMA);
      first.run('INSERT sock', INSERT, 'a', 1);
      first.close();
      const second = new Sqlite(url, 'socksdb', telemetry, SCHEMA);
      expect(second.all('SELECT sock', SELECT)).toEqual([{ id: 'a', price: 1 }]);
      second.close();
    },
  );

  it('passes a health check, and fails it once closed', async () => {
    const check = new Sqlite('sqlite::memory:', 'socksdb', telemetry, SCHEMA);
    const report = new HealthReport({
      service: 'catalogue',
      timeField: 'time',
      dependencies: { 'catalogue-db': () => check.ping() },
    });
    expect((await report.report()).health.map(({ status }) => status)).toEqual(['OK', 'OK']);
    check.close();
    await expect(check.ping()).rejects.toThrow('not open');
    expect((await report.report()).health.map(({ status }) => status)).toEqual(['OK', 'err']);
  });
});

describe('transaction()', () => {
  it('commits everything and returns the result of the work', () => {
    expect(store.transaction(() => add('a') + add('b'))).toBe(2);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('commits nothing when the work throws', () => {
    const broken = new Error('changed my mind');
    const work = (): never => {
      add('a');
      throw broken;
    };
    expect(() => store.transaction(work)).toThrow(broken);
    expect(ids()).toEqual([]);
  });

  it('commits nothing when a statement fails, and the store goes on', () => {
    add('a');
    expect(() => store.transaction(() => add('b') + add('a'))).toThrow('UNIQUE constraint failed');
    expect(store.transaction(() => add('c'))).toBe(1);
    expect(ids()).toEqual(['a', 'c']);
  });

  it('throws the first error when SQLite ended the transaction itself', () => {
    add('a');
    const work = (): number =>
      store.run('INSERT sock', INSERT.replace('INSERT', 'INSERT OR ROLLBACK'), 'a', 1);
    expect(() => store.transaction(work)).toThrow('UNIQUE constraint failed');
    expect(store.transaction(() => add('b'))).toBe(1);
  });
});

describe('a statement in a request', () => {
  it('is one INTERNAL span with its summary and parameterised text, and no peer', async () => {
    await inRequest(() => store.get('SELECT sock', 'SELECT id FROM sock WHERE id = ?', CANARY));
    const [span, server] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'SELECT sock',
      kind: SpanKind.INTERNAL,
      status: { code: 0 },
    });
    expect(span?.attributes).toEqual({
      'db.system.name': 'sqlite',
      'db.namespace': 'socksdb',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'sock',
      'db.query.summary': 'SELECT sock',
      'db.query.text': 'SELECT id FROM sock WHERE id = ?',
    });
    expect(span?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId);
    const sent = toZipkin(span!, {}, false);
    expect(sent).not.toHaveProperty('kind');
    expect(sent).not.toHaveProperty('remoteEndpoint');
  });

  it('that fails marks its span with the result code and without values', async () => {
    add(CANARY);
    await expect(inRequest(() => add(CANARY))).rejects.toThrow('UNIQUE');
    const [span] = spans.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'INSERT sock',
      status: { code: 2 },
      attributes: { 'db.response.status_code': '1555' }, // SQLITE_CONSTRAINT_PRIMARYKEY
    });
    expect(shown(span!)).not.toContain(CANARY);
  });

  it('that is not SQL marks its span, too', async () => {
    await expect(inRequest(() => store.get('SELECT sock', 'SELEKT'))).rejects.toThrow(
      'syntax error',
    );
    expect(spans.getFinishedSpans()[0]?.status).toEqual({ code: 2 });
  });

  it('is measured, whether it is traced or not', async () => {
    add('a');
    expect(() => add('a')).toThrow('UNIQUE');
    const labels =
      'db_system_name="sqlite",db_namespace="socksdb",db_collection_name="sock",db_operation_name="INSERT"';
    const text = await telemetry.metrics.registry.metrics();
    expect(text).toContain(`db_client_operation_duration_seconds_count{${labels}} 1`);
    expect(text).toMatch(new RegExp(`_seconds_count\\{${labels},error_type="\\w+"\\} 1`));
  });

  it('makes no span outside of a request', () => {
    add('a');
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});

const shown = ({ name, attributes, events, status }: ReadableSpan): string =>
  JSON.stringify({ name, attributes, events, status });
