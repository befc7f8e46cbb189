import { CookieClient } from '@sockshop/testing';
/** A shopper's client: keeps cookies like a browser. */
export class Shopper extends CookieClient {
    /** Every value a cookie ever had. */
    secrets;
    constructor(url) {
        const secrets = new Set();
        super(url, (response) => {
            for (const cookie of response.headers.getSetCookie()) {
                const value = /^[^=]+=([^;]+)/.exec(cookie)?.[1];
                if (value !== undefined)
                    secrets.add(decodeURIComponent(value));
            }
            return readAnswer(response);
        });
        this.secrets = secrets;
    }
    /** @throws Error unless the answer is good. */
    async registered(customer) {
        const { body } = await this.good('/register', customer);
        return body.id; // register's answer
    }
    /** Registers with an address and a card, which an order needs. */
    async settled(customer, address, card) {
        const id = await this.registered(customer);
        await this.good('/addresses', address);
        await this.good('/cards', card);
        return id;
    }
    async good(path, body) {
        const answer = await this.post(path, body);
        if (answer.status === 200)
            return answer;
        throw new Error(`POST ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
}
async function readAnswer(response) {
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(text) : text,
        traceId: response.headers.get('x-trace-id') ?? '',
    };
}
export function aCustomer(username) {
    return {
        username,
        password: `pässword of ${username}`,
        email: `${username}@example.org`,
        firstName: 'Ada',
        lastName: username,
    };
}
export const ADDRESS = {
    number: '7',
    street: 'Sole Street',
    city: 'Heel',
    postcode: 'HE1 1OO',
    country: 'Sockland',
};
export const CARD = { longNum: '5500123412341234', expires: '08/33', ccv: '123' };
/** Socks of the initial stock, with prices in US dollars. */
export const SOCKS = {
    holy: { id: '03fef6ac-1896-4ce8-bd69-b798f85c6e0b', price: 99.99 },
    colourful: { id: '3395a43e-2d88-40de-b95f-e00e1502085b', price: 18 },
    figueroa: { id: '819e1fbf-8b7e-4f6d-811f-693534916a8b', price: 14 },
    nerd: { id: 'a0a4f044-b040-410d-8ead-4de0446aec7e', price: 7.99 },
    classic: { id: 'zzz4f044-b040-410d-8ead-4de0446aec7e', price: 12 },
};
//# sourceMappingURL=shopper.js.map