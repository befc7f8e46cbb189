import { type JsonLog, makeFolder } from '@sockshop/service';
import { randomBytes, scryptSync } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FrontEndConfig } from './config.ts';

const KEY_BYTES = 32;

/** What seals the sessions, and what other keys are made from. */
export class SessionKey {
  constructor(readonly bytes: Buffer) {}
}

/** The key that seals the sessions: the one given, else one made at the first start and kept in a file. */
export function sessionKey(config: FrontEndConfig, log: JsonLog): Buffer {
  if (config.sessionKey !== undefined) return keyFrom(config.sessionKey);
  try {
    return keptKey(config.sessionKeyFile);
  } catch (error) {
    const file = config.sessionKeyFile; // a container's root file system may be read-only
    log.warn('no session key given and none can be kept: sessions end with this process', {
      file,
      error,
    });
    return randomBytes(KEY_BYTES);
  }
}

/** 32 bytes in hex or base64 as they are; any other text is a passphrase. */
export function keyFrom(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[\w+/-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  // Slow on purpose: an attacker with a cookie can try passphrases on it. The salt must be the same for all front-ends.
  return scryptSync(text, 'sock shop sessions', KEY_BYTES);
}

function keptKey(file: string): Buffer {
  if (!existsSync(file)) makeKey(file);
  const kept = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/i.test(kept)) throw new Error('the file holds no session key');
  return keyFrom(kept);
}

/** Of several front-ends that start at once the first wins, and none reads half a key. */
function makeKey(file: string): void {
  makeFolder(dirname(file));
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    rmSync(fresh);
  }
}
