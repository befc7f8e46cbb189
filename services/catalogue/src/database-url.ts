/** Where the socks are stored. The scheme of the address chooses the database. */
export type DatabaseAddress =
  { readonly type: 'sqlite'; readonly path: string } | ({ readonly type: 'mysql' } & MysqlAddress);

export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** `off` suits a private network; managed databases offer `verified`. */
  readonly tls: 'off' | 'verified' | 'unverified';
}

const MYSQL_PORT = 3306;

/** Reads `sqlite:PATH` or `mysql://user:password@host:port/database[?tls=true]`; undefined for anything else. */
export function parseDatabaseUrl(text: string): DatabaseAddress | undefined {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(text)?.[1];
  if (path !== undefined) return { type: 'sqlite', path };
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(text);
  if (protocol !== 'mysql:' && protocol !== 'mariadb:') return undefined;
  return {
    type: 'mysql',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? MYSQL_PORT : Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)) || 'socksdb',
    tls: tlsOf(searchParams),
  };
}

/** Reads the original's form: the DSN of Go's MySQL driver, `user:password@tcp(host:port)/database[?tls=true]`. */
export function parseDsn(text: string): DatabaseAddress | undefined {
  const dsn =
    /^(?:(?<user>[^:@]*)(?::(?<password>.*))?@)?(?:tcp(?:\((?<address>[^)]*)\))?)?\/(?<database>[^/?]+)?(?:\?(?<query>.*))?$/;
  const found = dsn.exec(text)?.groups;
  const address = /^(?<host>\[[^\]]*\]|[^:]*)(?::(?<port>\d+))?$/.exec(found?.['address'] ?? '');
  if (!found || !address) return undefined;
  return {
    type: 'mysql',
    host: (address.groups?.['host'] ?? '').replace(/^\[|\]$/g, '') || '127.0.0.1', // as Go's driver
    port: Number(address.groups?.['port'] ?? MYSQL_PORT),
    user: found['user'] ?? '',
    password: found['password'] ?? '',
    database: found['database'] ?? 'socksdb',
    tls: tlsOf(new URLSearchParams(found['query'])),
  };
}

function tlsOf(query: URLSearchParams): MysqlAddress['tls'] {
  const tls = query.get('tls') ?? query.get('ssl');
  if (tls === 'skip-verify') return 'unverified';
  return tls === 'true' ? 'verified' : 'off';
}
