var __addDisposableResource = (this && this.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (this && this.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@sockshop/testing';
import { join, relative } from 'node:path';
import { openBrowser } from './browser-window.ts';
import { aCustomer, Shopper, SOCKS } from './shopper.ts';
import { TEST_SETTINGS } from './shop.ts';
import { WorkspaceCopy } from './workspace-copy.ts';
import { ROOT, WorkspaceProcess } from './workspace-process.ts';
const chromium = process.env['TEST_CHROMIUM'];
const itInBrowser = chromium ? it : it.skip;
const PAYMENT = 'services/payment/src/payment.service.ts';
const CATEGORY = 'services/front-end/storefront/pages/category-page.tsx';
jest.setTimeout(120_000);
describe('npm run dev', () => {
    const port = 20_000 + (process.pid % 1000) * 8; // and those after it: below the range of ephemeral ports
    const url = `http://localhost:${port}`;
    const shopper = new Shopper(url);
    let copy;
    let dev;
    beforeAll(async () => {
        copy = new WorkspaceCopy();
        const script = relative(ROOT, join(copy.root, 'deploy/dev/dist/main.js'));
        dev = new WorkspaceProcess(script, ['--port', String(port), '--trace-port', '0'], TEST_SETTINGS);
        await dev.said(/^Save a file/m, 120_000);
        await shopper.registered(aCustomer('dev'));
        await shopper.post('/cart', { id: SOCKS.figueroa.id });
    });
    afterAll(async () => {
        expect(await dev.stop()).toBe(0);
        copy.remove();
    });
    const decision = async () => {
        const response = await fetch(`http://127.0.0.1:${port + 4}/paymentAuth`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ amount: 106 }),
        });
        const { message } = (await response.json()); // payment's answer
        return message;
    };
    const cart = async () => (await shopper.get('/cart')).body;
    it("restarts the service whose code was saved and keeps the shop's address, sessions and data", async () => {
        const before = await cart();
        copy.edit(PAYMENT, 'Payment declined: amount exceeds', 'Declined: more than');
        await until(() => decision().catch(String), (it) => it === 'Declined: more than 105.00');
        await dev.said(/^payment restarted \d+\.\d s after the save$/m);
        expect(await cart()).toEqual(before);
        expect(dev.output).not.toContain('the whole shop restarted');
    });
    it('reports code that does not compile and keeps running the old code', async () => {
        copy.edit(PAYMENT, 'authorised: false,', "authorised: 'no',");
        await dev.said(/^services\/payment\/src\/payment\.service\.ts\(\d+,\d+\): error TS2322: .*$/m);
        await dev.said(/^The shop keeps running the code from before\.$/m);
        expect(await decision()).toBe('Declined: more than 105.00');
        copy.edit(PAYMENT, "authorised: 'no',", 'authorised: false,');
        copy.edit(PAYMENT, 'Declined: more', 'Refused: more');
        await until(() => decision().catch(String), (it) => it === 'Refused: more than 105.00');
    });
    it('restarts the whole shop when a library was saved and keeps address, sessions and data', async () => {
        const before = await cart();
        copy.edit('libs/service/src/problem.ts', 'export ', '/* saved */ export ');
        await dev.said(/^libs\/service: the whole shop restarted \d+\.\d s after the save$/m, 120_000);
        expect(await cart()).toEqual(before);
        expect(await decision()).toBe('Refused: more than 105.00');
    });
    itInBrowser('changes an open page without a reload', async () => {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const browser = __addDisposableResource(env_1, await openBrowser(chromium), true);
            const page = await browser.newPage();
            await page.goto(`${url}/category.html`);
            const heading = page.getByRole('heading', { level: 1 });
            await heading.filter({ hasText: 'Catalogue' }).waitFor();
            await page.evaluate('window.sameLoad = true');
            copy.edit(CATEGORY, '{text.socks.title}</h1>', 'All of the {text.socks.title}</h1>');
            await heading.filter({ hasText: 'All of the Catalogue' }).waitFor();
            expect(await page.evaluate('window.sameLoad')).toBe(true);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    });
});
//# sourceMappingURL=dev.test.js.map