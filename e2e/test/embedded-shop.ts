import { SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Shop, TEST_SETTINGS } from './shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';

export const EMBEDDED = 'deploy/embedded/dist/main.js';
const FREE_PORTS = ['--port', '0', '--trace-port', '0'];

export interface EmbeddedOptions {
  /** The program, from the top folder. Default: this workspace's. */
  readonly script?: string;
  /** Default: its own folder, removed at the end. */
  readonly data?: string;
  /** Options besides those for free ports. */
  readonly args?: readonly string[];
  readonly env?: Record<string, string>;
}

/** `npm start` on free ports, in its own process. */
export class EmbeddedShop implements Shop {
  private constructor(
    readonly process: WorkspaceProcess,
    readonly url: string,
    readonly urls: Record<ServiceName, string>,
    readonly tracesUrl: string,
    private readonly logFile: string,
    private readonly remove: () => void,
  ) {}

  static async start({
    script = EMBEDDED,
    data,
    args = [],
    env = {},
  }: EmbeddedOptions = {}): Promise<EmbeddedShop> {
    const folder = data ?? aFolder();
    const options = [...FREE_PORTS, '--data', folder, ...args];
    const process = new WorkspaceProcess(script, options, { ...TEST_SETTINGS, ...env });
    const remove = (): void => {
      if (data === undefined) rmSync(folder, { recursive: true });
    };
    try {
      const [, url] = await process.said(/^Sock Shop is ready: (.+)$/m);
      const urls = SERVICE_NAMES.map((name) => [name, addressOf(process.output, name)]);
      return new EmbeddedShop(
        process,
        url!,
        Object.fromEntries(urls) as Record<ServiceName, string>, // made from their list
        addressOf(process.output, 'traces (Zipkin API)'),
        /^Log: (.+)$/m.exec(process.output)![1]!,
        remove,
      );
    } catch (error) {
      await process.stop('SIGKILL');
      remove();
      throw error;
    }
  }

  log(): string {
    return this.process.output + readFileSync(this.logFile, 'utf8');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<(number | null)[]> {
    const code = await this.process.stop(signal);
    this.remove();
    return [code];
  }
}

export function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sock-shop-'));
}

/** Reads an address from the table that the shop prints. */
function addressOf(table: string, part: string): string {
  const row = table.split('\n').find((line) => line.startsWith(`${part} `));
  const address = /http:\S+/.exec(row ?? '');
  if (!address) throw new Error(`no address of ${part} in:\n${table}`);
  return address[0];
}
