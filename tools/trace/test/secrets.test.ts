import { describe, expect, it } from '@jest/globals';
import { isSecretName, secretsIn, withoutSecrets } from '../src/secrets.ts';

describe('secrets', () => {
  it.each([
    ['4111111111111111', 'card'],
    ['card 4539-1488-0343-6467.', 'card'],
    ['3782 822463 10005', 'card'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'credential'],
    ['ASIAABCDEFGHIJKLMNOP', 'credential'],
    ['authorization: Basic dXNlcjpwYXNz', 'credential'],
    ['Bearer 0123456789abcdef', 'credential'],
    ['-----BEGIN RSA PRIVATE KEY-----', 'credential'],
    ['https://eve:hunter2@example.com/', 'credential'],
    ['/path?token=0123', 'credential'],
    ['/path?X-Amz-Signature=0123', 'credential'],
    ['AccountKey=abc123==;', 'credential'],
    ['{"apiKey":"x1y2z3"}', 'credential'],
    ['ghp_0123456789abcdefghijklmnop', 'credential'],
    ['sent to ada@example.org', 'e-mail'],
  ])('%s contains a %s', (text, kind) => {
    expect([...secretsIn(text)]).toEqual([kind]);
    expect(withoutSecrets(text)).toContain(`[${kind}]`);
  });

  it.each([
    ['1234567812345678'],
    ['4111111111111112'],
    ['1790000000000000'],
    ['0af7651916cd43dd8448eb211c80319c'],
    ['4111111111111111a'],
    ['01234567-4111-1111-1111-111111111111'],
    ['INSERT INTO customers (username, email, password) VALUES (?, ?, ?)'],
    ['UPDATE customers SET password = ? WHERE id = ?'],
    ['{"password":"?"}'],
    ['password=REDACTED&a=1'],
    ['token=***'],
    ['Basic authentication failed'],
    ['password: too short'],
    ['amqp://REDACTED:REDACTED@host:5672'],
    ['pkg@1.2.3'],
    ['carts/{id}@v1'],
  ])('%s contains none', (text) => {
    expect([...secretsIn(text)]).toEqual([]);
  });

  it.each([
    'password',
    'db.password',
    'http.request.header.authorization',
    'userPassword',
    'x-api-key',
    'card.number',
    'access_token',
    'Set-Cookie',
  ])('%s is the name of a secret', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'gen_ai.usage.input_tokens',
    'password.length',
    'token.type',
    'db.query.text',
    'http.route',
    'messaging.message.id',
    'author',
  ])('%s is not', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});
