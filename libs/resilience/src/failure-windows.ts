interface Window {
  readonly sinceMs: number;
  failures: number;
}

/** Keys that are counted; beyond it the oldest windows are dropped. */
const MOST = 20_000;

/** Counts failures by key, such as a caller's address. The window of a key begins with its first failure. */
export class FailureWindows {
  /** The oldest first. */
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly windowMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  add(key: string): void {
    const known = this.windows.get(key);
    if (known && this.now() < known.sinceMs + this.windowMs) {
      known.failures += 1;
      return;
    }
    this.windows.delete(key);
    this.windows.set(key, { sinceMs: this.now(), failures: 1 });
    const [oldest] = this.windows.keys();
    if (this.windows.size > MOST && oldest !== undefined) this.windows.delete(oldest);
  }

  /** What was counted was no failure. */
  takeBack(key: string): void {
    const window = this.windows.get(key);
    if (window && window.failures > 0) window.failures -= 1;
  }

  /** Seconds until the window of a key with so many failures ends; undefined when it has fewer. */
  secondsLeft(key: string, limit: number): number | undefined {
    const window = this.windows.get(key);
    if (!window || window.failures < limit) return undefined;
    const leftMs = window.sinceMs + this.windowMs - this.now();
    return leftMs > 0 ? Math.ceil(leftMs / 1000) : undefined;
  }
}
