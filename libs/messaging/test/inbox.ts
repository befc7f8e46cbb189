import { until } from '@sockshop/testing';

/** A handler's mailbox. */
export class Inbox<T> {
  readonly all: T[] = [];
  private taken = 0;

  readonly put = (item: T): Promise<void> => {
    this.all.push(item);
    return Promise.resolve();
  };

  /** The next one, however long it takes. */
  async next(): Promise<T> {
    const at = this.taken++;
    await until(() => this.all.length > at);
    return this.all[at]!;
  }
}
