import type { CartChange, JournalEntry } from '@sockshop/loadtest';

/** How many pieces of a sock can be in a cart, as far as its shopper can know. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * What one shopper's cart must hold, followed along its journal. An acknowledged change moves both bounds; one without an answer
 * may have been carried out, or may be yet: it only widens them.
 */
export class ExpectedCart {
  private readonly lines = new Map<string, Bounds>();
  /** Pieces of each sock that may come late: an add without an answer can wait in the buffers of a paused process. */
  private readonly late = new Map<string, number>();

  follow(entry: JournalEntry): void {
    if (entry.event === 'checkout') this.mayLose();
    else if (entry.fate !== 'refused') this.change(entry);
  }

  bounds(item: string): Bounds {
    const { least, most } = this.lines.get(item) ?? { least: 0, most: 0 };
    return { least, most: most + (this.late.get(item) ?? 0) };
  }

  /** The socks of which a piece must be there. */
  items(): string[] {
    return [...this.lines].filter(([, { least }]) => least > 0).map(([item]) => item);
  }

  private change({ route, item, quantity = 1, fate }: CartChange): void {
    const done = fate === 'done';
    if (route === 'DELETE /cart') {
      if (done) this.lines.clear();
      else this.mayLose();
      return;
    }
    if (item === undefined) throw new Error(`no item in the journal's ${route}`);
    const { least, most } = this.lines.get(item) ?? { least: 0, most: 0 };
    if (route === 'POST /cart') {
      if (done) this.lines.set(item, { least: least + quantity, most: most + quantity });
      else this.late.set(item, (this.late.get(item) ?? 0) + quantity);
    } else {
      const set = route === 'POST /cart/update' ? quantity : 0;
      if (done) this.lines.set(item, { least: set, most: set });
      else this.lines.set(item, { least: Math.min(least, set), most: Math.max(most, set) });
    }
  }

  /** An order takes its lines, at once or later. */
  private mayLose(): void {
    for (const [item, { most }] of this.lines) this.lines.set(item, { least: 0, most });
  }
}
