import { journeyTable, progressLine, routeTable, traceLines } from './report.ts';
import type { Summary } from './summary.ts';
import type { TracePages } from './trace-pages.ts';

/** The output, such as `process.stdout`. */
export interface Screen {
  isTTY?: boolean;
  rows?: number;
  columns?: number;
  write: (text: string) => unknown;
}

/** Lines about single traces, above the table. */
const mostTraces = 6;

/** Shows the progress: on a terminal a table that is drawn again each second, otherwise a line every five seconds. */
export class Progress {
  private readonly timer: NodeJS.Timeout;
  private drawnLines = 0;
  private last = { requests: 0, seconds: 0 };

  constructor(
    private readonly screen: Screen,
    private readonly now: () => Summary,
    private readonly pages: Pick<TracePages, 'page'>,
  ) {
    this.timer = setInterval(
      () => {
        this.show();
      },
      screen.isTTY ? 1_000 : 5_000,
    );
  }

  /** Leaves the terminal to the summary. */
  end(): void {
    clearInterval(this.timer);
    this.erase();
  }

  private show(): void {
    const summary = this.now();
    const { requests, elapsedSeconds } = summary;
    const seconds = Math.max(elapsedSeconds - this.last.seconds, 0.001);
    const line = progressLine(summary, (requests.count - this.last.requests) / seconds);
    this.last = { requests: requests.count, seconds: elapsedSeconds };
    if (!this.screen.isTTY) {
      this.screen.write(`${line}\n`);
      return;
    }
    // Lines above the top of the terminal could not be erased, nor the second half of one that is too wide.
    const traces = traceLines(summary, (traceId) => this.pages.page(traceId)).slice(-mostTraces);
    const journeys = journeyTable(summary);
    const tables = [...routeTable(summary), ...(journeys.length > 0 ? ['', ...journeys] : [])];
    const { rows = 24, columns = 80 } = this.screen;
    const lines = [line, ...traces, ...tables].slice(0, rows - 1);
    this.erase();
    this.screen.write(lines.map((each) => `${each.slice(0, columns)}\n`).join(''));
    this.drawnLines = lines.length;
  }

  private erase(): void {
    if (this.drawnLines > 0) this.screen.write(`\x1b[${this.drawnLines}A\x1b[J`);
    this.drawnLines = 0;
  }
}
