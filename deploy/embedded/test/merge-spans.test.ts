import { describe, expect, it } from '@jest/globals';
import { mergeSpans } from '../src/trace-store/merge-spans.ts';
import { aSpan, START } from './spans.ts';

const client = aSpan('a', { kind: 'CLIENT', at: 'web', to: 'app' });
const server = aSpan('a', { kind: 'SERVER', at: 'app', shared: true });

describe('mergeSpans', () => {
  it('merges pieces into one span: the first known value, all tags and annotations', () => {
    const start = {
      ...client,
      annotations: [{ timestamp: START + 2, value: 'sent' }],
      tags: { a: '1', b: '2' },
    };
    const { kind: _kind, ...late } = client;
    const finish = {
      ...late,
      name: 'get',
      duration: 5,
      localEndpoint: { serviceName: 'web', ipv4: '127.0.0.1' },
      annotations: [
        { timestamp: START + 1, value: 'queued' },
        { timestamp: START + 2, value: 'sent' },
      ],
      tags: { b: '3' },
    };
    expect(mergeSpans([start, finish])).toEqual([
      {
        ...client,
        name: 'get',
        duration: 5,
        localEndpoint: { serviceName: 'web', ipv4: '127.0.0.1' },
        annotations: [
          { timestamp: START + 1, value: 'queued' },
          { timestamp: START + 2, value: 'sent' },
        ],
        tags: { a: '1', b: '3' },
      },
    ]);
  });

  it('joins a late piece without an address to the first side of its id', () => {
    const late = { traceId: client.traceId, id: client.id, duration: 7 };
    expect(mergeSpans([server, client, late])).toEqual([{ ...client, duration: 7 }, server]);
  });

  it('keeps both sides of a shared id, the client first', () => {
    expect(mergeSpans([server, client])).toEqual([client, server]);
  });

  it("marks a server with its client's id as shared and gives it the parent", () => {
    const child = { ...client, parentId: 'f'.repeat(16) };
    const { shared: _shared, ...unmarked } = server;
    expect(mergeSpans([unmarked, child])).toEqual([child, { ...server, parentId: 'f'.repeat(16) }]);
  });

  it('keeps spans with one id and different addresses apart', () => {
    const other = { ...server, localEndpoint: { serviceName: 'app', ipv4: '127.0.0.2' } };
    const one = { ...server, localEndpoint: { serviceName: 'app', ipv4: '127.0.0.1' } };
    expect(mergeSpans([other, one])).toEqual([one, other]);
  });

  it('orders by id', () => {
    const ids = mergeSpans(['c', 'a', 'b'].map((id) => aSpan(id))).map(({ id }) => id.at(-1));
    expect(ids).toEqual(['a', 'b', 'c']);
  });
});
