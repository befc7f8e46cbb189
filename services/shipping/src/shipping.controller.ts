import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { ShipmentId } from '@sockshop/queues';
import { JsonLog, Operation } from '@sockshop/service';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Shipment, ShippingTaskPublisher } from './shipping-task.publisher.ts';

const shipment = {
  id: ShipmentId.nullable().meta({ description: 'A UUID, made by orders.' }),
  name: z.string().nullable().meta({ description: "The customer's id." }),
};
/** Jackson, which read the original's bodies, made texts of numbers and booleans. */
const text = (schema: z.ZodString) =>
  z.union([schema, z.number().transform(String), z.boolean().transform(String), z.null()]);
const NewShipment = z.object({
  id: text(ShipmentId).optional().meta({ description: 'Default: a new UUID.' }),
  name: text(z.string()).optional().meta({ description: "The customer's id. Default: empty." }),
});
const Queued = z
  .object(shipment satisfies Record<keyof Shipment, z.ZodType>)
  .meta({ id: 'Shipment' });
const line = (description: string) =>
  ({ description, mediaType: 'text/plain', body: z.string() }) as const;

@Controller('shipping')
export class ShippingController {
  constructor(
    private readonly tasks: ShippingTaskPublisher,
    private readonly log: JsonLog,
  ) {}

  /** An explicit null stays null, as in the original. 201 means that the broker has confirmed the shipment; the original did not wait for that. */
  @Post()
  @Operation({
    summary: 'Queue a shipment',
    response: Queued,
    also: { 503: 'the broker did not confirm; the shipment may still be in the queue' },
  })
  async ship(
    @Body({ schema: NewShipment }) { id = randomUUID(), name = '' }: z.infer<typeof NewShipment>,
  ): Promise<Shipment> {
    const shipment = { id, name };
    await this.tasks.publish(shipment);
    this.log.log('shipment queued', { shipmentId: id });
    return shipment;
  }

  /** The original also answers both GETs with a text. No client reads it. */
  @Get()
  @Operation({ summary: 'A fixed text', response: line('shipments are not listed') })
  @Header('content-type', 'text/plain; charset=utf-8')
  list(): string {
    return 'Shipments go straight to the queue and are not listed here. See GET /orders of orders.';
  }

  @Get(':id')
  @Operation({
    summary: 'A fixed text',
    params: { id: 'Any.' },
    response: line('ask orders instead'),
  })
  @Header('content-type', 'text/plain; charset=utf-8')
  one(): string {
    return 'Shipments go straight to the queue; GET /orders/{id} of orders has the status.';
  }
}
