import { Injectable } from '@nestjs/common';
import { PaymentConfig } from './config.ts';

export interface Authorisation {
  authorised: boolean;
  message: string;
}

/**
 * Decides by the amount alone. Nothing is charged and nothing is stored, so the same order always gets the same decision.
 */
@Injectable()
export class PaymentService {
  constructor(private readonly config: PaymentConfig) {}

  /** `amount` is in US dollars and above 0. An amount equal to the limit is authorised, as in the original. */
  authorise(amount: number): Authorisation {
    // Rounded to a tenth of a cent: sums of prices have binary rounding errors, and the original compared 32-bit floats.
    if (Math.round(amount * 1000) / 1000 > this.config.declineOver) {
      const limit = this.config.declineOver.toFixed(2);
      return { authorised: false, message: `Payment declined: amount exceeds ${limit}` };
    }
    return { authorised: true, message: 'Payment authorised' };
  }
}
