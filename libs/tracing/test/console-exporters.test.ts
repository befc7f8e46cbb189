import { diag } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

describe('what OpenTelemetry says on the console and in the log', () => {
  let printed: unknown[];
  beforeEach(() => {
    printed = [];
    jest.spyOn(console, 'dir').mockImplementation((item) => printed.push(item));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    diag.disable();
  });

  it.each(['console', 'LOGGING'])('has the spans with OTEL_TRACES_EXPORTER=%s', async (name) => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_TRACES_EXPORTER: name }));
    tracing.tracer.startSpan('work').end();
    await tracing.shutdown();
    expect(printed).toMatchObject([{ name: 'work' }]);
  });

  it('has the log records with OTEL_LOGS_EXPORTER=console', async () => {
    const tracing = await Tracing.start('carts', tracingConfig({ OTEL_LOGS_EXPORTER: 'console' }));
    tracing.logger?.emit({ body: 'order placed', severityText: 'info' });
    await tracing.shutdown();
    expect(printed).toMatchObject([{ body: 'order placed', severityText: 'info' }]);
  });

  it('has what the packages report from the level of OTEL_LOG_LEVEL on, and nothing without it', async () => {
    const lines: unknown[] = [];
    const log = {
      log: (_message: string, { text }: { text?: string }) => lines.push(text),
      warn: (_message: string, { text }: { text?: string }) => lines.push(text),
    };
    const config = tracingConfig({ OTEL_LOG_LEVEL: 'WARN' });
    const tracing = await Tracing.start('carts', config, undefined, log);
    diag.warn('queue is full');
    diag.info('sent');
    await tracing.shutdown();
    expect(lines).toEqual(['queue is full']);
    diag.disable();
    const silent = await Tracing.start('carts', tracingConfig({}), undefined, log);
    diag.warn('queue is full');
    await silent.shutdown();
    expect(lines).toHaveLength(1);
  });

  it('has each setting that is not understood once, however many services there are', async () => {
    const lines: object[] = [];
    const log = {
      log: () => undefined,
      warn: (message: string, fields: object) => lines.push({ message, ...fields }),
    };
    const config = tracingConfig({ OTEL_TRACES_SAMPLER: 'sometimes', OTEL_PROPAGATORS: 'jaeger' });
    const services = await Promise.all(
      ['carts', 'orders'].map((name) => Tracing.start(name, { ...config }, undefined, log)),
    );
    await Promise.all(services.map((service) => service.shutdown()));
    const message = 'tracing setting is not understood';
    expect(lines).toHaveLength(2);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ message, variable: 'OTEL_TRACES_SAMPLER' }),
        expect.objectContaining({ message, variable: 'OTEL_PROPAGATORS' }),
      ]),
    );
  });
});
