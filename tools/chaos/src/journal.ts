import { createReadStream, existsSync } from 'node:fs';

/** A change of a cart, as the load generator journals it. `unknown`: it may have been carried out. */
export interface CartChange {
  readonly event: 'cart';
  /** Of the answer, in ms since 1970. */
  readonly at: number;
  readonly shopper: number;
  readonly username: string;
  readonly route: string;
  readonly item?: string;
  readonly quantity?: number;
  readonly fate: 'done' | 'refused' | 'unknown';
}

/** A checkout that ended: with the id of its order, or without the shopper knowing whether there is one. */
export interface CheckoutEnd {
  readonly event: 'checkout';
  readonly at: number;
  readonly shopper: number;
  readonly username: string;
  readonly idempotencyKey: string;
  readonly id?: string;
}

export type JournalEntry = CartChange | CheckoutEnd;

/** An acknowledged checkout. */
export type Acknowledged = CheckoutEnd & { readonly id: string };

export function isAcknowledged(entry: JournalEntry): entry is Acknowledged {
  return entry.event === 'checkout' && entry.id !== undefined;
}

/** Reads on where it stopped: the journal grows while shoppers shop. */
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
