import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunningProcess } from '@sockshop/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/free-port.ts';
import { processOf } from '../src/processes.ts';
import { requireFreePorts } from '../src/require-free-ports.ts';
import { writeState } from '../src/state.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LISTEN = (port: number) =>
  `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('listens ' + process.pid))`;

describe('requireFreePorts', () => {
  let dir: string;
  let port: number;
  let holder: RunningProcess | undefined;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'ports-'));
    port = await freePort();
  });
  afterEach(async () => {
    await holder?.stop('SIGKILL');
    holder = undefined;
    await rm(dir, { recursive: true });
  });

  const refusal = async (option = '--port', more: object = {}): Promise<string> =>
    requireFreePorts([{ port, use: 'carts', option, ...more }], 'npm start --', dir).then(
      () => 'free',
      String,
    );
  const held = async (args: readonly string[]): Promise<number> => {
    holder = new RunningProcess(args, { cwd: ROOT });
    const [, pid] = await holder.said(/listens (\d+)/);
    return Number(pid);
  };

  it('is silent about free ports, and about any free port', async () => {
    expect(await refusal()).toBe('free');
    port = 0;
    expect(await refusal()).toBe('free');
  });

  it('names another program, and says which option takes another port', async () => {
    const pid = await held(['--eval', LISTEN(port)]);
    expect(await refusal()).toBe(
      `PortInUseError: Port ${port}, for carts, is in use by node (process ${pid}). Choose another with: npm start -- --port N`,
    );
  });

  it('names a script of this workspace by its path, and the command that ends it', async () => {
    const payment = 'services/payment/dist/main.js';
    holder = new RunningProcess([payment], {
      cwd: ROOT,
      env: { PORT: String(port), HOST: '127.0.0.1', ZIPKIN: '' },
    });
    await holder.said(/"listening"/);
    expect(await refusal()).toMatch(
      new RegExp(
        `^PortInUseError: Port ${port}, for carts, is in use by node ${payment} \\(process (\\d+)\\)\\. Stop it with: kill \\1\\. Or choose another with: npm start -- --port N$`,
      ),
    );
  });

  it.each(['embedded', 'distributed'] as const)(
    'names the %s shop that has it, wherever that runs, and how to stop it',
    async (way) => {
      const elsewhere = join(dir, 'elsewhere');
      const log = join(elsewhere, 'logs', 'carts.log');
      const script = `const fs = require('fs'); fs.mkdirSync(${JSON.stringify(join(elsewhere, 'logs'))}, { recursive: true });
        fs.openSync(${JSON.stringify(log)}, 'a'); ${LISTEN(port)}`;
      const pid = await held(['--eval', script]);
      const own = processOf(pid)!;
      const launcher = way === 'embedded' ? own : processOf(process.pid)!;
      const part = { name: 'carts', kind: 'service', port, process: own } as const;
      const parts = way === 'embedded' ? [] : [part];
      writeState(elsewhere, {
        way,
        launcher,
        startedAt: '',
        url: 'http://localhost:1',
        logs: '',
        parts,
      });
      expect(await refusal('--trace-port')).toBe(
        `PortInUseError: Port ${port}, for carts, is in use by the Sock Shop that runs from ${elsewhere} (process ${launcher.pid}). ` +
          `Stop it with: npm run stop -- --dir ${elsewhere}. Or choose another with: npm start -- --trace-port N`,
      );
    },
  );

  it('names a port that is wanted twice', async () => {
    const wanted = [
      { port, use: 'payment', option: '--port' },
      { port, use: 'the trace store', option: '--trace-port' },
    ];
    await expect(requireFreePorts(wanted, 'npm start --', dir)).rejects.toThrow(
      `Port ${port} is wanted twice, for payment and for the trace store. Choose another with: npm start -- --trace-port N`,
    );
  });

  it('names an address that is not of this machine', async () => {
    expect(await refusal('--port', { host: '192.0.2.1' })).toBe(
      `PortInUseError: Port ${port}, for carts, cannot be opened at the address 192.0.2.1 (EADDRNOTAVAIL). Choose another with: npm start -- --host ADDRESS`,
    );
  });
});
