import { listenSettings, readSettings } from '@sockshop/service';
import { z } from 'zod';

const Settings = z.object({
  ...listenSettings,
  /** `mongodb://…` or `sqlite:PATH`. */
  DATABASE_URL: z.string().optional(),
  MONGO_URL: z.string().optional(),
  /** The original's variable: only the host; port and database were fixed. */
  db: z.string().default('carts-db'),
});

/** The only reader of carts' variables. */
export class CartsConfig {
  private constructor(
    readonly port: number,
    readonly host: string,
    readonly databaseUrl: string,
  ) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): CartsConfig {
    const settings = readSettings(Settings, env, argv, { db: 'db' });
    const url =
      settings.DATABASE_URL ?? settings.MONGO_URL ?? `mongodb://${settings.db}:27017/data`;
    return new CartsConfig(settings.PORT, settings.HOST, url);
  }
}
