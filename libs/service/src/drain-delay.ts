import { z } from 'zod';
import { ConfigError } from './settings.ts';

/** At most 20 s, as Kubernetes ends a pod 30 s after it has asked for its end. */
const delay = z.coerce.number().int().min(0).max(20_000);

/**
 * What `DRAIN_DELAY_MS` says: for how many ms a service that is to end still serves, and asks its callers to close their connections. A
 * connection that is closed at once can have a request on its way, which is lost with it. Default: 0.
 * @throws ConfigError
 */
export function drainDelay(text: string | undefined): number {
  if (!text) return 0;
  const { success, data } = delay.safeParse(text);
  if (!success) throw new ConfigError('DRAIN_DELAY_MS: must be a whole number from 0 to 20000');
  return data;
}
