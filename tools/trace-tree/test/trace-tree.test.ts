import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ZipkinSpan } from '@sockshop/tracing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readTrace } from '../src/read-trace.ts';
import { traceTree } from '../src/trace-tree.ts';

const span = (id: string, rest: Partial<ZipkinSpan> = {}): ZipkinSpan => ({
  traceId: 'a'.repeat(32),
  id,
  name: id,
  timestamp: 1_000_000,
  duration: 1500,
  localEndpoint: { serviceName: 'shop' },
  tags: {},
  ...rest,
});

const ROOT = span('root', { kind: 'SERVER', duration: 9000, tags: { error: '', who: 'Ann' } });
const CALL = span('call', {
  parentId: 'root',
  kind: 'CLIENT',
  timestamp: 1_002_000,
  remoteEndpoint: { serviceName: 'store' },
});
const ANSWER = span('answer', {
  parentId: 'call',
  kind: 'SERVER',
  timestamp: 1_002_500,
  localEndpoint: { serviceName: 'store' },
});
const LATER = span('later', { parentId: 'root', timestamp: 1_007_000 });

describe('the tree of a trace', () => {
  it('has a line for each span, below its parent, in the order in which they began', () => {
    expect(traceTree([LATER, ANSWER, CALL, ROOT], ['who'])).toBe(
      [
        'shop  SERVER  root  +0.0 9.0 ms  ERROR  who=Ann',
        '├─ shop  CLIENT  call  +2.0 1.5 ms',
        '│  └─ store  SERVER  answer  +2.5 1.5 ms',
        '└─ shop  INTERNAL  later  +7.0 1.5 ms',
      ].join('\n'),
    );
  });

  it('shows a span whose parent has not come as a root', () => {
    expect(traceTree([ANSWER])).toBe('store  SERVER  answer  +0.0 1.5 ms');
  });
});

describe('reading a trace', () => {
  const answers: ZipkinSpan[][] = [];
  let asked = 0;
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      const spans = answers[Math.min(asked++, answers.length - 1)] ?? [];
      response.statusCode = spans.length === 0 ? 404 : 200;
      response.end(JSON.stringify(spans));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });

  it('waits for the parents and for the answers of calls', async () => {
    answers.push([], [ANSWER, CALL], [ROOT, CALL], [ROOT, CALL, ANSWER]);
    expect(await readTrace(url, ROOT.traceId)).toHaveLength(3);
    expect(asked).toBe(4);
  });
});
