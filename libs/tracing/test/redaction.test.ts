import { describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
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

describe('secrets in a text', () => {
  it.each([
    ['authorization: Bearer abcdef.12345-xyz', 'authorization: REDACTED REDACTED'],
    ['sent Bearer abcdef.12345-xyz to it', 'sent Bearer REDACTED to it'],
    ['sent Basic dXNlcjpwYXNzd29yZA== to it', 'sent Basic REDACTED to it'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln is old', 'REDACTED is old'],
    ['Server=db;Password=hush;Port=3306', 'Server=db;Password=REDACTED;Port=3306'],
    ['password: hush, user: eve', 'password: REDACTED, user: eve'],
    ['{"user":"eve","password":"hush"}', '{"user":"eve","password":"REDACTED"}'],
    ["{ apiToken: 'hush' }", "{ apiToken: 'REDACTED' }"],
    ['card 4111 1111 1111 1111 was declined', 'card REDACTED was declined'],
    ['card 378282246310005 was declined', 'card REDACTED was declined'],
  ])('are replaced: %s', (text, expected) => {
    expect(redactedText(text)).toBe(expected);
  });

  it.each([
    'connect ECONNREFUSED 127.0.0.1:3306',
    'code: 11000, key: PRIMARY',
    'at 1795739877455340 it was late',
    'order 57a98d98e4b00679b4a830af is not paid',
    'trace 4bf92f3577b34da6a3ce929d0e0e4736 of 5105105105105101',
    'a basic understanding',
  ])('leave %s', (text) => {
    expect(redactedText(text)).toBe(text);
  });

  it.each([
    ['/orders;jsessionid=hush/5', '/orders;jsessionid=REDACTED/5'],
    ['/cards/4111111111111111/use', '/cards/REDACTED/use'],
    ['http://shop/cards/4111111111111111', 'http://shop/cards/REDACTED'],
    ['/orders/57a98d98e4b00679b4a830af', '/orders/57a98d98e4b00679b4a830af'],
  ])('are replaced in the path %s', (path, expected) => {
    expect(redactedUrl(path)).toBe(expected);
  });
});

describe('a span of another instrumentation', () => {
  it('has no secret in headers, queries, exceptions, its status and its name', async () => {
    const spans = new InMemorySpanExporter();
    const tracing = await Tracing.start('shop', tracingConfig({}), spans);
    const tracer = tracing.tracerOf({ name: 'theirs', version: '1' });
    const span = tracer.startSpan('GET http://eve:hush@shop/?token=hush', {
      attributes: {
        'http.request.header.authorization': ['Bearer hush'],
        'http.request.header.cookie': ['sid=hush'],
        'http.request.header.x-api-key': ['hush'],
        'http.response.header.location': ['/?token=hush'],
        'http.request.header.accept': ['text/html'],
        'db.query.text': "SELECT * FROM t1 WHERE name = 'hush' AND n = 4711 LIMIT 5",
      },
    });
    span.recordException(new Error('cannot log in with password=hush'));
    span.addEvent('sent', { 'url.full': 'http://shop/?key=hush' });
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'http://eve:hush@shop/' });
    span.end();
    const [ended] = spans.getFinishedSpans();
    const { name, attributes, events, status } = ended!;
    expect(JSON.stringify({ name, attributes, events, status })).not.toContain('hush');
    expect(attributes).toMatchObject({
      'http.request.header.accept': ['text/html'],
      'db.query.text': 'SELECT * FROM t1 WHERE name = ? AND n = ? LIMIT ?',
    });
    await tracing.shutdown();
  });
});
