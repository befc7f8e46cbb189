import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { JsonLog } from '@sockshop/service';
import { z } from 'zod';
import { type Authorisation, PaymentService } from './payment.service.ts';

/** Orders sends customer, address and card as well; the decision needs none of them. */
const AuthoriseRequest = z.object({ amount: z.number().positive() });

@Controller()
export class PaymentController {
  constructor(
    private readonly payment: PaymentService,
    private readonly log: JsonLog,
  ) {}

  /** A refusal is an answer, not an error: 200, as the original's callers expect. */
  @Post('paymentAuth')
  @HttpCode(200)
  authorise(
    @Body({ schema: AuthoriseRequest }) { amount }: z.infer<typeof AuthoriseRequest>,
  ): Authorisation {
    const authorisation = this.payment.authorise(amount);
    this.log.log(authorisation.authorised ? 'payment authorised' : 'payment declined', { amount });
    return authorisation;
  }
}
