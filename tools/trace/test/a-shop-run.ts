import { createHash } from 'node:crypto';

/** A span before it is written in a form. Times in microseconds after the start of its trace. */
export interface Draft {
  traceId: string;
  id: string;
  parentId: string | undefined;
  service: string;
  kind: 'INTERNAL' | 'CLIENT' | 'SERVER' | 'PRODUCER' | 'CONSUMER';
  name: string;
  startUs: number;
  durationUs: number;
  attributes: Record<string, unknown>;
  events: { name: string; atUs: number; attributes: Record<string, unknown> }[];
  links: { traceId: string; spanId: string }[];
  status: 'UNSET' | 'OK' | 'ERROR';
  message: string;
  /** Zipkin's name of the other end. */
  remote: string | undefined;
  /** Further fields, and replacements, of the span as JSON. */
  zipkin: Record<string, unknown>;
  otlp: Record<string, unknown>;
  /** Replaces attributes of the resource; null removes one. */
  resource: Record<string, unknown>;
  scope: Record<string, unknown>;
  schemaUrl: string;
}

const EPOCH_US = 1_790_000_000_000_000;

/** A correct run: an order, a look at the catalogue, and a payment that fails. A test plants its defect in it. */
export function aShopRun(): Draft[] {
  return [...order('order'), ...catalogue('catalogue'), ...failure('failure')];
}

/** The one span with that service and name. */
export function find(
  drafts: readonly Draft[],
  service: string,
  name: string,
  kind?: Draft['kind'],
): Draft {
  const found = drafts.find(
    (each) =>
      each.service === service && each.name === name && (kind === undefined || each.kind === kind),
  );
  if (!found) throw new Error(`no ${service} ${name}`);
  return found;
}

export function remove(drafts: Draft[], draft: Draft): void {
  drafts.splice(drafts.indexOf(draft), 1);
}

export function hex(seed: string, digits: number): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, digits);
}

/** A further span below another, with the same attributes of its process. */
export function below(parent: Draft, draft: Partial<Draft> & Pick<Draft, 'name'>): Draft {
  return {
    ...parent,
    id: hex(`${parent.id} ${draft.name} ${draft.startUs ?? 0}`, 16),
    parentId: parent.id,
    kind: 'INTERNAL',
    startUs: parent.startUs + 100,
    durationUs: 100,
    attributes: {},
    events: [],
    links: [],
    status: 'UNSET',
    message: '',
    remote: undefined,
    zipkin: {},
    otlp: {},
    ...draft,
  };
}

function order(seed: string): Draft[] {
  const root = begin(seed, 'front-end', 'POST', '/orders', 100_000);
  root.attributes['session.id'] = 'LmzIC_3BPL9OulsmpBlVGVnL';
  const [ask, orders] = call(root, 'orders', 'POST', '/orders', 5_000, 80_000);
  const insert = below(orders, {
    name: 'INSERT customerOrder',
    kind: 'CLIENT',
    startUs: orders.startUs + 2_000,
    durationUs: 9_000,
    remote: 'orders-db',
    attributes: {
      'db.system.name': 'mongodb',
      'db.namespace': 'data',
      'db.collection.name': 'customerOrder',
      'db.operation.name': 'INSERT',
      'server.address': '127.0.0.1',
      'server.port': 27017,
      'service.peer.name': 'orders-db',
    },
  });
  const price = below(orders, {
    name: 'price order',
    startUs: orders.startUs + 12_000,
    durationUs: 3_000,
  });
  const [pay, payment] = call(orders, 'payment', 'POST', '/paymentAuth', 16_000, 14_000);
  const publish = below(orders, {
    name: 'publish shipping-task',
    kind: 'PRODUCER',
    startUs: orders.startUs + 40_000,
    durationUs: 8_000,
    remote: 'rabbitmq',
    attributes: { ...message('shipping-task', 'publish', 'send') },
  });
  const process = {
    ...below(publish, {
      name: 'process shipping-task',
      kind: 'CONSUMER',
      startUs: publish.startUs + 200_000,
      durationUs: 30_000,
      remote: 'rabbitmq',
      attributes: { ...message('shipping-task', 'process', 'process') },
      links: [{ traceId: publish.traceId, spanId: publish.id }],
    }),
    service: 'queue-master',
  };
  const ack = below(process, {
    name: 'ack shipping-task',
    kind: 'CLIENT',
    startUs: process.startUs + 20_000,
    durationUs: 500,
    attributes: { ...message('shipping-task', 'ack', 'settle') },
  });
  return [root, ask, orders, insert, price, pay, payment, publish, process, ack];
}

function catalogue(seed: string): Draft[] {
  const root = begin(seed, 'front-end', 'GET', '/catalogue', 40_000);
  return [root, ...call(root, 'catalogue', 'GET', '/catalogue', 2_000, 30_000)];
}

/** Payment breaks, and both services above say so. */
function failure(seed: string): Draft[] {
  const root = begin(seed, 'front-end', 'GET', '/payment', 40_000);
  const [ask, payment] = call(root, 'payment', 'GET', '/payment', 2_000, 30_000);
  for (const span of [root, ask, payment]) {
    span.status = 'ERROR';
    span.attributes['http.response.status_code'] = 500;
    span.attributes['error.type'] = '500';
  }
  payment.attributes['error.type'] = 'PaymentError';
  payment.events.push({
    name: 'exception',
    atUs: 20_000,
    attributes: { 'exception.type': 'PaymentError', 'exception.message': 'no funds' },
  });
  return [root, ask, payment];
}

function begin(
  seed: string,
  service: string,
  verb: string,
  route: string,
  durationUs: number,
): Draft {
  return {
    traceId: hex(`trace ${seed}`, 32),
    id: hex(`root ${seed}`, 16),
    parentId: undefined,
    service,
    kind: 'SERVER',
    name: `${verb} ${route}`,
    startUs: 0,
    durationUs,
    attributes: received(verb, route, 'localhost'),
    events: [],
    links: [],
    status: 'UNSET',
    message: '',
    remote: undefined,
    zipkin: {},
    otlp: {},
    resource: {},
    scope: {},
    schemaUrl: 'https://opentelemetry.io/schemas/1.44.0',
  };
}

/** CLIENT and SERVER of one call, after so long, with that duration. */
function call(
  from: Draft,
  to: string,
  verb: string,
  route: string,
  afterUs: number,
  durationUs: number,
): [Draft, Draft] {
  const client = below(from, {
    name: `${verb} ${route}`,
    kind: 'CLIENT',
    startUs: from.startUs + afterUs,
    durationUs,
    remote: to,
    attributes: {
      'http.request.method': verb,
      'http.response.status_code': 200,
      'url.full': `http://${to}:80${route}`,
      'url.template': route,
      'server.address': to,
      'server.port': 80,
      'service.peer.name': to,
    },
  });
  const server = {
    ...below(client, {
      name: `${verb} ${route}`,
      kind: 'SERVER' as const,
      startUs: client.startUs + 1_000,
      durationUs: durationUs - 2_000,
      attributes: received(verb, route, to),
    }),
    service: to,
  };
  return [client, server];
}

function received(verb: string, route: string, host: string): Record<string, unknown> {
  return {
    'http.request.method': verb,
    'http.response.status_code': 200,
    'http.route': route,
    'url.path': route,
    'url.scheme': 'http',
    'server.address': host,
    'client.address': '127.0.0.1',
    'network.protocol.version': '1.1',
  };
}

function message(destination: string, name: string, type: string): Record<string, unknown> {
  return {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    'messaging.destination.name': destination,
    'service.peer.name': 'rabbitmq',
    'server.address': '127.0.0.1',
  };
}

/** A list of spans in Zipkin's v2 JSON. */
export function asZipkin(drafts: readonly Draft[]): string {
  return JSON.stringify(
    drafts.map((draft) => ({
      traceId: draft.traceId,
      id: draft.id,
      parentId: draft.parentId,
      name: draft.name.toLowerCase(),
      kind: draft.kind === 'INTERNAL' ? undefined : draft.kind,
      timestamp: EPOCH_US + draft.startUs,
      duration: draft.durationUs,
      localEndpoint: { serviceName: draft.service },
      remoteEndpoint: draft.remote === undefined ? undefined : { serviceName: draft.remote },
      tags: {
        ...Object.fromEntries(
          Object.entries(draft.attributes).map(([name, value]) => [
            name,
            typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        ),
        ...(draft.status !== 'UNSET' && { 'otel.status_code': draft.status }),
        ...(draft.status === 'ERROR' && { error: draft.message }),
      },
      annotations: draft.events.map(({ name, atUs, attributes }) => ({
        timestamp: EPOCH_US + draft.startUs + atUs,
        value: JSON.stringify({ [name]: attributes }),
      })),
      ...draft.zipkin,
    })),
  );
}

/** One export of OTLP in JSON for each span. */
export function asOtlp(drafts: readonly Draft[]): string {
  return drafts
    .map((draft) => ({
      resourceSpans: [
        {
          resource: { attributes: keyValues({ ...resource(draft.service), ...draft.resource }) },
          schemaUrl: draft.schemaUrl,
          scopeSpans: [
            { scope: { name: 'test', version: '1.0.0', ...draft.scope }, spans: [otlpSpan(draft)] },
          ],
        },
      ],
    }))
    .map((json) => JSON.stringify(json))
    .join('\n');
}

function resource(service: string): Record<string, unknown> {
  return {
    'service.name': service,
    'service.version': '1.0.0',
    'service.instance.id': `instance of ${service}`,
    'host.name': 'host',
    'process.pid': 1,
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': '2.0.0',
  };
}

const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

function otlpSpan(draft: Draft): unknown {
  const nanos = (us: number): string => `${BigInt(EPOCH_US + Math.round(us)) * 1000n}`;
  return {
    traceId: draft.traceId,
    spanId: draft.id,
    parentSpanId: draft.parentId,
    name: draft.name,
    kind: KINDS.indexOf(draft.kind),
    startTimeUnixNano: nanos(draft.startUs),
    endTimeUnixNano: nanos(draft.startUs + draft.durationUs),
    attributes: keyValues(draft.attributes),
    events: draft.events.map(({ name, atUs, attributes }) => ({
      name,
      timeUnixNano: nanos(draft.startUs + atUs),
      attributes: keyValues(attributes),
    })),
    links: draft.links,
    status: { code: ['UNSET', 'OK', 'ERROR'].indexOf(draft.status), message: draft.message },
    flags: 0x101,
    ...draft.otlp,
  };
}

function keyValues(attributes: Record<string, unknown>): unknown[] {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): unknown {
  if (typeof value === 'number')
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { stringValue: value };
}
