import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { JsonLog, Operation } from '@sockshop/service';
import { z } from 'zod';
import { type Authorisation, PaymentService } from './payment.service.ts';

/** Orders also sends customer, address and card. The decision needs none of them. */
const AuthoriseRequest = z.object({
  amount: z
    .number()
    .positive('must be above 0 (US dollars)')
    .meta({ description: 'US dollars.', examples: [22.98] }),
});
const AuthorisationJson = z
  .object({
    authorised: z.boolean(),
    message: z.string().meta({ examples: ['Payment authorised'] }),
  } satisfies Record<keyof Authorisation, z.ZodType>)
  .meta({ id: 'Authorisation' });

@Controller()
export class PaymentController {
  constructor(
    private readonly payment: PaymentService,
    private readonly log: JsonLog,
  ) {}

  /** A declined payment is 200, not an error, as the original's callers expect. */
  @Post('paymentAuth')
  @Operation({
    summary: 'Authorise an amount or decline it',
    description: 'Nothing is charged. Further fields of the body are ignored.',
    params: {
      'idempotency-key': "The order's id, for the log: asked twice, the answer is the same.",
    },
    response: AuthorisationJson,
  })
  @HttpCode(200)
  authorise(
    @Body({ schema: AuthoriseRequest }) { amount }: z.infer<typeof AuthoriseRequest>,
    @Headers('idempotency-key') key?: string,
  ): Authorisation {
    const authorisation = this.payment.authorise(amount);
    const orderId = key !== undefined && ORDER_ID.test(key) ? key : undefined;
    const message = authorisation.authorised ? 'payment authorised' : 'payment declined';
    this.log.log(message, { amount, orderId });
    return authorisation;
  }
}

/** Other callers may send any text. */
const ORDER_ID = /^[\w-]{1,64}$/;
