import type { Telemetry } from '@sockshop/telemetry';
import { TransportBus } from './bus.ts';
import { MemoryTransport } from './memory-transport.ts';
import type { BusOptions, MessageBus } from './message-bus.ts';

/**
 * Opens the bus a URL names: `amqp:` and `amqps:` a RabbitMQ, `memory:<name>` a broker inside this process, the same one for all
 * who give that name. Does not wait for RabbitMQ and does not fail without it.
 * @throws Error when the URL names neither.
 */
export async function openBus(
  url: string,
  telemetry: Telemetry,
  options: BusOptions,
): Promise<MessageBus> {
  const { protocol, pathname } = parsed(url);
  if (protocol === 'memory:') {
    return new TransportBus(new MemoryTransport(pathname, options), telemetry, options);
  }
  // Loaded only where it is used: the embedded way has no use for an AMQP client.
  const { RabbitTransport } = await import('./rabbit-transport.ts');
  return new TransportBus(new RabbitTransport(url, options), telemetry, options);
}

/** The URL itself stays out of the message: it may hold a password. */
function parsed(url: string): URL {
  const result = URL.canParse(url) ? new URL(url) : undefined;
  if (!result || !['amqp:', 'amqps:', 'memory:'].includes(result.protocol)) {
    throw new Error('message bus: not an amqp:, amqps: or memory: URL');
  }
  return result;
}
