import { beforeAll, expect, it } from '@jest/globals';
import { until } from '@sockshop/testing';
import { randomBytes } from 'node:crypto';
import { ADDRESS, aCustomer, CARD, Shopper, SOCKS } from './shopper.ts';
/** The journeys of shoppers: the same tests for every way of running the shop. */
export function journey(shop) {
    const run = randomBytes(3).toString('hex');
    const ada = aCustomer(`ada-${run}`);
    const ben = aCustomer(`ben-${run}`);
    let guest;
    let hers;
    let his;
    let adaId;
    let orderId;
    beforeAll(async () => {
        guest = new Shopper(shop().url);
        hers = new Shopper(shop().url);
        his = new Shopper(shop().url);
        adaId = await hers.settled(ada, ADDRESS, CARD);
        await his.settled(ben, ADDRESS, CARD);
    });
    it('shows pages, socks, tags and pictures without login', async () => {
        const page = await guest.get('/category.html');
        expect(page.status).toBe(200);
        expect(page.body).toContain('<title>WeaveSocks</title>');
        const five = await guest.get('/catalogue?size=5');
        expect(five.status).toBe(200);
        expect(five.body.map(({ name }) => name)).toEqual([
            'Holy',
            'Colourful',
            'SuperSport XL',
            'Weave special',
            'Crossed',
        ]);
        const blue = await guest.get('/catalogue/size?tags=blue');
        expect([blue.status, blue.body]).toEqual([200, { size: 4, err: null }]);
        const tags = (await guest.get('/tags')).body;
        expect(tags.tags).toContain('magic');
        const holy = (await guest.get(`/catalogue/${SOCKS.holy.id}`)).body;
        expect(holy).toMatchObject({ name: 'Holy', price: 99.99, tag: ['action', 'magic'] });
        const picture = await guest.get(holy.imageUrl[0]);
        expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
        expect(problem(await guest.get('/catalogue/nosuch'))).toEqual(refused(404));
    });
    it("keeps a guest's cart, which login adds to the customer's", async () => {
        expect((await guest.get('/cart')).body).toEqual([]);
        expect(empty(await guest.post('/cart', { id: SOCKS.nerd.id }))).toEqual([201, '']);
        expect(empty(await guest.post('/cart', { id: SOCKS.nerd.id }))).toEqual([201, '']);
        expect(empty(await guest.post('/cart', { id: SOCKS.classic.id }))).toEqual([201, '']);
        const update = { id: SOCKS.classic.id, quantity: 3 };
        expect(empty(await guest.post('/cart/update', update))).toEqual([202, '']);
        expect(await lines(guest)).toEqual([
            [SOCKS.nerd.id, 2],
            [SOCKS.classic.id, 3],
        ]);
        expect(empty(await guest.delete(`/cart/${SOCKS.classic.id}`))).toEqual([202, '']);
        await hers.post('/cart', { id: SOCKS.nerd.id });
        const login = await guest.logIn(ada.username, ada.password);
        expect([login.status, login.body]).toEqual([200, 'Cookie is set']);
        expect(await lines(guest)).toEqual([[SOCKS.nerd.id, 3]]);
        expect(await lines(hers)).toEqual([[SOCKS.nerd.id, 3]]);
    });
    it('places an order, takes its lines out of the cart and ships it', async () => {
        const placed = await hers.post('/orders');
        expect(placed.status).toBe(201);
        orderId = placed.body.id;
        const amounts = { subtotal: 23.97, shipping: 4.99, total: 28.96 }; // three at 7.99
        expect(placed.body).toEqual({
            id: expect.stringMatching(/^[0-9a-f]{24}$/),
            customerId: adaId,
            customer: {
                id: null,
                firstName: ada.firstName,
                lastName: ada.lastName,
                username: ada.username,
                addresses: [],
                cards: [],
            },
            address: { id: null, ...ADDRESS },
            card: { id: null, longNum: '************1234', expires: CARD.expires, ccv: '***' },
            items: [
                { id: expect.any(String), itemId: SOCKS.nerd.id, quantity: 3, unitPrice: SOCKS.nerd.price },
            ],
            shipment: { id: expect.any(String), name: adaId },
            date: expect.stringMatching(DATE),
            ...amounts,
            status: expect.stringMatching(/^(SHIPPING|SHIPPED)$/),
            history: expect.any(Array),
        });
        expect(await lines(hers)).toEqual([]);
        const shipped = await until(() => hers.get(`/orders/${orderId}`), isShipped);
        const link = { href: `http://orders/orders/${orderId}` };
        const order = {
            customerId: adaId,
            customer: {
                firstName: ada.firstName,
                lastName: ada.lastName,
                username: ada.username,
                addresses: [],
                cards: [],
            },
            address: ADDRESS,
            card: { longNum: '************1234', expires: CARD.expires, ccv: '***' },
            items: [{ itemId: SOCKS.nerd.id, quantity: 3, unitPrice: SOCKS.nerd.price }],
            shipment: { name: adaId },
            date: placed.body.date,
            ...amounts,
            status: 'SHIPPED',
            history: ['CREATED', 'PAID', 'SHIPPING', 'SHIPPED'].map((status) => ({
                status,
                at: expect.stringMatching(DATE),
            })),
            _links: { self: link, order: link },
        };
        expect(shipped.body).toEqual(order);
        const list = await hers.get('/orders');
        expect([list.status, list.body]).toEqual([201, [order]]);
    });
    it('shows an order to its customer only', async () => {
        expect(problem(await his.get(`/orders/${orderId}`))).toEqual(refused(404));
        const list = await his.get('/orders');
        expect([list.status, list.body]).toEqual([201, []]);
        const stranger = new Shopper(shop().url);
        expect(problem(await stranger.get(`/orders/${orderId}`))).toEqual(refused(401));
        expect(problem(await stranger.get('/orders'))).toEqual(refused(401));
        expect(problem(await stranger.post('/orders'))).toEqual(refused(401));
        const customer = await his.get(`/customers/${adaId}`); // without a content type, as in the original
        expect(JSON.parse(customer.body)).toMatchObject({ username: ben.username });
    });
    it('declines an order over 105 dollars and leaves the cart as it is', async () => {
        await hers.post('/cart', { id: SOCKS.holy.id });
        await hers.post('/cart', { id: SOCKS.nerd.id });
        const declined = await hers.post('/orders');
        expect(problem(declined)).toEqual(refused(406));
        expect(declined.body).toMatchObject({ message: 'Payment declined: amount exceeds 105.00' });
        expect(await lines(hers)).toEqual([
            [SOCKS.holy.id, 1],
            [SOCKS.nerd.id, 1],
        ]);
    });
    it('refuses to order an empty cart', async () => {
        expect(empty(await hers.delete('/cart'))).toEqual([202, '']);
        const refusal = await hers.post('/orders');
        expect(problem(refusal)).toEqual(refused(406));
        expect(refusal.body).toMatchObject({
            message: 'Invalid order request. The cart is empty.',
        });
    });
    it('places one order for the same Idempotency-Key, also for many simultaneous requests', async () => {
        await his.post('/cart', { id: SOCKS.figueroa.id });
        const key = { 'idempotency-key': `checkout-${run}` };
        const answers = await Promise.all([1, 2, 3].map(() => his.post('/orders', undefined, key)));
        const later = await his.post('/orders', undefined, key);
        const ids = [...answers, later].map(({ body }) => body.id);
        expect([...answers, later].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
        expect(new Set(ids).size).toBe(1);
        expect((await his.get('/orders')).body).toHaveLength(1);
        await his.post('/cart', { id: SOCKS.nerd.id });
        expect(problem(await his.post('/orders', undefined, key))).toEqual(refused(422));
    });
    it('refuses a taken name, a wrong password and malformed requests', async () => {
        const stranger = new Shopper(shop().url);
        expect(problem(await stranger.post('/register', ada))).toEqual(refused(409));
        expect(problem(await stranger.logIn(ada.username, 'wrong'))).toEqual(refused(401));
        expect(problem(await stranger.post('/cart', {}))).toEqual(refused(400));
        const many = { id: SOCKS.nerd.id, quantity: 0 };
        expect(problem(await stranger.post('/cart/update', many))).toEqual(refused(400));
        expect(problem(await stranger.get('/nosuch'))).toEqual(refused(404));
    });
    it('logs out', async () => {
        expect(empty(await hers.post('/logout'))).toEqual([204, '']);
        expect(problem(await hers.get('/orders'))).toEqual(refused(401));
        expect((await hers.get('/cart')).body).toEqual([]);
    });
    it('logs no error', () => {
        const errors = shop()
            .log()
            .split('\n')
            .filter((line) => line.includes('"level":"error"'));
        expect(errors).toEqual([]);
    });
}
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/;
export function isShipped({ body }) {
    return body.status === 'SHIPPED';
}
async function lines(shopper) {
    const { body } = await shopper.get('/cart');
    const cart = body;
    return cart.map(({ itemId, quantity }) => [itemId, quantity]).sort(byPlace);
}
/** As in the catalogue. */
function byPlace([one], [other]) {
    return one.localeCompare(other, 'en');
}
function empty({ status, body }) {
    return [status, body];
}
/** A refusal consists of problem details with an additional `message`. */
function problem({ status, headers, body, traceId }) {
    const fields = body;
    return {
        status,
        type: headers.get('content-type'),
        body: { status: fields['status'], traced: fields['trace_id'] === traceId },
        messageIsDetail: typeof fields['message'] === 'string' && fields['message'] === fields['detail'],
    };
}
function refused(status) {
    const type = 'application/problem+json; charset=utf-8';
    return { status, type, body: { status, traced: true }, messageIsDetail: true };
}
//# sourceMappingURL=journey.js.map