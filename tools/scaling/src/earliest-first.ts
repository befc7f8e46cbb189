/** A binary heap: whatever was added, the one with the smallest key comes out first. */
export class EarliestFirst<T> {
  private readonly entries: { readonly key: number; readonly value: T }[] = [];

  get size(): number {
    return this.entries.length;
  }

  /** Infinity while it is empty. */
  get earliest(): number {
    return this.entries[0]?.key ?? Infinity;
  }

  add(key: number, value: T): void {
    const { entries } = this;
    const added = { key, value };
    let at = entries.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = entries[above];
      if (!parent || parent.key <= key) break;
      entries[at] = parent;
      at = above;
    }
    entries[at] = added;
  }

  take(): T | undefined {
    const { entries } = this;
    const first = entries[0];
    const last = entries.pop();
    if (!first || !last || entries.length === 0) return first?.value;
    let at = 0;
    for (;;) {
      const left = entries[2 * at + 1];
      const right = entries[2 * at + 2];
      const child = right && left && right.key < left.key ? right : left;
      if (!child || child.key >= last.key) break;
      entries[at] = child;
      at = 2 * at + (child === left ? 1 : 2);
    }
    entries[at] = last;
    return first.value;
  }
}
