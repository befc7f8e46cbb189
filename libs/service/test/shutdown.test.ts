import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { HANG, StandIn, until } from '@sockshop/testing';
import { JsonLog } from '../src/json-log.ts';
import { startService } from '../src/service.ts';
import { ShelfModule, startShelf } from './sock-shelf.ts';

/** Replaces Zipkin. */
const zipkin = () => StandIn.start(() => ({ status: 202 }));
const names = (traces: StandIn) => traces.items<{ name: string }>().map(({ name }) => name);

describe('close()', () => {
  it('refuses new requests and ends after the last response, whose connection is closed', async () => {
    const { service, gate, health } = await startShelf();
    const running = fetch(`${service.url}/socks/gate`);
    await until(() => gate.waiting === 1);
    const closed = service.close();
    expect(health.draining).toBe(true);
    await until(() =>
      fetch(`${service.url}/livez`).then(
        () => false,
        () => true,
      ),
    );
    const from = performance.now();
    gate.release();
    const response = await running;
    expect([response.status, await response.json()]).toEqual([200, { open: true }]);
    await closed;
    expect(performance.now() - from).toBeLessThan(1500); // its patience is 3000
  });

  it('does not wait for idle connections', async () => {
    const { service } = await startShelf();
    const socket = connect(service.port, '127.0.0.1');
    socket.write('GET /livez HTTP/1.1\r\nhost: shelf\r\n\r\n');
    await once(socket, 'data');
    const ended = new Promise((resolve) => socket.once('close', resolve)); // also after a reset
    socket.resume();
    await service.close();
    await ended;
  });

  it('still serves for the time it is given, and each response closes its connection', async () => {
    const { service, health } = await startShelf();
    const closed = service.close(300);
    const answers: [number, string | null][] = [];
    while (health.draining) {
      const answer = await fetch(`${service.url}/livez`).catch(() => undefined);
      if (answer === undefined) break; // no listener any more
      answers.push([answer.status, answer.headers.get('connection')]);
      await answer.arrayBuffer();
    }
    expect(answers.length).toBeGreaterThan(1);
    expect(answers).toEqual(answers.map(() => [200, 'close']));
    await closed;
  });

  it('cuts requests that exceed its limit, so it always ends', async () => {
    const { service, gate } = await startShelf();
    const running = fetch(`${service.url}/socks/gate`).then(
      () => 'answered',
      () => 'cut',
    );
    await until(() => gate.waiting === 1);
    await service.close();
    expect(await running).toBe('cut');
    gate.release();
  });

  it('sends the last spans', async () => {
    const traces = await zipkin();
    const telemetry = await Telemetry.start('shelf', tracingConfig({ ZIPKIN: traces.url }));
    const module = ShelfModule.with();
    const place = { name: 'shelf', module, port: 0, host: '127.0.0.1' };
    const service = await startService(place, telemetry, new JsonLog('shelf', 'error'));
    await fetch(`${service.url}/socks`);
    await service.close();
    expect(names(traces)).toEqual(['get /socks']);
    await traces.close();
  });

  it('is not needed after a start at a busy port: startService() rejects', async () => {
    const shelf = await startShelf();
    const again = startShelf({ definition: { port: shelf.service.port } });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await shelf.service.close();
  });
});

describe('runService', () => {
  let collector: StandIn;
  beforeAll(async () => {
    collector = await zipkin();
  });
  afterAll(() => collector.close());

  interface Run {
    process: ChildProcess;
    lines: Record<string, unknown>[];
    exited: Promise<number | null>;
  }

  function run(env: Record<string, string>, args: string[] = []): Run {
    const script = fileURLToPath(new URL('tiny-service.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, ...args], {
      env: { HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Record<string, unknown>[] = [];
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
    });
    const exited = once(child, 'close').then(([code]) => code as number | null); // the event's first argument
    return { process: child, lines, exited };
  }
  const listening = async ({ lines }: Run): Promise<number> => {
    await until(() => lines.some(({ message }) => message === 'listening'));
    return lines.find(({ message }) => message === 'listening')?.['port'] as number;
  };

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'ends on %s with code 0, its spans sent',
    async (signal) => {
      collector.reset();
      const child = run({ OTEL_BSP_SCHEDULE_DELAY: '600000' }, ['-zipkin', collector.url]);
      const port = await listening(child);
      expect((await fetch(`http://127.0.0.1:${port}/socks`)).status).toBe(200);
      child.process.kill(signal);
      expect(await child.exited).toBe(0);
      expect(names(collector)).toEqual(['get /socks']);
      expect(child.lines.at(-1)).toMatchObject({ message: 'shutting down', signal });
    },
  );

  it('ends with code 0 while Zipkin hangs', async () => {
    const hanging = await StandIn.start(() => HANG);
    const child = run({ ZIPKIN: hanging.url });
    const port = await listening(child);
    await fetch(`http://127.0.0.1:${port}/socks`);
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(0);
    await hanging.close();
  });

  it('ends with code 1 and one line that names a variable that is wrong', async () => {
    const child = run({ PORT: 'eighty' });
    expect(await child.exited).toBe(1);
    expect(child.lines).toHaveLength(1);
    expect(child.lines[0]).toMatchObject({
      level: 'error',
      service: 'tiny',
      message: expect.stringContaining('tiny cannot start: PORT: '),
    });
  });

  it.each(['soon', '-1', '0.5', '20001'])(
    'ends with code 1 for DRAIN_DELAY_MS=%s',
    async (value) => {
      const child = run({ DRAIN_DELAY_MS: value });
      expect(await child.exited).toBe(1);
      expect(child.lines.map(({ message }) => message)).toEqual([
        'tiny cannot start: DRAIN_DELAY_MS: must be a whole number from 0 to 20000',
      ]);
    },
  );

  it('starts with settings of tracing that are wrong, and logs each of them once', async () => {
    const child = run({
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_PROPAGATORS: 'jaeger',
      ZIPKIN: 'tcp://zipkin',
    });
    const port = await listening(child);
    expect((await fetch(`http://127.0.0.1:${port}/socks`)).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(0);
    const named = child.lines
      .filter(({ level }) => level === 'warn')
      .map((line) => line['variable']);
    expect(named.sort()).toEqual(['OTEL_PROPAGATORS', 'OTEL_TRACES_SAMPLER', 'ZIPKIN']);
  });

  it('ends with code 2 and one line that names an unknown flag', async () => {
    const child = run({}, ['--prot=81']);
    expect(await child.exited).toBe(2);
    expect(child.lines.map(({ message }) => message)).toEqual([
      'tiny cannot start: unknown --prot=81; did you mean -port?',
    ]);
  });

  it('lists its flags when asked to, and does not start', () => {
    const script = fileURLToPath(new URL('tiny-service.mjs', import.meta.url));
    expect(execFileSync(process.execPath, [script, '--help'], { encoding: 'utf8' })).toBe(
      'Flags of tiny: -port, -zipkin. Its README lists its variables.\n',
    );
  });

  it('ends with code 1 and one line when its port is busy', async () => {
    const child = run({ PORT: String(collector.port) });
    expect(await child.exited).toBe(1);
    expect(child.lines.map(({ message }) => message)).toEqual([
      'tiny cannot start: its port is in use; set PORT to another one',
    ]);
  });

  it('continues after an unhandled rejection and logs it', async () => {
    const child = run({});
    const port = await listening(child);
    await fetch(`http://127.0.0.1:${port}/socks/stray`);
    await until(() => child.lines.some(({ message }) => message === 'unhandled rejection'));
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(0);
  });
});
