import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** 3 KB of JSON, as a page of the catalogue has. */
const BODY = JSON.stringify(Array.from({ length: 10 }, (_, id) => ({ id, name: 'x'.repeat(280) })));

/** The least that a Node server can do for a response: no framework, no headers of ours but one. */
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(BODY);
});
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port); // it listens on a port
});
process.on('disconnect', () => process.exit());
