import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { QueueMasterConfig } from '../src/config.ts';
import { queueMaster } from '../src/queue-master.module.ts';

/** Ships in a millisecond unless the variables say otherwise. */
export function startQueueMaster(env: Record<string, string>): Promise<ServiceUnderTest> {
  const settings = { ...FREE_PORT, SHIPPING_DURATION_MS: '1', ...env };
  return ServiceUnderTest.start(queueMaster(QueueMasterConfig.read(settings)));
}

/** Ids of the shipments in log lines with this message, one per line. */
export function shipmentsLogged(service: ServiceUnderTest, message: string): unknown[] {
  return service.logged(message).map(({ shipmentId }) => shipmentId);
}
