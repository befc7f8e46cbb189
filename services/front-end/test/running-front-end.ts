import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { CookieClient, type Documented } from '@sockshop/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { FrontEndConfig } from '../src/config.ts';
import { frontEnd } from '../src/front-end.module.ts';
import { ShopStandIns } from './shop-stand-ins.ts';

export const PAGE = '<!doctype html><title>WeaveSocks</title>';
export const DOCS_PAGE = '<!doctype html><title>API</title>';
export const OBSERVATORY_PAGE = '<!doctype html><title>Observatory</title>';
export const SCRIPT = 'console.log("socks");';

/** A front-end with a storefront of two small files and a clock to turn. */
export class RunningFrontEnd {
  clockMs = Date.now();
  private service!: ServiceUnderTest;
  readonly folder = mkdtempSync(join(tmpdir(), 'front-end-'));

  static async start(env: Record<string, string>): Promise<RunningFrontEnd> {
    const running = new RunningFrontEnd();
    await running.start(env);
    return running;
  }

  async start(env: Record<string, string>): Promise<void> {
    const { folder } = this;
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'docs.html'), DOCS_PAGE);
    writeFileSync(join(folder, 'observatory.html'), OBSERVATORY_PAGE);
    writeFileSync(join(folder, 'assets', 'index-1a2b3c.js'), SCRIPT);
    writeFileSync(join(folder, 'assets', 'index-1a2b3c.js.br'), brotliCompressSync(SCRIPT));
    const config = FrontEndConfig.read({
      ...FREE_PORT,
      SESSION_KEY_FILE: join(folder, 'session.key'),
      STATIC_DIR: folder,
      ...env,
    });
    this.service = await ServiceUnderTest.start(
      frontEnd(config, () => this.clockMs),
      undefined,
      env,
    );
  }

  get url(): string {
    return this.service.url;
  }

  get spans(): InMemorySpanExporter {
    return this.service.spans;
  }

  get lines(): string[] {
    return this.service.lines;
  }

  get documented(): Documented {
    return this.service.documented;
  }

  /** The routes of the router. */
  get routes(): ReadonlySet<string> {
    return this.service.routes;
  }

  browser(): CookieClient {
    return new CookieClient(this.url, (response) => response, this.documented.fetch);
  }

  async loggedIn(username = 'eve', password = 'pässword'): Promise<CookieClient> {
    const browser = this.browser();
    const response = await browser.logIn(username, password);
    if (response.status !== 200) throw new Error(`login answered ${response.status}`);
    return browser;
  }

  async close(): Promise<void> {
    await this.service.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Stand-ins of the other services and a front-end before them: started before the tests of a suite, reset before each, closed at the end. */
export function frontEndSuite(): { shop: ShopStandIns; frontEnd: RunningFrontEnd } {
  const shop = new ShopStandIns();
  const frontEnd = new RunningFrontEnd();
  beforeAll(async () => {
    await shop.start();
    await frontEnd.start(shop.env);
  });
  beforeEach(() => {
    shop.reset();
  });
  afterAll(async () => {
    await frontEnd.close();
    await shop.close();
  });
  return { shop, frontEnd };
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
