import type { z } from 'zod';
import { UpstreamError } from './upstream-error.ts';

/** A response, read to its end. */
export class UpstreamResponse {
  constructor(
    private readonly upstream: string,
    readonly status: number,
    readonly headers: Readonly<Record<string, string | string[] | undefined>>,
    readonly body: Buffer,
  ) {}

  get ok(): boolean {
    return this.status < 400;
  }

  /** The body as text. */
  text(): string {
    return this.body.toString('utf8');
  }

  /**
   * The body, parsed by `schema`.
   * @throws UpstreamError `body` when it does not match.
   */
  json<T>(schema: z.ZodType<T>): T {
    try {
      return schema.parse(JSON.parse(this.text()));
    } catch (error) {
      // A parser's message quotes the text, which may hold a card number; a schema's message only names fields.
      const cause = error instanceof SyntaxError ? undefined : error;
      throw new UpstreamError(this.upstream, 'body', cause, this.status);
    }
  }
}
