import { Injectable } from '@nestjs/common';
import { ShopError } from '@sockshop/service';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { FrontEndConfig } from '../config.ts';

/** Bounds one request: a command is accepted at once, and done later. */
const TIMEOUT_MS = 5000;
const Problem = z.object({ status: z.number(), detail: z.string() });

/** The launcher's control socket. These requests are not traced. */
@Injectable()
export class MeshClient {
  constructor(private readonly config: FrontEndConfig) {}

  async state(): Promise<unknown> {
    return this.send('GET', '/mesh');
  }

  /** Resolves when the launcher has accepted the command. @throws ShopError with the launcher's words for a refusal. */
  async command(name: string, body: unknown): Promise<void> {
    await this.send('POST', `/mesh/${name}`, body);
  }

  /** @throws ShopError 503 where no launcher answers. */
  private async send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
    let status: number;
    let answer: unknown;
    try {
      ({ status, answer } = await this.exchange(method, path, body));
    } catch (cause) {
      const headers = { 'retry-after': '2' };
      throw new ShopError(503, 'the launcher of the shop does not answer', { headers, cause });
    }
    if (status < 400) return answer;
    const { data } = Problem.safeParse(answer);
    throw new ShopError(status < 500 ? status : 503, data?.detail ?? 'the launcher refused it');
  }

  private async exchange(method: string, path: string, body: unknown) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(
        {
          ...{ socketPath: this.config.meshControl, method, path, agent: false },
          headers: {
            prefer: 'respond-async',
            ...(payload !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(payload),
            }),
          },
          signal: AbortSignal.timeout(TIMEOUT_MS),
        },
        resolve,
      )
        .on('error', reject)
        .end(payload);
    });
    return {
      status: response.statusCode ?? 500,
      answer: JSON.parse(await text(response)) as unknown,
    };
  }
}
