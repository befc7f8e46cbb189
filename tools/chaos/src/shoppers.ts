import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { JournalReader } from './journal-reader.ts';
import { JOURNAL_FILE, SHOPPERS_FILE } from './own-folder.ts';

/** The load generator as a process of its own: it shops on whatever happens to the shop, and journals the answers. */
export class Shoppers {
  readonly journal: JournalReader;
  private readonly process: ChildProcess;

  constructor(main: string, url: string, dir: string, count: number, seed: number) {
    const journal = join(dir, JOURNAL_FILE);
    this.journal = new JournalReader(journal);
    const output = openSync(join(dir, SHOPPERS_FILE), 'a');
    const args = ['--url', url, '--shoppers', String(count), '--seed', String(seed)];
    const orders = ['--rich', '0.1']; // each visit orders
    this.process = spawn(process.execPath, [main, ...args, ...orders, '--journal', journal], {
      stdio: ['ignore', output, output],
      detached: true,
    });
    closeSync(output);
  }

  get shopping(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Lets them wait for their last answers. */
  async stop(): Promise<void> {
    if (!this.shopping) return;
    this.process.kill('SIGINT');
    await once(this.process, 'exit');
  }
}
