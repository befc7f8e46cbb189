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
const NewShipment = z.object({
  id: shipment.id.optional().meta({ description: 'Default: a new UUID.' }),
  name: shipment.name.optional().meta({ description: "The customer's id. Default: empty." }),
});
const Queued = z
  .object(shipment satisfies Record<keyof Shipment, z.ZodType>)
  .meta({ id: 'Shipment' });
const text = (description: string) =>
  ({ description, mediaType: 'text/plain', body: z.string() }) as const;

@Controller('shipping')
export class ShippingController {
  constructor(
    private readonly tasks: ShippingTaskPublisher,
    private readonly log: JsonLog,
  ) {}

  /** An explicit null stays null, as in the original. 201 says that the broker has the shipment; the original said so anyway. */
  @Post()
  @Operation({
    summary: 'Queue a shipment',
    answer: Queued,
    also: { 503: 'the broker did not confirm; the shipment may be queued nevertheless' },
  })
  async ship(
    @Body({ schema: NewShipment }) { id = randomUUID(), name = '' }: z.infer<typeof NewShipment>,
  ): Promise<Shipment> {
    const shipment = { id, name };
    await this.tasks.publish(shipment);
    this.log.log('shipment queued', { shipmentId: id });
    return shipment;
  }

  /** The original answered both GETs with a text, too; no client reads it. */
  @Get()
  @Operation({ summary: 'Nothing but a text', answer: text('that none are listed') })
  @Header('content-type', 'text/plain; charset=utf-8')
  list(): string {
    return 'Shipments go straight to the queue; none are listed here.';
  }

  @Get(':id')
  @Operation({
    summary: 'Nothing but a text',
    params: { id: 'Any.' },
    answer: text('that orders knows'),
  })
  @Header('content-type', 'text/plain; charset=utf-8')
  one(): string {
    return 'Shipments go straight to the queue; ask orders how far one has come.';
  }
}
