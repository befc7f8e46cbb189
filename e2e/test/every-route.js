import { basic } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { aCustomer, ADDRESS, CARD, Shopper, SOCKS } from './shopper.ts';
const PAGES = [
    ...['', 'index.html', 'category.html', 'detail.html', 'basket.html', 'register.html'],
    ...['customer-account.html', 'customer-order.html', 'customer-orders.html'],
    ...[
        'customer-wishlist.html',
        'checkout1.html',
        'checkout2.html',
        'checkout3.html',
        'checkout4.html',
    ],
];
export async function aRegular(url) {
    const shopper = new Shopper(url);
    const customer = aCustomer(aName());
    await shopper.settled(customer, ADDRESS, CARD);
    await shopper.post('/cart', { id: SOCKS.nerd.id });
    const { status, body } = await shopper.post('/orders');
    if (status !== 201)
        throw new Error(`POST /orders answered ${status}: ${JSON.stringify(body)}`);
    return { shopper, customer, orderId: idOf(body) };
}
/**
 * Returns a request for every public route. No request needs what another one changes.
 * @throws Error when a part is unavailable during the preparation.
 */
export async function everyRoute(url, regular) {
    const { shopper, customer, orderId } = regular;
    const guest = async () => {
        const made = new Shopper(url);
        await good(made.post('/cart', { id: SOCKS.holy.id }));
        return made;
    };
    const leaver = new Shopper(url);
    const [cardId, newAddress, newCard, remover, updater, clearer, leaverId, home] = await Promise.all([
        good(shopper.get('/cards')).then(firstCard),
        good(shopper.post('/addresses', ADDRESS)).then(({ body }) => idOf(body)),
        good(shopper.post('/cards', CARD)).then(({ body }) => idOf(body)),
        ...[guest(), guest(), guest()],
        leaver.registered(aCustomer(aName())),
        good(leaver.get('/')),
        fill(shopper),
    ]);
    const asset = /\/assets\/[^"]+/.exec(String(home.body))[0];
    const ask = (who, usual) => (route, path, body, headers) => {
        const [method, template] = route.split(' ');
        return {
            route,
            usual,
            send: (signal) => who.request(method, path ?? template, body, headers, signal),
        };
    };
    const anybody = (usual) => ask(new Shopper(url), usual);
    const own = (usual) => ask(shopper, usual);
    /** A new name each time, because a taken one is refused. */
    const enrol = (route) => ({
        route,
        usual: 200,
        send: (signal) => anybody(200)(route, undefined, aCustomer(aName())).send(signal),
    });
    const gone = (request) => ({ ...request, done: 404 });
    const { holy } = SOCKS;
    const key = { 'idempotency-key': aName() };
    const login = { authorization: basic(customer.username, customer.password) };
    return [
        ...PAGES.map((page) => anybody(200)('GET / and the other pages', `/${page}`)),
        anybody(200)('GET /assets/:file', asset),
        ...['GET /health', 'GET /livez', 'GET /readyz', 'GET /metrics'].map((route) => anybody(200)(route)),
        anybody(200)('GET /catalogue'),
        anybody(200)('GET /catalogue/size'),
        anybody(200)('GET /catalogue/:id', `/catalogue/${holy.id}`),
        anybody(200)('GET /tags'),
        anybody(200)('GET /catalogue/images/:file', '/catalogue/images/holy_1.jpeg'),
        own(200)('GET /cart'),
        own(200)('GET /cart/summary'),
        anybody(201)('POST /cart', '/cart', { id: holy.id }),
        ask(updater, 202)('POST /cart/update', '/cart/update', { id: holy.id, quantity: 2 }),
        gone(ask(remover, 202)('DELETE /cart/:id', `/cart/${holy.id}`)),
        ask(clearer, 202)('DELETE /cart'),
        anybody(200)('GET /login', '/login', undefined, login),
        enrol('POST /register'),
        anybody(204)('POST /logout'),
        own(200)('GET /customers'),
        own(200)('GET /customers/:id', '/customers/me'),
        enrol('POST /customers'),
        gone(ask(leaver, 200)('DELETE /customers/:id', `/customers/${leaverId}`)),
        own(200)('GET /address'),
        own(200)('GET /addresses'),
        own(200)('POST /addresses', '/addresses', ADDRESS),
        gone(own(200)('DELETE /addresses/:id', `/addresses/${newAddress}`)),
        own(200)('GET /card'),
        own(200)('GET /cards'),
        own(200)('GET /cards/:id', `/cards/${cardId}`),
        own(200)('POST /cards', '/cards', CARD),
        gone(own(200)('DELETE /cards/:id', `/cards/${newCard}`)),
        own(201)('GET /orders'),
        own(200)('GET /orders/:id', `/orders/${orderId}`),
        own(201)('POST /orders', undefined, undefined, key),
    ];
}
/** Replaces the cart's contents by one sock. */
async function fill(shopper) {
    await good(shopper.delete('/cart'));
    await good(shopper.post('/cart', { id: SOCKS.nerd.id }));
}
async function good(answer) {
    const { status, body } = await answer;
    if (status >= 400)
        throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    return answer;
}
function firstCard({ body }) {
    return body._embedded.card[0].id; // their answer
}
export function idOf(body) {
    return body.id; // of what was made
}
function aName() {
    return `parts-${randomBytes(5).toString('hex')}`;
}
//# sourceMappingURL=every-route.js.map