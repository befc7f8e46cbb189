/** A check found what must not be; the lines say what. */
export class CheckFailedError extends Error {
  override readonly name = 'CheckFailedError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

/** Prints each check as it ends, and remembers whether all held. */
export class Report {
  private failures = 0;
  private count = 0;

  constructor(private readonly print: (line: string) => void = console.log) {}

  /** Runs a check. One that fails does not keep the next from its turn. @param check returns what it found, a line each */
  async check(name: string, check: () => Promise<readonly string[]>): Promise<boolean> {
    const startedAt = Date.now();
    this.count++;
    let lines: readonly string[];
    let held = true;
    try {
      lines = await check();
    } catch (error) {
      held = false;
      this.failures++;
      lines = error instanceof CheckFailedError ? error.lines : [messageOf(error)];
    }
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    this.print(`${held ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    for (const line of lines) this.print(`         ${line}`);
    return held;
  }

  /** The last line, and the exit code. */
  end(): number {
    const held = `${this.count - this.failures} of ${this.count} checks held`;
    this.print(held);
    return this.failures === 0 && this.count > 0 ? 0 : 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
