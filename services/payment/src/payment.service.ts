import { Injectable } from '@nestjs/common';
import { PaymentConfig } from './config.ts';

export interface Authorisation {
  authorised: boolean;
  message: string;
}

/**
 * A pure decision by amount: nothing is charged and nothing remembered, so being asked twice about an order gives the same
 * answer twice.
 */
@Injectable()
export class PaymentService {
  constructor(private readonly config: PaymentConfig) {}

  /** `amount` in US dollars, above 0. The limit itself still passes, as in the original. */
  authorise(amount: number): Authorisation {
    // Rounded to a tenth of a cent: sums of prices carry binary dust, and the original compared 32-bit floats.
    if (Math.round(amount * 1000) / 1000 > this.config.declineOver) {
      const limit = this.config.declineOver.toFixed(2);
      return { authorised: false, message: `Payment declined: amount exceeds ${limit}` };
    }
    return { authorised: true, message: 'Payment authorised' };
  }
}
