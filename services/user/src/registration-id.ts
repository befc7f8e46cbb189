import { createHash } from 'node:crypto';

/**
 * The id of an account that a caller registers with an idempotency key: the seconds, as in MongoDB's ids, then a digest. So the account
 * itself tells, in every instance and after a crash, who registered it.
 */
export function registrationId(key: string, username: string, nowMs = Date.now()): string {
  const seconds = Math.floor(nowMs / 1000).toString(16);
  return seconds.padStart(8, '0') + digest(key, username);
}

/** Whether the account was registered with this key. */
export function isRegistrationId(id: string, key: string, username: string): boolean {
  return id.slice(8) === digest(key, username);
}

function digest(key: string, username: string): string {
  return createHash('sha256')
    .update(JSON.stringify([key, username]))
    .digest('hex')
    .slice(0, 16);
}
