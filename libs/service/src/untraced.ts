import { MetadataScanner } from '@nestjs/core';
import { RouteConfig } from '@nestjs/platform-fastify';
import type {} from '@sockshop/tracing/fastify'; // declares `traced` of a route's configuration
import type { FastifyRequest } from 'fastify';

/**
 * Requests to the route, or to every route of the controller, are measured but make no spans, and their answers carry no trace id: probes,
 * files and other requests so frequent that they would bury the traces.
 */
export function Untraced(): ClassDecorator & MethodDecorator {
  const untraced = RouteConfig({ traced: false });
  return (target: object, key?: string | symbol, method?: PropertyDescriptor): void => {
    if (key !== undefined && method !== undefined) {
      untraced(target, key, method);
      return;
    }
    const { prototype } = target as { prototype: Record<string, unknown> }; // without a key the target is the class
    for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
      untraced(prototype, name, { value: prototype[name] });
    }
  };
}

/** Whether a traced route answers the request. */
export function isTraced({ routeOptions: { url, config } }: FastifyRequest): boolean {
  return url !== undefined && config.traced !== false;
}
