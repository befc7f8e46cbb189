import { SDK_INFO } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { SCHEMA_URL, VERSION } from './scope.ts';
import type { TracingConfig } from './tracing-config.ts';

/** The resource of a service of this process. */
export function serviceResource(
  serviceName: string,
  attributes: TracingConfig['resourceAttributes'],
): Resource {
  return resourceFromAttributes(
    {
      'service.namespace': 'sock-shop',
      'service.version': VERSION,
      'service.instance.id': randomUUID(),
      'host.name': hostname(),
      'process.pid': process.pid,
      'process.runtime.version': process.versions.node,
      ...SDK_INFO,
      ...attributes,
      'service.name': serviceName,
    },
    { schemaUrl: SCHEMA_URL },
  );
}

/** The resource of a foreign process, say a browser. Its host is unknown. */
export function foreignResource(
  serviceName: string,
  attributes: TracingConfig['resourceAttributes'],
): Resource {
  return resourceFromAttributes(
    {
      'service.namespace': 'sock-shop',
      'service.version': VERSION,
      ...attributes,
      'service.name': serviceName,
    },
    { schemaUrl: SCHEMA_URL },
  );
}
