import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { JsonLog, UnavailableError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { type mongo as driver, Schema } from 'mongoose';
import { TcpProxy, until } from '@sockshop/testing';
import { mongo, newDatabase } from '@sockshop/testing/real-servers';
import { isDuplicateKey, Mongo, type MongoOptions } from '../src/mongo.ts';

const CANARY = '5544154011345918';

interface Sock {
  _id: string;
  price: number;
}

let spans: InMemorySpanExporter;
let telemetry: Telemetry;
let lines: string[];
let mongoStore: Mongo;
beforeEach(async () => {
  spans = new InMemorySpanExporter();
  telemetry = await Telemetry.start('carts', tracingConfig({}), spans);
  lines = [];
});
afterEach(async () => {
  await mongoStore.close();
  await telemetry.shutdown();
});

function open(url: string, options: Partial<MongoOptions> = {}): Mongo {
  mongoStore = new Mongo({
    url,
    database: 'data',
    name: 'carts-db',
    telemetry,
    log: new JsonLog('carts', 'info', (line) => lines.push(line)),
    prepare: () => Promise.resolve(),
    ...options,
  });
  return mongoStore;
}
const answers = (): Promise<boolean> =>
  mongoStore.ping().then(
    () => true,
    () => false,
  );

describe('a MongoDB that is not there', () => {
  let proxy: TcpProxy;
  beforeEach(async () => {
    proxy = await TcpProxy.reserve('mongodb://127.0.0.1:1');
  });

  it('is reported by UnavailableError at once, and logged once', async () => {
    open(`mongodb://127.0.0.1:${proxy.port}`);
    const error = await mongoStore.use(() => Promise.resolve(1)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    await expect(mongoStore.ping()).rejects.toBeInstanceOf(UnavailableError);
    await until(() => lines.length > 0);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'warn',
      message: 'database unavailable, trying again',
      store: 'carts-db',
    });
  });

  it('does not keep the store from closing while it connects', async () => {
    await open(`mongodb://127.0.0.1:${proxy.port}`).close();
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).not.toContain(
      'database connected',
    );
    await expect(mongoStore.use(() => Promise.resolve(1))).rejects.toBeInstanceOf(UnavailableError);
  });

  it('does not keep the store from closing while it waits to try again', async () => {
    open(`mongodb://127.0.0.1:${proxy.port}`);
    await until(() => lines.length > 0);
    await mongoStore.close();
  });

  it('may be a replica set: several hosts in the URL', async () => {
    open(`mongodb://127.0.0.1:${proxy.port},localhost:${proxy.port}/data?replicaSet=rs0`);
    await until(() => lines.length > 0);
    expect(lines[0]).toContain('ServerSelection');
    expect(lines[0]).not.toContain('Invalid URL');
  });
});

mongo.suite('MongoDB', () => {
  const direct = newDatabase(mongo, 'store_test');
  const { hostname: host, port, pathname } = new URL(direct);
  const database = pathname.slice(1);
  const socks = (): driver.Collection<Sock> => mongoStore.connection.db!.collection<Sock>('sock');
  const inRequest = <T>(work: () => Promise<T>): Promise<T> =>
    inSpan(telemetry, 'GET /carts', { kind: SpanKind.SERVER }, () => mongoStore.use(work));
  const clients = (): ReadableSpan[] =>
    spans.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT);

  afterEach(async () => {
    if (await answers()) await mongoStore.connection.db?.dropDatabase();
  });

  describe('through a line that can be cut', () => {
    let proxy: TcpProxy;
    beforeEach(async () => {
      proxy = await TcpProxy.reserve(direct);
    });
    afterEach(async () => {
      await mongoStore.close();
      await proxy.cut();
    });

    it('is connected whenever it appears, and prepared', async () => {
      let prepared = 0;
      open(proxy.url, {
        prepare: async (connection) => {
          await connection.db?.collection('sock').createIndex({ price: 1 }, {}, {});
          prepared += 1;
        },
      });
      await until(() => lines.length === 1);
      expect(await answers()).toBe(false);
      await proxy.restore();
      await until(answers);
      expect(prepared).toBe(1);
      expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
        'database unavailable, trying again',
        'database connected',
      ]);
    }, 20_000);

    it('is connected anew after it was unavailable for long, and serves and traces as before', async () => {
      await proxy.restore();
      open(proxy.url, {
        prepare: async (connection) => {
          const model = connection.models['Sock'] ?? connection.model('Sock', new Schema({}));
          await model.createIndexes();
        },
      });
      await until(answers);
      await proxy.cut();
      await until(async () => {
        await mongoStore.ping().catch(() => undefined);
        return lines.some((line) => line.includes('database unavailable, connecting anew'));
      });
      await expect(mongoStore.ping()).rejects.toBeInstanceOf(UnavailableError);
      await proxy.restore();
      await until(answers);
      spans.reset();
      await inSpan(telemetry, 'POST /socks', {}, () =>
        mongoStore.use(() => socks().insertOne({ _id: 'anew', price: 1 })),
      );
      const names = spans.getFinishedSpans().map(({ name }) => name);
      expect(names).toEqual(['insert sock', 'POST /socks']);
    }, 60_000);

    it('is UnavailableError while it is unavailable, and works again by itself', async () => {
      await proxy.restore();
      open(proxy.url);
      await until(answers);
      await mongoStore.use(() => socks().insertOne({ _id: 'a', price: 1 }));
      await proxy.cut();
      const error = await mongoStore
        .use(() => socks().findOne({ _id: 'a' }))
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UnavailableError);
      expect((error as UnavailableError).message).toBe('carts-db is not available at the moment');
      expect((error as UnavailableError).cause).toHaveProperty(
        'name',
        expect.stringMatching(/^Mongo/),
      );
      await expect(mongoStore.ping()).rejects.toBeInstanceOf(UnavailableError);
      await proxy.restore();
      await until(answers);
      expect(await mongoStore.use(() => socks().findOne({ _id: 'a' }))).toEqual({
        _id: 'a',
        price: 1,
      });
    }, 20_000);
  });

  it.each([
    ['PoolClearedOnNetworkError', {}, 'interrupted'],
    ['MongoBulkWriteError', {}, 'connection 9 to 127.0.0.1:27017 timed out'],
    ['MongoServerError', { code: 50 }, 'operation exceeded time limit'],
    ['MongoServerError', { code: 11_600 }, 'interrupted at shutdown'],
  ])('says UnavailableError for a %s (%p)', async (name, fields, message) => {
    open(direct);
    await until(answers);
    const error = Object.assign(new Error(message), { name, ...fields });
    await expect(mongoStore.use(() => Promise.reject(error))).rejects.toBeInstanceOf(
      UnavailableError,
    );
  });

  it('is prepared again until that works, and refuses work meanwhile', async () => {
    let attempts = 0;
    open(direct, {
      prepare: () => {
        attempts += 1;
        return attempts < 3 ? Promise.reject(new Error('index is being built')) : Promise.resolve();
      },
    });
    await until(() => attempts === 1);
    await expect(mongoStore.ping()).rejects.toBeInstanceOf(UnavailableError);
    await until(answers);
    expect(attempts).toBe(3);
  });

  it('uses the database of the URL, else the one that the service names', async () => {
    open(direct);
    await until(answers);
    expect(mongoStore.connection.db?.databaseName).toBe(database);
    await mongoStore.close();
    open(`mongodb://${host}:${port}/?retryWrites=false`, { database: `${database}_own` });
    await until(answers);
    expect(mongoStore.connection.db?.databaseName).toBe(`${database}_own`);
  });

  it('lets errors of the work itself pass: a duplicate key, a mistake', async () => {
    open(direct);
    await until(answers);
    const insert = () => mongoStore.use(() => socks().insertOne({ _id: 'a', price: 1 }));
    await insert();
    const refused = await insert().catch((reason: unknown) => reason);
    expect(refused).not.toBeInstanceOf(UnavailableError);
    expect(isDuplicateKey(refused)).toBe(true);
    const mistake = new TypeError('no such field');
    await expect(mongoStore.use(() => Promise.reject(mistake))).rejects.toBe(mistake);
    expect(isDuplicateKey(mistake)).toBe(false);
  });

  describe('a command', () => {
    beforeEach(async () => {
      open(direct);
      await until(answers);
    });

    it('in a request is one CLIENT span with its attributes, under the request', async () => {
      await inRequest(() => socks().findOne({ _id: CANARY }));
      const [find, ...others] = clients();
      const request = spans.getFinishedSpans().at(-1)!;
      expect(others).toEqual([]);
      expect(find).toMatchObject({ name: 'find sock', status: { code: 0 }, events: [] });
      expect(find?.attributes).toEqual({
        'db.system.name': 'mongodb',
        'db.namespace': database,
        'db.collection.name': 'sock',
        'db.operation.name': 'find',
        'server.address': host,
        'server.port': Number(port),
        'service.peer.name': 'carts-db',
      });
      expect(find?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    });

    it('in one of 100 requests at once stays in its own', async () => {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          inRequest(() =>
            socks().updateOne({ _id: `s${index}` }, { $set: { price: index } }, { upsert: true }),
          ),
        ),
      );
      const traces = Map.groupBy(spans.getFinishedSpans(), (span) => span.spanContext().traceId);
      expect(traces.size).toBe(100);
      for (const trace of traces.values()) {
        expect(trace.map(({ name }) => name)).toEqual(['update sock', 'GET /carts']);
        expect(trace[0]?.parentSpanContext?.spanId).toBe(trace[1]?.spanContext().spanId);
      }
    });

    it('that asks for the next page names its collection', async () => {
      await mongoStore.use(() =>
        socks().insertMany(Array.from({ length: 5 }, (_, price) => ({ _id: `s${price}`, price }))),
      );
      const all = await inRequest(() => socks().find({}, { batchSize: 2 }).toArray());
      expect(all).toHaveLength(5);
      expect(new Set(clients().map(({ name }) => name))).toEqual(
        new Set(['find sock', 'getMore sock']),
      );
    });

    it('whose write is refused marks its span with the code and without values', async () => {
      const insert = () => inRequest(() => socks().insertOne({ _id: CANARY, price: 1 }));
      await insert();
      spans.reset();
      await expect(insert()).rejects.toThrow('E11000');
      const [span] = clients();
      expect(span).toMatchObject({
        name: 'insert sock',
        status: { code: 2 },
        attributes: { 'error.type': 'MongoWriteError', 'db.response.status_code': '11000' },
        events: [],
      });
      const { name, attributes, events, status } = span!;
      expect(JSON.stringify({ name, attributes, events, status })).not.toContain(CANARY);
      const metrics = await telemetry.metrics.registry.metrics();
      expect(metrics).toContain(
        `db_client_operation_duration_seconds_count{db_system_name="mongodb",db_namespace="${database}",db_collection_name="sock",db_operation_name="insert",error_type="MongoWriteError"} 1`,
      );
    });

    it('that the server does not know marks its span with the code', async () => {
      const unknown = async () => mongoStore.connection.db?.command({ nosuch: 1 });
      await expect(inRequest(unknown)).rejects.toThrow();
      expect(clients()).toMatchObject([
        {
          name: 'nosuch',
          status: { code: 2 },
          attributes: { 'error.type': 'MongoServerError', 'db.response.status_code': '59' },
          events: [
            {
              name: 'exception',
              attributes: {
                'exception.type': 'MongoServerError',
                'exception.message': 'CommandNotFound (59)',
              },
            },
          ],
        },
      ]);
    });

    it('outside of a request makes no span, nor does a ping inside one', async () => {
      await mongoStore.use(() => socks().findOne({ _id: 'a' }));
      await inSpan(telemetry, 'GET /readyz', {}, () => mongoStore.ping());
      expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(['GET /readyz']);
    });
  });
});
