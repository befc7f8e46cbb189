/** Rough heap cost of a text besides its characters: V8's header, the map's slot, the two lists. */
const OVERHEAD_BYTES = 96;

/**
 * Stores each text once, counts its uses and drops it with the last: spans repeat names, tag keys and most values,
 * and unique texts (a path with an id) are dropped with their trace.
 */
export class StringTable {
  private readonly ids = new Map<string, number>();
  private readonly texts: string[] = [];
  private readonly uses: number[] = [];
  private readonly free: number[] = [];
  /** Estimated. */
  bytes = 0;

  /** Returns a number for the text, from 1, because 0 means "none". Release it once. */
  acquire(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) {
      this.uses[known] = (this.uses[known] ?? 0) + 1;
      return known;
    }
    const id = this.free.pop() ?? this.texts.length + 1;
    this.ids.set(text, id);
    this.texts[id - 1] = text;
    this.uses[id] = 1;
    this.bytes += text.length + OVERHEAD_BYTES;
    return id;
  }

  release(id: number): void {
    const uses = (this.uses[id] ?? 0) - 1;
    this.uses[id] = uses;
    if (uses > 0) return;
    const text = this.text(id);
    this.ids.delete(text);
    this.texts[id - 1] = '';
    this.free.push(id);
    this.bytes -= text.length + OVERHEAD_BYTES;
  }

  text(id: number): string {
    const text = this.texts[id - 1];
    if (text === undefined) throw new RangeError(`no text ${id}`);
    return text;
  }
}
