/** Calls at the same time. */
const AT_ONCE = 4;

/** Makes one call after the other until it is stopped, and counts. */
export class OngoingCalls {
  made = 0;
  failed = 0;
  private over = false;
  private ended = Promise.withResolvers<undefined>();
  private readonly callers: Promise<unknown>;

  constructor(private readonly call: () => Promise<unknown>) {
    this.callers = Promise.all(Array.from({ length: AT_ONCE }, () => this.callOn()));
  }

  /** Waits until so many more have ended. */
  async more(calls: number): Promise<void> {
    for (const until = this.made + calls; this.made < until;) await this.ended.promise;
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.callers;
  }

  private async callOn(): Promise<void> {
    while (!this.over) {
      try {
        await this.call();
      } catch (error) {
        this.failed++;
        console.error(error);
      }
      this.made++;
      this.ended.resolve(undefined);
      this.ended = Promise.withResolvers();
    }
  }
}
