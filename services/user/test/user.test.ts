import { expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { until, withoutIds } from '@sockshop/testing';
import { randomUUID } from 'node:crypto';
import { logIn } from './running-user.ts';
import { EVE, eveAddress, eveCard, ok, onEachStore, UNKNOWN } from './user-suite.ts';

onEachStore(({ service, created }) => {
  it('documents all of its routes, and no other, in OpenAPI 3.1', async () => {
    expect(await service.documented.faults()).toEqual([]);
    expect(service.documented.routes()).toEqual([...service.routes].sort());
  });

  it.each(['/customersXYZ', '/healthz'])('GET %s does not answer 200', async (path) => {
    expect([400, 404]).toContain((await service.send('GET', path)).status);
  });

  it.each(['/customers/', `/customers/${EVE}/`, `/customers/${EVE}/cards/`, '/cards/', '/health/'])(
    'GET %s with a slash at the end answers 200, as in the original',
    async (path) => {
      expect((await service.send('GET', path)).status).toBe(200);
    },
  );

  it('GET /livez and /readyz answer 200', async () => {
    expect((await service.send('GET', '/livez')).status).toBe(200);
    expect((await service.send('GET', '/readyz')).status).toBe(200);
  });

  it('GET /health answers 200 in the shape and type of the original', async () => {
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\d .* \+0000 UTC$/);
    expect(await ok(service.send('GET', '/health'))).toEqual({
      health: [
        { service: 'user', status: 'OK', time },
        { service: 'user-db', status: 'OK', time },
      ],
    });
  });

  it('GET /metrics answers 200 with the names of the original', async () => {
    await logIn(service, 'user', 'password');
    await service.send('GET', `/customers/${EVE}/cards`);
    const text = await (await service.send('GET', '/metrics')).text();
    for (const route of ['login', 'customers']) {
      expect(text).toMatch(
        new RegExp(
          `^request_duration_seconds_count\\{service="user",method="GET",status_code="200",route="${route}"\\} \\d+$`,
          'm',
        ),
      );
    }
  });

  it("makes the same number of store spans on every adapter, all under the request's span", async () => {
    const userID = await created('/register', { username: randomUUID(), password: 'x' });
    await logIn(service, 'user', 'password');
    const calls: [string, number, () => Promise<unknown>][] = [
      ['GET /login', 1, () => logIn(service, 'user', 'password')],
      ['POST /register', 1, () => created('/register', { username: randomUUID(), password: 'x' })],
      ['GET /customers/{id}', 1, () => service.send('GET', `/customers/${EVE}`)],
      [
        'GET /customers/{id}/addresses',
        2,
        () => service.send('GET', `/customers/${EVE}/addresses`),
      ],
      ['GET /customers/{id}/cards', 2, () => service.send('GET', `/customers/${EVE}/cards`)],
      ['GET /addresses/{id}', 1, () => service.send('GET', `/addresses/${eveAddress.id}`)],
      ['GET /cards/{id}', 1, () => service.send('GET', `/cards/${eveCard.id}`)],
      ['POST /addresses', 2, () => created('/addresses', { userID })],
      ['POST /cards', 2, () => created('/cards', { longNum: '4111111111111111', userID })],
    ];
    for (const [route, expected, call] of calls) {
      service.spans.reset();
      await call();
      await until(() =>
        service.spans.getFinishedSpans().some(({ kind }) => kind === SpanKind.SERVER),
      );
      const spans = service.spans.getFinishedSpans();
      const server = spans.find(({ kind }) => kind === SpanKind.SERVER);
      const inner = spans.filter(({ attributes }) => 'db.system.name' in attributes);
      expect([server?.name, inner.length]).toEqual([route, expected]);
      const parents = inner.map((span) => span.parentSpanContext?.spanId);
      expect(new Set(parents)).toEqual(new Set([server?.spanContext().spanId]));
    }
  });

  it('writes no password, hash, card number, ccv or e-mail into spans, logs or errors', async () => {
    const canary = {
      password: 'canary-password-7311',
      email: 'canary-7312@example.com',
      longNum: '4999731373137313',
      ccv: '7314',
    };
    const username = randomUUID();
    service.lines.length = 0;
    service.spans.reset();
    const answers: Response[] = [];
    const account = { username, ...canary };
    answers.push(await service.send('POST', '/register', account));
    const { id: userID } = (await answers[0]!.clone().json()) as { id: string };
    answers.push(
      await service.send('POST', '/register', account),
      await service.send('POST', '/register', { ...account, username: 5 }),
      await service.send('POST', '/register', JSON.stringify(account).slice(0, -1)),
      await service.send('POST', '/customers', { ...account, username: 'user' }),
      await logIn(service, username, canary.password),
      await logIn(service, username, `${canary.password}x`),
      await service.send('POST', '/cards', { ...canary, userID }),
      await service.send('POST', '/cards', { ...canary, userID: UNKNOWN }),
      await service.send('POST', '/cards', { ...canary, longNum: `${canary.longNum}x` }),
    );
    expect(answers.map(({ status }) => status)).toEqual([
      200, 409, 400, 400, 409, 200, 401, 200, 404, 400,
    ]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    const seen = service.spans
      .getFinishedSpans()
      .map(({ name: span, attributes, events, status }) => ({
        span,
        attributes,
        events,
        status,
      }));
    expect(seen.length).toBeGreaterThan(answers.length);
    expect(service.lines.length).toBeGreaterThan(0);
    const text = withoutIds([...bodies, ...service.lines, JSON.stringify(seen)].join('\n'));
    for (const secret of [...Object.values(canary), '$argon2']) {
      expect(text).not.toContain(secret);
    }
  });
});
