import { beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { Telemetry } from '@sockshop/telemetry';
import { inSpan, tracingConfig } from '@sockshop/tracing';
import { JsonLog, type LogLevel } from '../src/json-log.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
});
const logAt = (minimum: LogLevel): JsonLog => new JsonLog('shelf', minimum, (l) => lines.push(l));
const events = (): Record<string, unknown>[] =>
  lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('JsonLog', () => {
  it('writes one line an event: time, level, service, message, fields', () => {
    logAt('info').log('order placed', { orderId: '57a98d98', amount: 22.99 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    expect(events()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: 'info',
        service: 'shelf',
        message: 'order placed',
        orderId: '57a98d98',
        amount: 22.99,
      },
    ]);
  });

  it('keeps secrets of URLs out of messages, fields and errors', () => {
    const error = new Error('GET /x?token=hush failed', {
      cause: new Error('connect amqp://guest:hush@rabbitmq:5672'),
    });
    logAt('info').warn('no /y?password=hush', { url: 'http://u:hush@shop/?ccv=hush', error });
    expect(lines[0]).not.toContain('hush');
    expect(events()[0]).toMatchObject({
      message: 'no /y?password=REDACTED',
      url: 'http://REDACTED:REDACTED@shop/?ccv=REDACTED',
    });
  });

  it.each<[LogLevel, string[]]>([
    ['debug', ['debug', 'debug', 'info', 'warn', 'error', 'error']],
    ['info', ['info', 'warn', 'error', 'error']],
    ['warn', ['warn', 'error', 'error']],
    ['error', ['error', 'error']],
  ])('at level %s writes %j', (minimum, expected) => {
    const log = logAt(minimum);
    log.debug('a');
    log.verbose('b');
    log.log('c');
    log.warn('d');
    log.error('e');
    log.fatal('f');
    expect(events().map(({ level }) => level)).toEqual(expected);
  });

  it('keeps a message of several lines on one', () => {
    logAt('info').log('one\ntwo');
    expect(lines.join('').trimEnd().split('\n')).toHaveLength(1);
  });

  it('writes an error with the chain of its causes', () => {
    const refused = new Error('connect ECONNREFUSED');
    const lost = new TypeError('server selection failed', { cause: refused });
    const error = new RangeError('carts-db is not available', { cause: lost });
    logAt('info').error('request failed', { error, status: 503 });
    expect(events()[0]).toMatchObject({
      message: 'request failed',
      status: 503,
      error:
        'RangeError: carts-db is not available (cause: TypeError: server selection failed) (cause: Error: connect ECONNREFUSED)',
    });
  });

  it('has no value of a field that is named like a secret, and no secret in a text', () => {
    logAt('info').log('wrong login with password=hush', {
      password: 'hush',
      nested: { accessToken: 'hush', orderId: 'a7' },
      list: ['Bearer hush-hush-hush'],
    });
    expect(JSON.stringify(events())).not.toContain('hush');
    expect(events()[0]).toMatchObject({ password: 'REDACTED', nested: { orderId: 'a7' } });
  });

  it('writes an error that is its own cause', () => {
    const error = new Error('loop');
    error.cause = error;
    logAt('info').error('request failed', { error });
    expect(events()[0]?.['error']).toContain('Error: loop (cause: Error: loop)');
  });

  it('writes an error given as the message, and big whole numbers', () => {
    logAt('info').error(new Error('it broke'), { rows: 9_007_199_254_740_993n });
    expect(events()[0]).toMatchObject({ message: 'it broke', rows: '9007199254740993' });
  });

  it('carries the ids of the active span, and none outside of a span', async () => {
    const telemetry = await Telemetry.start('shelf', tracingConfig({}), new InMemorySpanExporter());
    const log = logAt('info');
    const ids = await inSpan(telemetry, 'work', {}, (span) => {
      log.log('inside');
      return span.spanContext();
    });
    log.log('outside');
    const [inside, outside] = events();
    expect(inside).toMatchObject({ trace_id: ids.traceId, span_id: ids.spanId, trace_flags: '01' });
    expect(Object.keys(outside ?? {})).toEqual(['time', 'level', 'service', 'message']);
    await telemetry.shutdown();
  });
});
