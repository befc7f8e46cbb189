import type { FastifyReply } from 'fastify';

/** Aborts when the caller closes the connection before it has the response: work that still waits for it need not begin. */
export function callerSignal({ raw }: FastifyReply): AbortSignal {
  const caller = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) caller.abort();
  });
  return caller.signal;
}
