import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { BorderValues, CookieClient } from '@sockshop/testing';
import { EmbeddedShop } from './embedded-shop.ts';
jest.setTimeout(180_000); // some thousand requests
/** A document cannot say this: what a route answers to a body that its schema allows. */
const BESIDES = {
    'POST /orders': [406], // parts that do not exist, an empty cart
};
/** front-end's routes wait for these services and for traces: some thousand requests would take minutes. */
const BEHIND_FRONT_END = SERVICE_NAMES.filter((name) => name !== 'front-end' && name !== 'queue-master'); // that one takes no values
const UNKNOWN_OR_TAKEN = [401, 403, 404, 409, 429];
describe('what the documents say of each value at its border', () => {
    let shop;
    beforeAll(async () => {
        shop = await EmbeddedShop.start();
    });
    afterAll(() => shop.stop());
    it.each(BEHIND_FRONT_END)('is what %s does', async (name) => {
        const client = new CookieClient(shop.urls[name], async (response) => {
            await response.arrayBuffer();
            return response.status;
        });
        const document = (await (await fetch(`${shop.urls[name]}/openapi.json`)).json());
        const differ = [];
        let sent = 0;
        for (const { method, path, headers, body, allowed } of new BorderValues(document).cases()) {
            if (allowed && hasPassword(body))
                continue; // hashing one takes long by design
            const status = await client.request(method, path, body, headers);
            sent += 1;
            const besides = BESIDES[`${method} ${path}`] ?? [];
            const taken = status < 400 || [...UNKNOWN_OR_TAKEN, ...besides].includes(status);
            const refused = status >= 400 && status < 500;
            if (!(allowed ? taken : refused))
                differ.push({ method, path, headers, body, allowed, status });
        }
        expect(sent).toBeGreaterThan(0);
        expect(differ).toEqual([]);
    });
});
function hasPassword(body) {
    return typeof body === 'object' && body !== null && 'password' in body;
}
//# sourceMappingURL=border-values.test.js.map