// Watches a process that makes MongoDB's writes wait. When it ends without a word, or takes too long, the writes are let go.
// Started by stopped-writes.ts, which says in a line where the database is, and `done` in another.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoClient } from 'mongodb';

/** A lock that was asked for in the last moment may come after the end of its process. */
const TRIES = 20;
const BETWEEN_TRIES_MS = 100;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { url, withinMs } = JSON.parse(await next()) as { url: string; withinMs: number };
const client = await new MongoClient(url, { serverSelectionTimeoutMS: 5000 }).connect();
process.stdout.write('ready\n');
const late = AbortSignal.timeout(withinMs);
const tooLate = new Promise<string>((resolve) => {
  late.addEventListener('abort', () => {
    resolve('too late');
  });
});
if ((await Promise.race([next(), tooLate])) !== 'done') await unlock();
process.exit(0);

async function next(): Promise<string> {
  const { value = '' } = (await lines.next()) as { value?: string }; // no value at the end
  return value;
}

async function unlock(): Promise<void> {
  for (let nth = 0; nth < TRIES; nth++) {
    try {
      await client.db('admin').command({ fsyncUnlock: 1 });
      return;
    } catch {
      await sleep(BETWEEN_TRIES_MS); // not locked, or not yet
    }
  }
}
