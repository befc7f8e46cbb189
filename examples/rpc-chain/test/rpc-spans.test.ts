import { Client, credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { Tracing } from '@sockshop/tracing';
import { GREET, type Words } from '../src/methods.ts';
import { clientSpan, serverSpan } from '../src/rpc-spans.ts';

const spans = new InMemorySpanExporter();
const server = new Server();
let received = new Metadata();
let caller: Tracing;
let client: Client;
let address: string;

beforeAll(async () => {
  caller = await Tracing.start('caller', undefined, spans);
  const callee = await Tracing.start('callee', undefined, spans);
  const greet = serverSpan(callee, GREET, 'GreetingService.greet', ({ name }) => {
    const code = status[name as keyof typeof status] as status | undefined;
    if (code === undefined) return Promise.resolve({ words: `hello, ${name}` });
    return Promise.reject(Object.assign(new Error('as asked'), { code }));
  });
  server.addService(
    { Greet: GREET },
    {
      Greet: ((call, callback) => {
        received = call.metadata;
        greet(call, callback);
      }) satisfies typeof greet,
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  address = `127.0.0.1:${port}`;
  client = new Client(address, credentials.createInsecure());
});
afterAll(() => {
  client.close();
  server.forceShutdown();
});
beforeEach(() => {
  spans.reset();
});

function request(name: string, metadata: Metadata): Promise<Words> {
  return new Promise((resolve, reject) => {
    const { path, requestSerialize, responseDeserialize } = GREET;
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { name },
      metadata,
      (error, words) => {
        if (error) reject(error);
        else resolve(words!);
      },
    );
  });
}

function greet(name: string): Promise<Words> {
  return clientSpan(caller, GREET, { service: 'callee', address }, (metadata) =>
    request(name, metadata),
  );
}

function pair(): { sent: ReadableSpan; served: ReadableSpan } {
  const ended = spans.getFinishedSpans();
  expect(ended).toHaveLength(2);
  return {
    sent: ended.find(({ kind }) => kind === SpanKind.CLIENT)!,
    served: ended.find(({ kind }) => kind === SpanKind.SERVER)!,
  };
}

describe('a gRPC call', () => {
  it('is a pair of spans as the conventions for RPC have them', async () => {
    expect(await greet('Ann')).toEqual({ words: 'hello, Ann' });
    const { sent, served } = pair();
    expect(sent.name).toBe('chain.GreetingService/Greet');
    expect(served.name).toBe(sent.name);
    expect(served.parentSpanContext?.spanId).toBe(sent.spanContext().spanId);
    const [host, port] = address.split(':');
    const both = {
      'rpc.system.name': 'grpc',
      'rpc.method': 'chain.GreetingService/Greet',
      'rpc.status_code': 'OK',
      'server.address': host,
      'server.port': Number(port),
    };
    expect(sent.attributes).toEqual({ ...both, 'service.peer.name': 'callee' });
    expect(served.attributes).toEqual({
      ...both,
      'code.function.name': 'GreetingService.greet',
      'network.peer.address': '127.0.0.1',
      'network.peer.port': expect.any(Number),
    });
    for (const { status } of [sent, served]) expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  it('carries its trace in W3C and B3 metadata', async () => {
    await greet('Ann');
    const { traceId, spanId } = pair().sent.spanContext();
    expect(received.get('traceparent')).toEqual([`00-${traceId}-${spanId}-01`]);
    expect(received.get('x-b3-traceid')).toEqual([traceId]);
    expect(received.get('x-b3-spanid')).toEqual([spanId]);
  });

  it('continues the trace of a caller that sends B3 alone', async () => {
    const metadata = new Metadata();
    metadata.set('X-B3-TraceId', 'a'.repeat(32));
    metadata.set('X-B3-SpanId', 'b'.repeat(16));
    metadata.set('X-B3-Sampled', '1');
    await request('Ann', metadata);
    const [served] = spans.getFinishedSpans();
    expect(served?.spanContext().traceId).toBe('a'.repeat(32));
    expect(served?.parentSpanContext?.spanId).toBe('b'.repeat(16));
  });

  it.each([
    ['NOT_FOUND', SpanStatusCode.UNSET],
    ['INVALID_ARGUMENT', SpanStatusCode.UNSET],
    ['INTERNAL', SpanStatusCode.ERROR],
    ['UNAVAILABLE', SpanStatusCode.ERROR],
    ['DEADLINE_EXCEEDED', SpanStatusCode.ERROR],
  ])(
    'that ends with %s is an error of the caller, and its server has status %i',
    async (code, servers) => {
      await expect(greet(code)).rejects.toMatchObject({
        code: status[code as keyof typeof status],
      });
      const { sent, served } = pair();
      expect(sent.status.code).toBe(SpanStatusCode.ERROR);
      expect(sent.attributes).toMatchObject({ 'rpc.status_code': code, 'error.type': code });
      expect(served.status.code).toBe(servers);
      expect(served.attributes['rpc.status_code']).toBe(code);
      expect(served.attributes['error.type']).toBe(
        servers === SpanStatusCode.ERROR ? code : undefined,
      );
    },
  );
});
