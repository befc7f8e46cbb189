import { writeFile } from 'node:fs/promises';
import type { RunDocument } from './document.ts';

/** Where the results go, if anywhere. */
export class ResultFiles {
  constructor(
    private readonly json: string | undefined,
    private readonly html: string | undefined,
  ) {}

  /** Makes them, empty. @throws the system's error where they cannot be written */
  async open(): Promise<void> {
    for (const file of [this.json, this.html]) if (file !== undefined) await writeFile(file, '');
  }

  async write(run: RunDocument, traceUrl: (traceId: string) => string): Promise<void> {
    const { json, html } = this;
    if (json !== undefined) await writeFile(json, `${JSON.stringify(run, undefined, 2)}\n`);
    if (html === undefined) return;
    const { htmlReport } = await import('./html-report.ts');
    await writeFile(html, htmlReport(run, traceUrl));
  }
}
