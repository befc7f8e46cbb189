import { listenSettings, readSettings } from '@sockshop/service';
import { z } from 'zod';

const Settings = z.object({
  ...listenSettings,
  /** US dollars. The original's source says 105; its deployed image 100, so that one "Holy" (104.98 with shipping) was declined. */
  DECLINE_OVER: z.coerce.number().positive().default(105),
});

/** The only reader of payment's variables. `-decline` is the original's flag. */
export class PaymentConfig {
  private constructor(
    readonly port: number,
    readonly host: string,
    /** US dollars; an amount above it is declined. */
    readonly declineOver: number,
  ) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): PaymentConfig {
    const settings = readSettings(Settings, env, argv, { decline: 'DECLINE_OVER' });
    return new PaymentConfig(settings.PORT, settings.HOST, settings.DECLINE_OVER);
  }
}
