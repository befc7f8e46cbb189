/** A block of a guide: the content of a new file, or a change to an existing one. */
export interface Block {
  /** From the repository's folder. */
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

/** The blocks of a guide whose first line names a file, such as "```ts services/reviews/src/main.ts". */
export function blocksOf(guide: string): Block[] {
  const blocks = guide.matchAll(/^```(\w+) (\S+)\n(.*?)^```$/gms);
  return [...blocks].map(([, language = '', path = '', text = '']) => ({ path, language, text }));
}

/** Returns the file's content after the block. `before` is undefined for a new file. @throws Error when the block does not fit. */
export function applied({ path, language, text }: Block, before: string | undefined): string {
  if (language !== 'diff') {
    if (before !== undefined) throw new Error(`${path} already exists`);
    return text;
  }
  const lines = text.split('\n').slice(0, -1);
  const side = (dropped: string): string =>
    lines
      .filter((line) => !line.startsWith(dropped))
      .map((line) => `\n${line.slice(1)}`)
      .join('');
  const [head, tail, ...more] = `\n${before ?? ''}`.split(side('+'));
  if (head === undefined || tail === undefined || more.length > 0)
    throw new Error(`the lines of the block are not in ${path} exactly once:${side('+')}`);
  return (head + side('-') + tail).slice(1);
}
