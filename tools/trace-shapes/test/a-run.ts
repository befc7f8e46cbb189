import { readSpansOfText, type Span } from '@sockshop/trace';

/** Milliseconds from the start of the trace. */
interface Planned {
  readonly id: string;
  readonly parent?: string;
  readonly service: string;
  readonly kind?: 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly remote?: string;
  readonly error?: string;
}

/** `traces` times the same trace; `vary` may change it each time. */
export function aRun(
  traces: number,
  plan: readonly Planned[],
  vary: (span: Planned, nth: number) => Planned | undefined = (span) => span,
): Promise<Span[]> {
  const spans = Array.from({ length: traces }, (_, nth) =>
    plan.flatMap((planned) => {
      const span = vary(planned, nth);
      return span ? [zipkin(span, nth)] : [];
    }),
  );
  return readSpansOfText(JSON.stringify(spans.flat()));
}

function zipkin({ id, parent, service, from, to, remote, error, ...span }: Planned, nth: number) {
  const traceId = (nth + 1).toString(16).padStart(32, '0');
  const idOf = (name: string): string => Buffer.from(name.padEnd(8, '.')).toString('hex');
  return {
    ...span,
    traceId,
    id: idOf(id),
    ...(parent !== undefined && { parentId: idOf(parent) }),
    timestamp: 1_790_000_000_000_000 + nth * 1_000_000 + from * 1000,
    duration: (to - from) * 1000,
    localEndpoint: { serviceName: service },
    ...(remote !== undefined && { remoteEndpoint: { serviceName: remote } }),
    ...(error !== undefined && { tags: { error, 'otel.status_code': 'ERROR' } }),
  };
}

/** Orders asks payment and then stores the order. */
export const ORDER: readonly Planned[] = [
  { id: 'o', service: 'orders', kind: 'SERVER', name: 'POST /orders', from: 0, to: 20 },
  {
    id: 'c',
    parent: 'o',
    service: 'orders',
    kind: 'CLIENT',
    name: 'POST /paymentauth',
    from: 1,
    to: 9,
  },
  {
    id: 'p',
    parent: 'c',
    service: 'payment',
    kind: 'SERVER',
    name: 'POST /paymentauth',
    from: 2,
    to: 8,
  },
  {
    id: 'd',
    parent: 'o',
    service: 'orders',
    kind: 'CLIENT',
    name: 'insert customerOrder',
    from: 10,
    to: 18,
    remote: 'orders-db',
  },
];
