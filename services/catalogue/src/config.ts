import { configOf, port } from '@sockshop/service';
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

/** The only reader of catalogue's variables. `-DSN` and `-images` are the original's flags. */
export class CatalogueConfig extends configOf({
  variables: {
    DATABASE_URL: databaseUrl.optional(),
    MYSQL_URL: databaseUrl.optional(),
    /** The original's form of the database address, from its flag `-DSN`. */
    DSN: dsn.optional(),
    // The original's account, which its database image creates.
    MYSQL_HOST: z.string().default('catalogue-db'),
    MYSQL_PORT: port.default(3306),
    MYSQL_USER: z.string().default('catalogue_user'),
    MYSQL_PASSWORD: z.string().optional(),
    MYSQL_DATABASE: z.string().default('socksdb'),
    /** How old an answer from memory may be: so long may a change by SQL stay unseen. 0: the database is asked each time. */
    CACHE_MS: z.coerce.number().int().min(0).default(1000),
    /** Folder of the pictures. */
    IMAGES: z.string().default(fileURLToPath(new URL('../images/', import.meta.url))),
  },
  flags: { DSN: 'DSN', images: 'IMAGES' },
  config: (values) => {
    const { DATABASE_URL, MYSQL_URL, DSN, MYSQL_USER: user } = values;
    const mysql: DatabaseAddress = {
      type: 'mysql',
      host: values.MYSQL_HOST,
      port: values.MYSQL_PORT,
      user,
      password: values.MYSQL_PASSWORD ?? (user === 'catalogue_user' ? 'default_password' : ''),
      database: values.MYSQL_DATABASE,
      tls: 'off',
    };
    return {
      database: DATABASE_URL ?? MYSQL_URL ?? DSN ?? mysql,
      cacheMs: values.CACHE_MS,
      images: resolve(values.IMAGES),
    };
  },
}) {}
