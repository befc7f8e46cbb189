import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newCustomer, orderOnce, until } from '@sockshop/testing';
import { OtlpReceiver } from '@sockshop/testing/otlp-receiver';
import { SERVICE_NAMES } from '@sockshop/parts';
import { EmbeddedShop } from './embedded-shop.ts';
jest.setTimeout(180_000);
const SOCK = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b';
/** Whose it is. */
const serviceOf = ({ resource }) => resource['service.name'];
const idOf = ({ item }, name) => (item[name] ?? ''); // a text of the protocol
describe('the shop with a collector for traces, metrics and logs', () => {
    let collector;
    let shop;
    let openMetrics;
    let log;
    beforeAll(async () => {
        collector = await OtlpReceiver.start();
        shop = await EmbeddedShop.start({
            env: {
                OTEL_TRACES_EXPORTER: 'otlp',
                OTEL_METRICS_EXPORTER: 'otlp',
                OTEL_LOGS_EXPORTER: 'otlp',
                OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
                OTEL_EXPORTER_OTLP_ENDPOINT: collector.url('grpc'),
                OTEL_METRIC_EXPORT_INTERVAL: '600000', // at the end
                OTEL_SERVICE_NAME: 'one-for-all',
                OTEL_TRACES_SAMPLER: 'Sometimes',
            },
        });
        const customer = await newCustomer(shop.url, { cart: [SOCK] });
        const order = await orderOnce(customer, 'an-order-of-the-collector');
        await until(async () => {
            const shown = (await (await customer.get(`/orders/${order}`)).json());
            return shown.status === 'shipped' || shown.status === 'SHIPPED';
        });
        const accept = 'application/openmetrics-text';
        const text = await fetch(`${shop.urls['front-end']}/metrics`, { headers: { accept } });
        openMetrics = await text.text();
        log = shop.log();
        expect(await shop.stop()).toEqual([0]);
    });
    afterAll(() => collector.close());
    it('sends spans of every service, each under its own name, without orphans', () => {
        const spans = collector.items('traces');
        expect(new Set(spans.map(serviceOf))).toEqual(new Set(SERVICE_NAMES));
        const ids = new Set(spans.map((span) => idOf(span, 'spanId')));
        expect(ids.size).toBe(spans.length);
        const orphans = spans.filter((span) => {
            const parent = idOf(span, 'parentSpanId');
            return parent !== '' && !ids.has(parent);
        });
        expect(orphans).toEqual([]);
        for (const { resource, scope, schemaUrl } of spans) {
            expect(resource).toMatchObject({
                'service.namespace': 'sock-shop',
                'deployment.environment.name': 'embedded',
            });
            expect([scope['name'], schemaUrl.length > 0]).toEqual(['@sockshop/tracing', true]);
        }
        expect(new Set(spans.map(({ resource }) => resource['service.instance.id'])).size).toBe(SERVICE_NAMES.length);
    });
    it('sends metrics of every service, of which each example is a trace that was sent', () => {
        const metrics = collector.items('metrics');
        expect(new Set(metrics.map(serviceOf))).toEqual(new Set(SERVICE_NAMES));
        const traces = new Set(collector.items('traces').map((span) => idOf(span, 'traceId')));
        const points = metrics.flatMap(({ item }) => {
            const { dataPoints = [] } = (item['histogram'] ?? {});
            return dataPoints;
        });
        const examples = points.flatMap(({ exemplars = [] }) => exemplars.map(({ traceId }) => traceId));
        expect(examples.length).toBeGreaterThan(20);
        expect(examples.filter((traceId) => !traces.has(traceId))).toEqual([]);
        const shown = [...openMetrics.matchAll(/# \{trace_id="([\da-f]{32})"/g)].map(([, id]) => id);
        expect(shown.length).toBeGreaterThan(20);
        expect(shown.filter((traceId) => !traces.has(traceId))).toEqual([]);
    });
    it('sends its log lines, those of a request with the ids of one of its spans', () => {
        const records = collector.items('logs');
        const spans = new Set(collector.items('traces').map((span) => idOf(span, 'spanId')));
        const inSpans = records.map((record) => idOf(record, 'spanId')).filter((id) => id !== '');
        expect(inSpans.length).toBeGreaterThan(0);
        expect(inSpans.filter((id) => !spans.has(id))).toEqual([]);
    });
    it('says once what it does not understand of its settings', () => {
        const said = log
            .split('\n')
            .filter((line) => line.includes('tracing setting is not understood'))
            .map((line) => JSON.parse(line).variable);
        expect(said.sort()).toEqual(['OTEL_SERVICE_NAME', 'OTEL_TRACES_SAMPLER']);
    });
});
//# sourceMappingURL=otlp.test.js.map