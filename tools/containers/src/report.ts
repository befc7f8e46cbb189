import { aligned } from '@sockshop/cli';

interface Row {
  readonly step: string;
  readonly seconds: number;
  readonly result: string;
  readonly failed: boolean;
}

/** What was done, how long it took, and what came of it. */
export class Report {
  private readonly rows: Row[] = [];

  constructor(private readonly words: readonly string[]) {}

  get failures(): number {
    return this.rows.filter(({ failed }) => failed).length;
  }

  /** Does a step that was asked for; one that fails is noted, and the next may still be done. @returns whether it was done and succeeded */
  async step(step: string, work: () => Promise<string>): Promise<boolean> {
    if (this.words.length > 0 && !this.words.some((word) => step.includes(word))) return false;
    return this.always(step, work);
  }

  /** The same for what every other step needs. */
  async always(step: string, work: () => Promise<string>): Promise<boolean> {
    const began = performance.now();
    const ended = await work().then(
      (result) => ({ result, failed: false }),
      (error: unknown) => ({
        result: error instanceof Error ? error.message : String(error),
        failed: true,
      }),
    );
    const row = { step, seconds: (performance.now() - began) / 1000, ...ended };
    this.rows.push(row);
    console.log(lineOf(row).join('  '));
    return !row.failed;
  }

  /** What was not run, and why. */
  note(step: string, result: string): void {
    const row = { step, seconds: 0, result, failed: false };
    this.rows.push(row);
    console.log(lineOf(row).join('  '));
  }

  table(): string {
    return aligned([['step', 's', '', 'result'], ...this.rows.map(lineOf)], 4);
  }
}

function lineOf({ step, seconds, result, failed }: Row): string[] {
  const [first = ''] = failed ? result.split('\n') : [result];
  return [step, seconds.toFixed(1).padStart(6), failed ? 'FAILED' : 'ok', first];
}
