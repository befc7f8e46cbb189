import { Body, Controller, Get, Header, Post } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Shipment, ShippingTaskPublisher } from './shipping-task.publisher.ts';

const NewShipment = z.object({
  /** At most as long as fits the message's correlation id: 255 bytes in AMQP, 3 bytes a character. */
  id: z.string().max(85).nullish(),
  name: z.string().nullish(),
});

@Controller('shipping')
export class ShippingController {
  constructor(
    private readonly tasks: ShippingTaskPublisher,
    private readonly log: JsonLog,
  ) {}

  /** An explicit null stays null, as in the original. 201 says that the broker has the shipment; the original said so anyway. */
  @Post()
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
  @Header('content-type', 'text/plain; charset=utf-8')
  list(): string {
    return 'Shipments go straight to the queue; none are listed here.';
  }

  @Get(':id')
  @Header('content-type', 'text/plain; charset=utf-8')
  one(): string {
    return 'Shipments go straight to the queue; ask orders how far one has come.';
  }
}
