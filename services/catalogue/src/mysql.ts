import type { MysqlAddress } from './database-url.ts';

/** Milliseconds: shorter than the caller's own time limit. */
export const CONNECT_MS = 1000;

/** Shorter than the client's own limit for a query, which cannot tell a slow query from a server that hangs. */
const STATEMENT_MS = 1500;
/** MariaDB runs what is in the first comment, MySQL reads the second; to all others they are comments. */
const LIMITED = `/*M! SET STATEMENT max_statement_time=${STATEMENT_MS / 1000} FOR */ SELECT /*+ MAX_EXECUTION_TIME(${STATEMENT_MS}) */`;
/** The numbers of their errors: mysql2 has no name for MariaDB's. */
const STATEMENT_TOO_SLOW = new Set<unknown>([1969, 3024]);

/** The query with a time limit that the server keeps. */
export function limited(select: string): string {
  return select.replace(/^SELECT/, LIMITED);
}

/** Options that both mysql2 and TypeORM take. */
export function tlsOptions({ tls }: MysqlAddress): { ssl?: { rejectUnauthorized: boolean } } {
  return tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verified' } };
}

/**
 * Codes of Node, mysql2 and the server: it is unreachable, does not respond, or is new and does not have the account, database or
 * table yet.
 */
const UNAVAILABLE =
  /^(E[A-Z]+|EAI_AGAIN|PROTOCOL_\w+|ER_(CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|SERVER_SHUTDOWN|CONNECTION_KILLED|CLIENT_INTERACTION_TIMEOUT|ACCESS_DENIED_ERROR|DBACCESS_DENIED_ERROR|BAD_DB_ERROR|NO_SUCH_TABLE))$/;
/** mysql2 has no code for the use of a closed connection or pool. */
const ENDED = /^(Pool is closed\.|Can't add new command when connection is in closed state)$/;

/** Whether the database is unavailable, as opposed to a wrong query. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = described(error);
  return UNAVAILABLE.test(code) || ENDED.test(message);
}

/** Whether only this query failed: too many wait for a connection of the pool, or it took too long. */
export function isCrowded(error: unknown): boolean {
  const { errno } = (error ?? {}) as { errno?: unknown }; // any thrown value has or lacks it
  return described(error).message === 'Queue limit reached.' || STATEMENT_TOO_SLOW.has(errno);
}

/** Whether the server answers but has no such database. */
export function isMissing(error: unknown): boolean {
  return described(error).code === 'ER_BAD_DB_ERROR';
}

/** Creates the database, if the account may. */
export async function createDatabase(address: MysqlAddress): Promise<void> {
  const { createConnection } = await import('mysql2/promise'); // the embedded shop does not need it
  const { host, port, user, password, database } = address;
  const connection = await createConnection({
    ...{ host, port, user, password, connectTimeout: CONNECT_MS },
    ...tlsOptions(address),
  });
  try {
    await connection.query('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4', [database]);
  } finally {
    connection.destroy();
  }
}

function described(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }; // any thrown value has or lacks them
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
