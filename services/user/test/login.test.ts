import { describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { until } from '@sockshop/testing';
import { logIn } from './running-user.ts';
import { customerJson, eve, ok, onEachStore } from './user-suite.ts';

onEachStore(({ service }) => {
  describe('GET /login', () => {
    it.each([
      ['Eve_Berger', 'eve', eve],
      ['user', 'password', customerJson('57a98d98e4b00679b4a830b2', 'User', 'Name', 'user')],
      ['user1', 'password', customerJson('57a98d98e4b00679b4a830b5', 'User1', 'Name1', 'user1')],
    ])(
      'answers 200 with the customer to %s, also when repeated',
      async (username, password, user) => {
        for (let time = 0; time < 3; time += 1) {
          expect(await ok(logIn(service, username, password))).toEqual({ user });
        }
      },
    );

    it('answers 200 to 200 simultaneous logins of one user', async () => {
      const all = await Promise.all(
        Array.from({ length: 200 }, () => logIn(service, 'user', 'password')),
      );
      expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    });

    it('shows where its time went: the hash of the password, and the wait of equal logins for it', async () => {
      service.spans.reset();
      const guess = () => logIn(service, 'user1', 'wrong');
      await Promise.all([guess(), guess(), guess()]);
      const spans = await until(
        () => service.spans.getFinishedSpans(),
        (all) => all.filter(({ kind }) => kind === SpanKind.SERVER).length === 3,
      );
      const hashes = spans.filter(({ name }) => name === 'hash password');
      const parents = hashes.map((hash) =>
        spans.find((span) => span.spanContext().spanId === hash.parentSpanContext?.spanId),
      );
      expect(parents.map((parent) => parent?.name)).toEqual(hashes.map(() => 'GET /login'));
      const joined = spans.filter(({ events }) =>
        events.some(({ name }) => name === 'sockshop.login.joined'),
      );
      expect(hashes.length + joined.length).toBeGreaterThanOrEqual(3);
      for (const { events } of joined) {
        expect(events[0]?.attributes).toEqual({ 'wait.duration': expect.any(Number) });
      }
    });

    it.each([
      ['a wrong password', 'Basic ' + btoa('user:wrong')],
      ['an empty password', 'Basic ' + btoa('user:')],
      ['an unknown user', 'Basic ' + btoa('unknown:password')],
      ['a user name in other case', 'Basic ' + btoa('USER:password')],
      ['no header', undefined],
      ['another scheme', 'Bearer abc'],
      ['no colon', 'Basic ' + btoa('user')],
      ['text that is not base64', 'Basic %%%'],
    ])('answers 401 to %s', async (_case, authorization) => {
      const headers = authorization === undefined ? {} : { authorization };
      const response = await service.fetch('/login', { headers });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      const detail = 'user name or password is wrong or missing';
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Unauthorized',
        status: 401,
        detail,
        message: detail,
        instance: '/login',
        trace_id: response.headers.get('x-trace-id'),
        error: 'Unauthorized',
        status_code: 401,
        status_text: 'Unauthorized',
      });
    });
  });
});
