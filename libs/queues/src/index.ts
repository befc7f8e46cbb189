export {
  deadLetterQueue,
  delayQueue,
  FAILURE_HEADERS,
  withoutFailures,
} from './failed-messages.ts';
export {
  SHIPMENT_EVENTS_EXCHANGE,
  SHIPMENT_EVENTS_QUEUE,
  SHIPMENT_EVENTS_TOPOLOGY,
  SHIPMENT_SHIPPED,
  ShipmentShipped,
} from './shipment-events.ts';
export {
  SHIPMENT_TYPE,
  ShipmentId,
  SHIPPING_TASK_EXCHANGE,
  SHIPPING_TASK_QUEUE,
  ShippingTask,
  shippingTaskTopology,
} from './shipping-task.ts';
