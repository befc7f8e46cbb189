import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { ShippingConfig } from '../src/config.ts';
import { shipping } from '../src/shipping.module.ts';

export function startShipping(env: Record<string, string>): Promise<ServiceUnderTest> {
  return ServiceUnderTest.start(shipping(ShippingConfig.read({ ...FREE_PORT, ...env })));
}

export function postShipment(
  service: ServiceUnderTest,
  body: string,
  headers?: Record<string, string>,
): Promise<Response> {
  return service.send('POST', '/shipping', body, headers);
}
