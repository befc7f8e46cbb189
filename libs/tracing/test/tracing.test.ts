import { SpanKind } from '@opentelemetry/api';
import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { setTimeout as pause } from 'node:timers/promises';
import { activeSpan, context } from '../src/context.ts';
import { inSpan } from '../src/spans.ts';
import { containerId } from '../src/resource-detectors.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';
import { injected } from './headers.ts';

const ID = 'c0ffee'.repeat(10) + 'abcd';

describe('the resource of a service', () => {
  const resourceOf = async (env: Record<string, string>): Promise<Record<string, unknown>> => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('carts', tracingConfig(env), spans);
    tracing.tracer.startSpan('work').end();
    const { resource } = spans.getFinishedSpans()[0]!;
    expect(resource.schemaUrl).toMatch(/^https:\/\/opentelemetry\.io\/schemas\/\d+\.\d+\.\d+$/);
    await tracing.shutdown();
    return resource.attributes;
  };

  it('says who, where and by what', async () => {
    const { 'container.id': _container, ...found } = await resourceOf({});
    expect(found).toEqual({
      'service.name': 'carts',
      'service.instance.id': expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      'host.name': expect.stringMatching(/./),
      'host.arch': expect.stringMatching(/^(amd64|arm64)$/),
      ...(found['host.id'] !== undefined && { 'host.id': expect.stringMatching(/./) }),
      'os.type': process.platform,
      'os.version': expect.stringMatching(/^\d/),
      'os.description': expect.stringMatching(/./),
      'process.pid': process.pid,
      'process.command': process.argv[1],
      'process.executable.name': 'node',
      'process.executable.path': process.execPath,
      'process.runtime.name': 'nodejs',
      'process.runtime.version': process.versions.node,
      'process.runtime.description': 'Node.js',
      'telemetry.distro.name': '@sockshop/tracing',
      'telemetry.distro.version': '1.0.0',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  it('has what the application says of all its services, unless the environment knows better', async () => {
    const spans = new InMemorySpanExporter();
    const config = {
      ...tracingConfig({ OTEL_RESOURCE_ATTRIBUTES: 'service.version=2.0.1' }),
      resourceDefaults: { 'service.namespace': 'shop', 'service.version': '2.0.0' },
    };
    const tracing = await Tracing.start('carts', config, spans);
    tracing.tracer.startSpan('work').end();
    expect(spans.getFinishedSpans()[0]!.resource.attributes).toMatchObject({
      'service.namespace': 'shop',
      'service.version': '2.0.1',
    });
    await tracing.shutdown();
  });

  it('has another instance id every time', async () => {
    const [one, other] = await Promise.all([resourceOf({}), resourceOf({})]);
    expect(one['service.instance.id']).not.toBe(other['service.instance.id']);
  });

  it('says which pod it is, and only what the detectors are asked for', async () => {
    const pod = { POD_NAME: 'carts-1', POD_NAMESPACE: 'sock-shop', NODE_NAME: 'node-1' };
    expect(await resourceOf({ ...pod, OTEL_NODE_RESOURCE_DETECTORS: 'k8s' })).toEqual({
      'service.name': 'carts',
      'k8s.pod.name': 'carts-1',
      'k8s.namespace.name': 'sock-shop',
      'k8s.node.name': 'node-1',
      'process.runtime.name': 'node',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.stringMatching(/^\d/),
      'telemetry.distro.name': '@sockshop/tracing',
      'telemetry.distro.version': '1.0.0',
    });
  });

  it.each([
    ['docker', `12:pids:/docker/${ID}\n0::/`, '', ID],
    [
      'containerd in Kubernetes',
      `1:name=systemd:/kubepods.slice/cri-containerd-${ID}.scope\n`,
      '',
      ID,
    ],
    ['kubelet', `0::/kubepods/besteffort/pod1-2/${ID}`, '', ID],
    [
      'control groups of version 2',
      '0::/\n',
      `1 2 8:1 /var/lib/docker/containers/${ID}/hostname /etc/hostname rw\n`,
      ID,
    ],
    ['none', '0::/user.slice/session-1.scope\n', '1 2 0:1 / / rw\n', undefined],
  ])('finds the id of a container: %s', (_engine, groups, mounts, expected) => {
    expect(containerId(groups, mounts)).toBe(expected);
  });

  it('takes attributes and the name from the environment', async () => {
    const env = {
      OTEL_SERVICE_NAME: 'cart-service',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=demo,service.version=2.1.0',
    };
    expect(await resourceOf(env)).toMatchObject({
      'service.name': 'cart-service',
      'service.version': '2.1.0',
      'deployment.environment.name': 'demo',
    });
  });
});

describe('two services in one process', () => {
  it('keep their own names and traces through 200 interleaved operations', async () => {
    const fronts = new InMemorySpanExporter();
    const backs = new InMemorySpanExporter();
    const front = await Tracing.start('front-end', tracingConfig({}), fronts);
    const back = await Tracing.start('carts', tracingConfig({}), backs);

    const answer = async (headers: Record<string, string>, operation: number): Promise<void> => {
      const caller = back.extract(headers);
      await context.with(caller, () =>
        inSpan(back, 'server', { kind: SpanKind.SERVER, attributes: { operation } }, async () => {
          await pause(Math.random() * 5);
          expect(Tracing.active()).toBe(back);
          await inSpan(back, 'store', { attributes: { operation } }, () =>
            pause(Math.random() * 5),
          );
        }),
      );
    };
    const operate = (operation: number): Promise<void> =>
      inSpan(front, 'client', { kind: SpanKind.CLIENT, attributes: { operation } }, async () => {
        await pause(Math.random() * 5);
        expect(Tracing.active()).toBe(front);
        await answer(injected(front, context.active()), operation);
        expect(Tracing.active()).toBe(front);
      });
    await Promise.all(Array.from({ length: 200 }, (_, operation) => operate(operation)));

    expect(Tracing.active()).toBeUndefined();
    expect(activeSpan()).toBeUndefined();
    const serviceNames = (spans: InMemorySpanExporter): Set<unknown> =>
      new Set(spans.getFinishedSpans().map(({ resource }) => resource.attributes['service.name']));
    expect(serviceNames(fronts)).toEqual(new Set(['front-end']));
    expect(serviceNames(backs)).toEqual(new Set(['carts']));

    const all = [...fronts.getFinishedSpans(), ...backs.getFinishedSpans()];
    const traces = Map.groupBy(all, (span: ReadableSpan) => span.spanContext().traceId);
    expect(traces.size).toBe(200);
    for (const spans of traces.values()) {
      const named = (name: string): ReadableSpan => spans.find((span) => span.name === name)!;
      expect(spans).toHaveLength(3);
      expect(named('client').parentSpanContext).toBeUndefined();
      expect(named('server').parentSpanContext?.spanId).toBe(named('client').spanContext().spanId);
      expect(named('store').parentSpanContext?.spanId).toBe(named('server').spanContext().spanId);
      expect(new Set(spans.map(({ attributes }) => attributes['operation'])).size).toBe(1);
    }
    await Promise.all([front.shutdown(), back.shutdown()]);
  });
});

describe('Tracing', () => {
  it('makes no spans and exports nothing with the SDK disabled', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start(
      'carts',
      tracingConfig({ OTEL_SDK_DISABLED: 'true' }),
      spans,
    );
    await inSpan(tracing, 'work', {}, (span) => {
      expect(span.isRecording()).toBe(false);
    });
    await tracing.flush();
    await tracing.shutdown();
    expect(spans.getFinishedSpans()).toEqual([]);
  });

  it('ends a span never before it began, and no child outside of its parent', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('carts', tracingConfig({}), spans);
    await inSpan(tracing, 'outer', {}, () => inSpan(tracing, 'inner', {}, () => pause(2)));
    const [inner, outer] = spans.getFinishedSpans().map(({ startTime, endTime }) => ({
      start: startTime[0] * 1e9 + startTime[1],
      end: endTime[0] * 1e9 + endTime[1],
    }));
    expect(inner!.start).toBeGreaterThanOrEqual(outer!.start);
    expect(inner!.end).toBeGreaterThan(inner!.start);
    expect(outer!.end).toBeGreaterThanOrEqual(inner!.end);
    await tracing.shutdown();
  });
});
