import { configOf, count } from '@sockshop/service';
import { z } from 'zod';

const databaseUrl = z
  .string()
  .regex(/^(sqlite:|mongodb(\+srv)?:\/\/)./, 'must be sqlite:PATH or mongodb://…')
  .optional();

/** The only reader of user's variables. USER_DATABASE and `-database` are ignored: the original offered a single kind of database. */
export class UserConfig extends configOf({
  variables: {
    DATABASE_URL: databaseUrl,
    MONGO_URL: databaseUrl,
    /** Host or host:port, as in the original; the database was always `users`. */
    MONGO_HOST: z.string().default('user-db'),
    MONGO_USER: z.string().optional(),
    MONGO_PASS: z.string().default(''),
    /** The host in every link, without a port. Spelled as in the original. */
    HATEAOS: z.string().default('user'),
    /** Wrong logins in a minute after which a name, or an address, is checked slowly and a wrong login gets 429. */
    LOGIN_FAILURES_PER_NAME: count.default(10),
    LOGIN_FAILURES_PER_ADDRESS: count.default(50),
  },
  flags: {
    'mongo-host': 'MONGO_HOST',
    'mongo-user': 'MONGO_USER',
    'mongo-password': 'MONGO_PASS',
    'link-domain': 'HATEAOS',
    database: 'USER_DATABASE',
  },
  config: ({ DATABASE_URL, MONGO_URL, MONGO_HOST, MONGO_USER, MONGO_PASS, ...values }) => {
    const login =
      MONGO_USER === undefined
        ? ''
        : `${encodeURIComponent(MONGO_USER)}:${encodeURIComponent(MONGO_PASS)}@`;
    return {
      databaseUrl: DATABASE_URL ?? MONGO_URL ?? `mongodb://${login}${MONGO_HOST}/users`,
      linkDomain: values.HATEAOS,
      loginFailures: {
        perName: values.LOGIN_FAILURES_PER_NAME,
        perAddress: values.LOGIN_FAILURES_PER_ADDRESS,
      },
    };
  },
}) {}
