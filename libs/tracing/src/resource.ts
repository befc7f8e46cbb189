import type { Attributes } from '@opentelemetry/api';
import { SDK_INFO } from '@opentelemetry/core';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { randomUUID } from 'node:crypto';
import { detected } from './resource-detectors.ts';
import { SCHEMA_URL, SCOPE } from './scope.ts';
import type { TracingConfig } from './tracing-config.ts';

/** The resource of a service of this process. What the variables say has priority over what is found. */
export function serviceResource(serviceName: string, config: TracingConfig): Resource {
  const own = config.resourceDetectors.includes('serviceinstance');
  return resourceFromAttributes(
    {
      ...config.resourceDefaults,
      ...(own && { 'service.instance.id': randomUUID() }),
      ...SDK_INFO,
      ...detected(config),
      'telemetry.distro.name': SCOPE.name,
      'telemetry.distro.version': SCOPE.version,
      ...given(config),
      'service.name': serviceName,
    },
    { schemaUrl: SCHEMA_URL },
  );
}

/** The resource of a foreign process, say a browser, with what is known of it. Its host is unknown. */
export function foreignResource(
  serviceName: string,
  config: TracingConfig,
  known: Attributes,
): Resource {
  return resourceFromAttributes(
    { ...config.resourceDefaults, ...given(config), ...known, 'service.name': serviceName },
    { schemaUrl: SCHEMA_URL },
  );
}

function given(config: TracingConfig): TracingConfig['resourceAttributes'] {
  return config.resourceDetectors.includes('env') ? config.resourceAttributes : {};
}
