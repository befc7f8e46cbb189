import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { JsonLog, type RunningService, startService } from '@sockshop/service';
import { Documented, noting } from '@sockshop/testing';
import { Telemetry } from '@sockshop/telemetry';
import { tracingConfig } from '@sockshop/tracing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { FrontEndConfig } from '../src/config.ts';
import { frontEnd } from '../src/front-end.module.ts';
import { Browser } from './browser.ts';

export const PAGE = '<!doctype html><title>WeaveSocks</title>';
export const DOCS_PAGE = '<!doctype html><title>API</title>';
export const OBSERVATORY_PAGE = '<!doctype html><title>Observatory</title>';
export const SCRIPT = 'console.log("socks");';

/** A front-end with a storefront of two small files, a clock to turn, and its spans and log lines. */
export class RunningFrontEnd {
  readonly spans = new InMemorySpanExporter();
  readonly lines: string[] = [];
  clockMs = Date.now();
  /** What the router has. */
  readonly routes = new Set<string>();
  documented!: Documented;

  private constructor(
    private service: RunningService | undefined,
    private readonly folder: string,
  ) {}

  static async start(env: Record<string, string>): Promise<RunningFrontEnd> {
    const folder = mkdtempSync(join(tmpdir(), 'front-end-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'docs.html'), DOCS_PAGE);
    writeFileSync(join(folder, 'observatory.html'), OBSERVATORY_PAGE);
    writeFileSync(join(folder, 'assets', 'index-1a2b3c.js'), SCRIPT);
    writeFileSync(join(folder, 'assets', 'index-1a2b3c.js.br'), brotliCompressSync(SCRIPT));
    const running = new RunningFrontEnd(undefined, folder);
    const config = FrontEndConfig.read({
      PORT: '0',
      HOST: '127.0.0.1',
      SESSION_KEY_FILE: join(folder, 'session.key'),
      STATIC_DIR: folder,
      ...env,
    });
    const telemetry = await Telemetry.start('front-end', tracingConfig({}), running.spans);
    const log = new JsonLog('front-end', 'info', (line) => running.lines.push(line));
    running.service = await startService(
      noting(
        frontEnd(config, () => running.clockMs),
        running.routes,
      ),
      telemetry,
      log,
    );
    running.documented = await Documented.at(running.url);
    return running;
  }

  get url(): string {
    return this.service!.url;
  }

  browser(): Browser {
    return new Browser(this.documented);
  }

  async loggedIn(username = 'eve', password = 'pässword'): Promise<Browser> {
    const browser = this.browser();
    const response = await browser.logIn(username, password);
    if (response.status !== 200) throw new Error(`login answered ${response.status}`);
    return browser;
  }

  async close(): Promise<void> {
    await this.service?.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The fields of a refusal that do not change from call to call. */
export async function problem(response: Response): Promise<Record<string, unknown>> {
  const body = (await response.json()) as Record<string, unknown>;
  const { status, message, detail } = body;
  return { type: response.headers.get('content-type'), status, message, same: message === detail };
}

export const refused = (status: number, message: unknown) => ({
  type: 'application/problem+json; charset=utf-8',
  status,
  message,
  same: true,
});
