import { describe, expect, it } from '@jest/globals';
import { stampPublished, waitedMs } from '../src/message-facts.ts';

describe('the time of a message with the broker', () => {
  const waited = (headers: Record<string, unknown>): number | undefined =>
    waitedMs({ exchange: '', routingKey: 'q', queue: 'q', deliveryTag: 1, attempt: 0, headers });

  it('is that since it was last sent', () => {
    const headers: Record<string, unknown> = { 'x-published-at-ms': '1' };
    stampPublished(headers);
    expect(waited(headers)).toBeLessThan(10_000);
    expect(waited({ 'x-published-at-ms': Date.now() - 60_000 })).toBeGreaterThanOrEqual(60_000);
  });

  it.each<[string, Record<string, unknown>]>([
    ['does not say when it sent it', {}],
    ['says what is no time', { 'x-published-at-ms': 'yesterday' }],
    ['says it in bytes', { 'x-published-at-ms': Buffer.from('1') }],
    ['has a clock that is ahead', { 'x-published-at-ms': String(Date.now() + 60_000) }],
  ])('is unknown of a sender that %s', (_case, headers) => {
    expect(waited(headers)).toBeUndefined();
  });
});
