import { CommandError } from '@sockshop/cli';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { reason } from './commands.ts';
import { socketPath } from './control-socket.ts';
import { MeshError } from './mesh-error.ts';
import type { Mesh } from './mesh.ts';
import { type CommandName, isCommand, type Request, REQUESTS } from './requests.ts';
import type { Say } from './version.ts';

const BODY_BYTES = 64 * 1024;

/** Serves the mesh at the socket in the folder, which only its owner may use. The folder must be claimed: what is at the socket's path is removed. */
export async function serveControl(dir: string, mesh: Mesh): Promise<ControlServer> {
  const path = socketPath(dir);
  rmSync(path, { force: true });
  const server = createServer((request, response) => {
    answer(mesh, request, response).catch((error: unknown) => {
      refuse(response, error);
    });
  });
  server.listen(path);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new CommandError(`The control socket ${path} cannot be opened: ${reason(error)}`, {
      cause: error,
    });
  }
  chmodSync(path, 0o600);
  return new ControlServer(server);
}

export class ControlServer {
  constructor(private readonly server: Server) {}

  /** Commands at work go on; who waits for them is cut off. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

async function answer(
  mesh: Mesh,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request;
  const [, command] = /^\/mesh(?:\/([\w-]+))?$/.exec(url) ?? [];
  if (url === '/mesh' && method === 'GET') {
    send(response, 200, await mesh.view());
    return;
  }
  if (command === undefined || !isCommand(command))
    throw new MeshError(404, `there is no ${method} ${url}`);
  if (method !== 'POST') throw new MeshError(404, `${url} takes POST`);
  await run(mesh, command, await bodyOf(request), request, response);
}

async function run(
  mesh: Mesh,
  command: CommandName,
  body: unknown,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parsed = REQUESTS[command].safeParse(body);
  if (!parsed.success) throw new MeshError(400, problemsOf(parsed.error));
  const request = parsed.data as Request<CommandName>; // of the schema of that command
  const did: string[] = [];
  const streams = headers.accept === 'application/x-ndjson';
  const say: Say = (line) => {
    did.push(line);
    if (!streams) return;
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(`${JSON.stringify({ says: line })}\n`);
  };
  const work = mesh.run(command, request, say);
  if (headers['prefer'] === 'respond-async') {
    await Promise.race([work, new Promise(setImmediate)]); // a refusal comes at once
    work.catch(() => undefined); // the events have it
    send(response, 202, {});
    return;
  }
  try {
    await work;
  } catch (error) {
    if (!response.headersSent) throw error;
    response.end(`${JSON.stringify({ problem: problemOf(error) })}\n`);
    return;
  }
  const done = { did, service: await mesh.serviceView(request.service) };
  if (response.headersSent) response.end(`${JSON.stringify(done)}\n`);
  else send(response, 200, done);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw new MeshError(400, `the body has more than ${BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new MeshError(400, 'the body is not JSON', { cause: error });
  }
}

function send(response: ServerResponse, status: number, body: object, type = 'application/json') {
  response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = problemOf(error);
  send(response, problem.status, problem, 'application/problem+json');
}

const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  500: 'Internal Server Error',
} as const;

function problemOf(error: unknown) {
  const status = error instanceof MeshError ? error.status : 500;
  return { title: TITLES[status], status, detail: reason(error) };
}

/** `version: letters …; share: …`. Of a union, the problems of the form that fits best. */
function problemsOf({ issues }: z.ZodError): string {
  const words = issues.flatMap((issue): string[] => {
    if (issue.code !== 'invalid_union') return [`${issue.path.join('.')}: ${issue.message}`];
    const [best = []] = [...issue.errors].sort((one, other) => one.length - other.length);
    return best.map(({ path, message }) => `${path.join('.')}: ${message}`);
  });
  return words.join('; ').replace(/(^|; ): /g, '$1');
}
