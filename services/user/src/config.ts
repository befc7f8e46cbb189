import { listenSettings, readSettings } from '@sockshop/service';
import { z } from 'zod';

const databaseUrl = z
  .string()
  .regex(/^(sqlite:|mongodb(\+srv)?:\/\/)./, 'must be sqlite:PATH or mongodb://…')
  .optional();

/** USER_DATABASE and `-database` chose a kind of database in the original, which had one: they are ignored. */
const Settings = z.object({
  ...listenSettings,
  DATABASE_URL: databaseUrl,
  MONGO_URL: databaseUrl,
  /** Host or host:port, as in the original; the database was always `users`. */
  MONGO_HOST: z.string().default('user-db'),
  MONGO_USER: z.string().optional(),
  MONGO_PASS: z.string().default(''),
  /** The host in every link, without a port. Spelled as in the original. */
  HATEAOS: z.string().default('user'),
});

const FLAGS = {
  'mongo-host': 'MONGO_HOST',
  'mongo-user': 'MONGO_USER',
  'mongo-password': 'MONGO_PASS',
  'link-domain': 'HATEAOS',
};

/** The only reader of user's variables. */
export class UserConfig {
  private constructor(
    readonly port: number,
    readonly host: string,
    readonly databaseUrl: string,
    readonly linkDomain: string,
  ) {}

  static read(
    env: Readonly<Record<string, string | undefined>>,
    argv: readonly string[] = [],
  ): UserConfig {
    const settings = readSettings(Settings, env, argv, FLAGS);
    const url = settings.DATABASE_URL ?? settings.MONGO_URL ?? originalUrl(settings);
    return new UserConfig(settings.PORT, settings.HOST, url, settings.HATEAOS);
  }
}

function originalUrl({ MONGO_HOST, MONGO_USER, MONGO_PASS }: z.output<typeof Settings>): string {
  const login =
    MONGO_USER === undefined
      ? ''
      : `${encodeURIComponent(MONGO_USER)}:${encodeURIComponent(MONGO_PASS)}@`;
  return `mongodb://${login}${MONGO_HOST}/users`;
}
