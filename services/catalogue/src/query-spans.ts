import type { Telemetry } from '@sockshop/telemetry';
import { TypeOrmQueries } from '@sockshop/tracing/database';
import type { DatabaseAddress } from './database-url.ts';

/**
 * Records a span and a duration for every query of a request. MySQL's is a CLIENT span that names the server. SQLite's is INTERNAL, as
 * there is no server to draw an edge to.
 */
export function querySpans(
  address: DatabaseAddress,
  name: string,
  telemetry: Telemetry,
): TypeOrmQueries {
  const { type: system } = address;
  const where =
    address.type === 'mysql'
      ? { namespace: address.database, peer: name, address: address.host, port: address.port }
      : { namespace: name };
  return new TypeOrmQueries(telemetry, {
    system,
    ...where,
    ended: (operation) => {
      telemetry.metrics.observeDb(operation.seconds, operation);
    },
  });
}
