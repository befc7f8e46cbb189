import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { redactedQuery, redactedText, redactedUrl } from '../src/redaction.ts';
import { Tracing } from '../src/tracing.ts';
import { tracingConfig } from '../src/tracing-config.ts';

describe('secrets in a query', () => {
  it.each([
    'password=x',
    'Password=x',
    'new_password=x',
    'passwd=x',
    'pwd=x',
    'pass=x',
    'token=x',
    'access_token=x',
    'csrfToken=x',
    'api_key=x',
    'apikey=x',
    'X-Api-Key=x',
    'key=x',
    'client_secret=x',
    'sessionId=x',
    'sid=x',
    'md.sid=x',
    'logged_in=x',
    'auth=x',
    'authorization=x',
    'longNum=x',
    'cardNumber=x',
    'card=x',
    'ccv=x',
    'cvv=x',
    'cvc=x',
    'AWSAccessKeyId=x',
    'Signature=x',
    'X-Amz-Signature=x',
    'sig=x',
    'X-Goog-Signature=x',
    'pass%77ord=x',
    'code=x',
    'any=4111111111111111',
    'any=4111-1111-1111-1111',
    'any=4111%201111%201111%201111',
    'any=4111+1111+1111+1111',
    'any=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  ])('are replaced: %s', (pair) => {
    const redacted = `${pair.split('=', 1)[0]!}=REDACTED`;
    expect(redactedQuery(pair)).toBe(redacted);
    expect(redactedQuery(`a=1&${pair};b=2&c`)).toBe(`a=1&${redacted};b=2&c`);
    expect(redactedUrl(`http://shop/path?a=1&${pair}#top`)).toBe(
      `http://shop/path?a=1&${redacted}#top`,
    );
    expect(redactedUrl(`/path#${pair}`)).toBe(`/path#${redacted}`);
    expect(redactedText(`GET "/path?${pair}&x=1" failed`)).toContain(`?${redacted}&x=1" failed`);
  });

  it.each([
    '',
    'page=1&size=5&tags=blue,red&sort=price',
    'custId=57a98d98e4b00679b4a830b2',
    'q=monkey+keyboard&monkey=1&postcode=G67',
    'password=',
    'password',
    'a=%zz&%zz=a',
    '=',
    'a=b=c',
    'order=6b015f43fdd6257d1fa64fe9&discard=1',
  ])('are not seen in %s', (query) => {
    expect(redactedQuery(query)).toBe(query);
    expect(redactedUrl(`/path?${query}`)).toBe(`/path?${query}`);
  });

  it('without a name are replaced when they look like a card', () => {
    expect(redactedQuery('4111111111111111')).toBe('REDACTED');
  });
});

describe('a name and a password before a host', () => {
  it.each([
    ['http://u:p@shop/x', 'http://REDACTED:REDACTED@shop/x'],
    ['amqp://guest:guest@rabbitmq:5672', 'amqp://REDACTED:REDACTED@rabbitmq:5672'],
    ['//u@shop', '//REDACTED:REDACTED@shop'],
    ['http://shop/a@b?x=c@d', 'http://shop/a@b?x=c@d'],
  ])('of %s are replaced', (url, redacted) => {
    expect(redactedUrl(url)).toBe(redacted);
  });

  it('are replaced inside of a text', () => {
    expect(redactedText('cannot reach mongodb://u:p@db:27017/x: refused')).toBe(
      'cannot reach mongodb://REDACTED:REDACTED@db:27017/x: refused',
    );
  });
});

describe('exported spans', () => {
  it('carry no secrets in the attributes of their URLs, also those of other libraries and processes', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('shop', tracingConfig({}), spans);
    const attributes = {
      'url.full': 'http://u:p@carts/carts/1/merge?sessionId=abc',
      'url.query': 'token=abc&page=2',
      'http.url': 'http://shop/?password=abc',
      'http.target': '/?ccv=123',
      'url.path': '/?key=abc',
      'url.template': '/carts/{id}',
    };
    const clean = {
      'url.full': 'http://REDACTED:REDACTED@carts/carts/1/merge?sessionId=REDACTED',
      'url.query': 'token=REDACTED&page=2',
      'http.url': 'http://shop/?password=REDACTED',
      'http.target': '/?ccv=REDACTED',
      'url.path': '/?key=REDACTED',
      'url.template': '/carts/{id}',
    };
    const span = tracing.tracer.startSpan('own');
    span.setAttributes(attributes).end();
    const foreign = { traceId: '1'.repeat(32), id: '2'.repeat(16), name: 'page', startMs: 1 };
    tracing.exportForeign('storefront', [
      { ...foreign, kind: SpanKind.CLIENT, durationMs: 1, attributes },
    ]);
    expect(spans.getFinishedSpans().map((ended) => ended.attributes)).toEqual([clean, clean]);
    await tracing.shutdown();
  });
});
