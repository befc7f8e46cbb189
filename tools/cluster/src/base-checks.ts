import { JOURNEY_COUNT, purchase, traceDifferences } from './purchase.ts';
import { underLoad } from './load.ts';
import { CheckFailedError } from './report.ts';
import { SERVICES, type Shop } from './shop.ts';
import { lossless } from './lossless.ts';

/** The parts whose spans the trace of an order has. */
const OF_AN_ORDER = ['carts', 'front-end', 'orders', 'payment', 'queue-master', 'shipping', 'user'];

/** A purchase through the node port, and its trace. */
export async function shopped(shop: Shop, url: string): Promise<string[]> {
  const { order, spans, services } = await shop.forwarded('zipkin', 9411, (zipkin) =>
    purchase(url, zipkin),
  );
  const line = `order ${order}: ${spans} spans of ${services.join(', ')}`;
  const missing = OF_AN_ORDER.filter((name) => !services.includes(name));
  if (missing.length > 0) throw new CheckFailedError([line, `no span of ${missing.join(', ')}`]);
  return [line];
}

/** The traces of every journey, against the golden files. */
export async function traced(shop: Shop, url: string): Promise<string[]> {
  const differences = await shop.forwarded('zipkin', 9411, (zipkin) =>
    traceDifferences(url, zipkin),
  );
  if (differences.length > 0) throw new CheckFailedError(differences);
  return [`${JOURNEY_COUNT} of ${JOURNEY_COUNT} journeys have the traces of their golden files`];
}

/** A start without a probe that failed. */
export async function startedQuietly(shop: Shop): Promise<string[]> {
  const failed = await shop.events('Startup probe failed');
  const line = `${failed} events "Startup probe failed"`;
  if (failed > 0) throw new CheckFailedError([line]);
  return [line];
}

/** Each service in turn starts anew, as in an upgrade, while 20 shoppers shop. */
export async function restarted(shop: Shop, url: string, dir: string): Promise<string[]> {
  const result = await underLoad({ url, dir, shoppers: 20 }, async () => {
    for (const service of SERVICES) await shop.restart(service);
  });
  return lossless('rolling restart of every service', result);
}

/** The services that answer shoppers, one after the other as a node of two processors has no room for all: 1 to 3 pods and back. */
export async function scaled(shop: Shop, url: string, dir: string): Promise<string[]> {
  const services = ['orders', 'carts', 'catalogue', 'user', 'front-end'];
  const result = await underLoad({ url, dir, shoppers: 20 }, async () => {
    for (const service of services) {
      await shop.scale(service, 3);
      await shop.scale(service, 1);
    }
  });
  return lossless(`${services.join(', ')} from 1 to 3 pods and back`, result);
}
