import type { MysqlAddress } from './database-url.ts';

/** Milliseconds: a dead server must be known before the caller's own time limit. */
export const CONNECT_MS = 1000;

/** What mysql2 and TypeORM both take. */
export function tlsOptions({ tls }: MysqlAddress): { ssl?: { rejectUnauthorized: boolean } } {
  return tls === 'off' ? {} : { ssl: { rejectUnauthorized: tls === 'verified' } };
}

/**
 * Codes by which Node, mysql2 and the server say that the server cannot be reached or does not answer, or (a new, empty one in its
 * place) that it has no such account, database or table yet.
 */
const AWAY =
  /^(E[A-Z]+|EAI_AGAIN|PROTOCOL_\w+|ER_(CON_COUNT_ERROR|TOO_MANY_USER_CONNECTIONS|SERVER_SHUTDOWN|CONNECTION_KILLED|CLIENT_INTERACTION_TIMEOUT|ACCESS_DENIED_ERROR|DBACCESS_DENIED_ERROR|BAD_DB_ERROR|NO_SUCH_TABLE))$/;
/** mysql2 has no code for the use of a connection, or a pool, that ended meanwhile. */
const ENDED = /^(Pool is closed\.|Can't add new command when connection is in closed state)$/;

/** Whether the database itself is away, as opposed to a wrong query. */
export function isAway(error: unknown): boolean {
  const { code, message } = told(error);
  return AWAY.test(code) || ENDED.test(message);
}

/** Whether the pool has more waiting for a connection than it may. */
export function isCrowded(error: unknown): boolean {
  return told(error).message === 'Queue limit reached.';
}

/** Whether the server is there but not the database. */
export function isMissing(error: unknown): boolean {
  return told(error).code === 'ER_BAD_DB_ERROR';
}

/** Makes the database, where the account may. */
export async function createDatabase(address: MysqlAddress): Promise<void> {
  const { createConnection } = await import('mysql2/promise'); // the embedded way needs none of it
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

function told(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }; // any thrown value has or lacks them
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}
