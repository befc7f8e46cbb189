import { Metrics } from '@sockshop/metrics';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Bytes of the heap that each request keeps for ever. */
const LEAK_BYTES = Number(process.argv[2]);
/** Bytes that each request keeps for a while: they outlive young collections, so the heap rises until a full one. */
const PASSING_BYTES = 512 * 1024;
const PASSING = 8;

const metrics = new Metrics('leaking');
const kept: unknown[] = [];
const passing: unknown[] = [];

/** Small objects, as requests leave them; eight bytes for each number. */
function objects(bytes: number): unknown {
  return Array.from({ length: bytes / 1024 }, () =>
    Array.from({ length: 126 }, () => Math.random()),
  );
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    void metrics.text().then((text) => response.end(text));
    return;
  }
  if (LEAK_BYTES > 0) kept.push(objects(LEAK_BYTES));
  passing.push(objects(PASSING_BYTES));
  if (passing.length > PASSING) passing.shift();
  response.end();
});
server.listen(0, '127.0.0.1', () => {
  console.log(`port ${(server.address() as AddressInfo).port}`);
});
