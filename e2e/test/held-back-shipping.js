import { page } from './in-browser.ts';
/**
 * On a busy machine an order may be shipped before a page first asks for its trace. Answers to `url` have no spans from the shipment on,
 * and say that its message waits, until the function that is returned is called.
 */
export async function holdBackShipping(url) {
    let released = false;
    await page.route(url, async (route) => {
        const response = await route.fetch();
        if (released || !response.ok())
            return route.fulfill({ response });
        const trace = (await response.json());
        const shipping = trace.spans.filter(({ service }) => service === 'queue-master');
        if (shipping.length === 0)
            return route.fulfill({ response });
        const end = Math.min(...shipping.map(({ startUs }) => startUs));
        const spans = trace.spans.filter(({ startUs }) => startUs < end);
        const summary = { ...trace.summary, state: 'queued' };
        return route.fulfill({ response, json: { ...trace, spans, summary } });
    });
    return () => {
        released = true;
    };
}
//# sourceMappingURL=held-back-shipping.js.map