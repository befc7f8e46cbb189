import { Visitor, wholeTrace } from '@sockshop/measure';
import { JOURNEYS, recordedRun, verdictOn } from '@sockshop/trace-shapes';

export interface Purchase {
  readonly order: string;
  readonly spans: number;
  /** In alphabetical order. */
  readonly services: readonly string[];
}

/** Buys a sock as a new customer, and reads the trace of the order once it is whole. */
export async function purchase(url: string, tracesUrl: string): Promise<Purchase> {
  const customer = new Visitor(url);
  await customer.signUp();
  await customer.traced('GET', '/catalogue?size=100');
  const socks = customer.body as { id: string; price: number }[]; // as the front-end answers
  const sock = socks.find(({ price }) => price < 50);
  if (!sock) throw new Error('the shop has no sock of less than 50 $');
  await customer.traced('POST', '/cart', { json: { id: sock.id } });
  const trace = await wholeTrace(tracesUrl, await customer.traced('POST', '/orders'));
  const { id: order } = customer.body as { id: string };
  const services = new Set(trace.map(({ localEndpoint }) => localEndpoint.serviceName));
  return { order, spans: trace.length, services: [...services].sort() };
}

/** How the traces of each journey differ from their golden files, a line each; nothing where they do not. */
export async function traceDifferences(url: string, tracesUrl: string): Promise<string[]> {
  const recorded = await recordedRun({ url, tracesUrl }, JOURNEYS);
  return recorded
    .map(verdictOn)
    .flatMap(({ journey, differences }) => differences.map(({ words }) => `${journey}: ${words}`));
}

export const JOURNEY_COUNT = JOURNEYS.length;
