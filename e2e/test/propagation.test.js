import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { StandIn } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from './embedded-shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
import { TEST_SETTINGS } from './shop.ts';
jest.setTimeout(60_000);
/** Plays catalogue and Zipkin, to see what a front-end sends them. */
let neighbour;
let folder;
let env;
beforeAll(async () => {
    folder = aFolder();
    neighbour = await StandIn.start(({ method }) => method === 'POST' ? { status: 202 } : { status: 200, body: [] });
    const { url } = neighbour;
    env = {
        ...TEST_SETTINGS,
        HOST: '127.0.0.1',
        PORT: '0',
        CATALOGUE_URL: url,
        ZIPKIN: `${url}/api/v2/spans`,
        SESSION_KEY_FILE: join(folder, 'session.key'),
    };
});
afterAll(async () => {
    await neighbour.close();
    rmSync(folder, { recursive: true });
});
const traceId = randomBytes(16).toString('hex');
const spanId = randomBytes(8).toString('hex');
const ids = { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId };
const accept = { 'x-b3-sampled': '1' };
const deny = { 'x-b3-sampled': '0' };
const debug = { 'x-b3-flags': '1' };
const off = { OTEL_SDK_DISABLED: 'true' };
it.each([
    ['a sampled request', {}, accept, '01', ['POST /api/v2/spans']],
    ['an unsampled request', {}, deny, '00', []],
    ['a debugged request', {}, debug, '01', ['POST /api/v2/spans']],
    ['a request to a front-end without tracing', off, accept, '01', []],
    ['a debugged request to one without tracing', off, debug, '01', []],
    ['a request to one that exports nothing', { OTEL_TRACES_EXPORTER: 'none' }, accept, '01', []],
])('%s continues with its trace context', async (_title, settings, decision, flags, exported) => {
    neighbour.reset();
    const frontEnd = new WorkspaceProcess('services/front-end/dist/main.js', [], {
        ...env,
        ...settings,
    });
    const [, port] = await frontEnd.said(/"message":"listening","port":(\d+)/);
    const response = await fetch(`http://127.0.0.1:${port}/catalogue`, {
        headers: { ...ids, ...decision },
    });
    expect([response.status, await response.json()]).toEqual([200, []]);
    expect(await frontEnd.stop()).toBe(0); // sends what is waiting
    const [call, ...others] = neighbour.received;
    expect([call?.method, call?.url]).toEqual(['GET', '/catalogue']);
    expect(call?.headers).toMatchObject({ 'x-b3-traceid': traceId, ...decision });
    const [version, trace, span, flag] = String(call?.headers['traceparent']).split('-');
    expect([version, trace, flag]).toEqual(['00', traceId, flags]);
    expect(call?.headers['x-b3-spanid']).toBe(span);
    expect(call?.headers).not.toHaveProperty('x-b3-parentspanid');
    expect(others.map(({ method, url }) => `${method} ${url}`)).toEqual(exported);
});
//# sourceMappingURL=propagation.test.js.map