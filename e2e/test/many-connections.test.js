import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Agent, get } from 'node:http';
import { EmbeddedShop } from './embedded-shop.ts';
jest.setTimeout(120_000);
const CONNECTIONS = 200;
const REQUESTS_EACH = 5;
let shop;
/** Each request that finds no idle connection opens one. */
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
beforeAll(async () => {
    shop = await EmbeddedShop.start();
});
afterAll(async () => {
    agent.destroy();
    expect(await shop.stop()).toEqual([0]);
});
function ask(path) {
    return new Promise((resolve, reject) => {
        get(`${shop.url}${path}`, { agent }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk));
            response.on('end', () => {
                resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() });
            });
            response.on('error', reject);
        }).on('error', reject);
    });
}
it('a shop that has just started answers each of 200 connections at once with the socks it asked for', async () => {
    const pageOf = (connection) => `/catalogue?size=${1 + (connection % 10)}`;
    const got = await Promise.all(Array.from({ length: CONNECTIONS }, async (_none, connection) => {
        const answers = [];
        while (answers.length < REQUESTS_EACH)
            answers.push(await ask(pageOf(connection)));
        return answers;
    }));
    const all = await ask('/catalogue');
    const socks = JSON.parse(all.body);
    expect(socks).toHaveLength(10);
    for (const [connection, answers] of got.entries()) {
        const body = JSON.stringify(socks.slice(0, 1 + (connection % 10)));
        expect(answers).toEqual(answers.map(() => ({ status: 200, body })));
    }
});
//# sourceMappingURL=many-connections.test.js.map