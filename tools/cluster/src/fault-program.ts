// Loaded into a service before its own program, by `node --import`: from `GET /fault/on` to `GET /fault/off` its server answers 500 to all but
// probes, and the answer to the latter is how often it did.
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

const PROBE = /^\/(?:livez|readyz|metrics)$/;
let isOn = false;
let failed = 0;

const original = Reflect.get(Server.prototype, 'emit') as (...args: unknown[]) => boolean;
Server.prototype.emit = function emitUnlessFaulty(this: Server, ...args: unknown[]): boolean {
  if (args[0] !== 'request') return original.apply(this, args);
  const { url = '' } = args[1] as IncomingMessage; // of the event `request`
  const response = args[2] as ServerResponse;
  if (url.startsWith('/fault/')) {
    isOn = url === '/fault/on';
    response.end(`${failed}`);
  } else if (isOn && !PROBE.test(url)) {
    failed++;
    response.writeHead(500).end();
  } else return original.apply(this, args);
  return true;
} as typeof Server.prototype.emit;
