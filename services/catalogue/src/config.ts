import { listenSettings, port, readSettings } from '@sockshop/service';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type DatabaseAddress, parseDatabaseUrl, parseDsn } from './database-url.ts';

const databaseUrl = z.string().transform((text, check) => {
  const address = parseDatabaseUrl(text);
  if (address) return address;
  check.addIssue('neither sqlite:PATH nor mysql://user:password@host:port/database');
  return z.NEVER;
});

const dsn = z.string().transform((text, check) => {
  const address = parseDsn(text);
  if (address) return address;
  check.addIssue('not like user:password@tcp(host:port)/database');
  return z.NEVER;
});

const Settings = z.object({
  ...listenSettings,
  DATABASE_URL: databaseUrl.optional(),
  MYSQL_URL: databaseUrl.optional(),
  /** The original's way to say it, as its flag `-DSN`. */
  DSN: dsn.optional(),
  // The original's account, which its database image creates.
  MYSQL_HOST: z.string().default('catalogue-db'),
  MYSQL_PORT: port.default(3306),
  MYSQL_USER: z.string().default('catalogue_user'),
  MYSQL_PASSWORD: z.string().optional(),
  MYSQL_DATABASE: z.string().default('socksdb'),
  IMAGES: z.string().default(fileURLToPath(new URL('../images/', import.meta.url))),
});

/** The only reader of catalogue's variables. `-DSN` and `-images` are the original's flags. */
export class CatalogueConfig {
  private constructor(
    readonly port: number,
    readonly host: string,
    readonly database: DatabaseAddress,
    /** Folder of the pictures, absolute. */
    readonly images: string,
  ) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): CatalogueConfig {
    const settings = readSettings(Settings, env, argv, { DSN: 'DSN', images: 'IMAGES' });
    const database = settings.DATABASE_URL ?? settings.MYSQL_URL ?? settings.DSN;
    return new CatalogueConfig(
      settings.PORT,
      settings.HOST,
      database ?? {
        type: 'mysql',
        host: settings.MYSQL_HOST,
        port: settings.MYSQL_PORT,
        user: settings.MYSQL_USER,
        password:
          settings.MYSQL_PASSWORD ??
          (settings.MYSQL_USER === 'catalogue_user' ? 'default_password' : ''),
        database: settings.MYSQL_DATABASE,
        tls: 'off',
      },
      resolve(settings.IMAGES),
    );
  }
}
