import { type Representation, representationOf } from '@sockshop/service';
import { shop } from '@sockshop/telemetry';
import { activeSpan } from '@sockshop/tracing';
import type { CatalogueDatabase } from './catalogue-database.ts';

/** Answers kept at most, and their bytes. A larger answer is not kept: few callers ask for it, and it would push out all others. */
const MOST = { answers: 500, bytes: 4 * 1024 * 1024, bytesOfOne: 256 * 1024 };

interface Kept {
  readonly answer: Promise<Representation>;
  /** When the database was asked. */
  readonly askedMs: number;
  /** 0 until it has answered. */
  bytes: number;
}

/**
 * Keeps answers for a moment, as bytes. No answer is older than `freshMs`, counted from the moment the database was asked for it: a
 * change by SQL, or a database that hangs, may stay unseen for so long. Nothing is served from memory once the loss of the database is
 * known. Callers that ask for the same meanwhile wait for the same query.
 */
export class AnswerCache {
  /** Oldest first. */
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  /** `freshMs` 0: nothing is kept. `now`: milliseconds of a clock that never goes back. */
  constructor(
    private readonly database: CatalogueDatabase,
    private readonly freshMs: number,
    private readonly now: () => number,
  ) {}

  /** The answer that `read` makes, or one like it that is still fresh. A failure is passed on to all who wait for it, and not kept. */
  get(key: string, read: () => Promise<unknown>): Promise<Representation> {
    const askedMs = this.now();
    const known = this.kept.get(key);
    if (known && this.database.connected && askedMs - known.askedMs < this.freshMs) {
      activeSpan()?.setAttribute(shop.CACHE_HIT, true);
      return known.answer;
    }
    this.forget(key, known);
    const answer = read().then((body) => representationOf(Buffer.from(JSON.stringify(body))));
    const kept = { answer, askedMs, bytes: 0 };
    this.kept.set(key, kept);
    answer.then(
      ({ body }) => {
        this.weigh(key, kept, body.length);
      },
      () => {
        this.forget(key, kept);
      },
    );
    return answer;
  }

  private weigh(key: string, kept: Kept, bytes: number): void {
    if (this.kept.get(key) !== kept) return; // a newer one is there
    kept.bytes = bytes;
    this.bytes += bytes;
    if (bytes > MOST.bytesOfOne || this.freshMs === 0) this.forget(key, kept);
    for (const [oldest, each] of this.kept) {
      if (this.kept.size <= MOST.answers && this.bytes <= MOST.bytes) return;
      this.forget(oldest, each);
    }
  }

  private forget(key: string, kept: Kept | undefined): void {
    if (kept === undefined || this.kept.get(key) !== kept) return;
    this.kept.delete(key);
    this.bytes -= kept.bytes;
  }
}
