import type { CheckoutEnd, JournalEntry } from '@sockshop/loadtest';
import { createReadStream, existsSync } from 'node:fs';

/** An acknowledged checkout. */
type Acknowledged = Extract<JournalEntry, CheckoutEnd & { id: string }>;

export function isAcknowledged(entry: JournalEntry): entry is Acknowledged {
  return entry.event === 'checkout' && 'id' in entry;
}

/** Reads the load generator's journal, each time from where it stopped: the journal grows while shoppers shop. */
export class JournalReader {
  readonly entries: JournalEntry[] = [];
  private bytes = 0;

  constructor(private readonly file: string) {}

  /** Takes in what was written since the last time. */
  async read(): Promise<void> {
    if (!existsSync(this.file)) return;
    const stream = createReadStream(this.file, { start: this.bytes, encoding: 'utf8' });
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    this.bytes += Buffer.byteLength(whole);
    for (const line of whole.split('\n'))
      if (line !== '') this.entries.push(JSON.parse(line) as JournalEntry); // the load generator's
  }

  acknowledgedSince(at: number): number {
    return this.entries.filter((entry) => isAcknowledged(entry) && entry.at >= at).length;
  }
}
