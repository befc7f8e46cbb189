import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretFileError, SECRETS, secretOf, withSecretFiles } from '../src/secret-files.ts';

describe('a variable NAME_FILE', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (content: string): string => {
    const path = join(folder, 'secret');
    writeFileSync(path, content);
    return path;
  };

  it.each(SECRETS)('gives the value of %s', (name) => {
    const env = { [`${name}_FILE`]: file('s3cret'), PORT: '80' };
    expect(withSecretFiles(env)).toEqual({ ...env, [name]: 's3cret' });
    expect(secretOf(name, env)).toBe('s3cret');
  });

  it.each([
    ['with a newline at its end', 'a b\n', 'a b'],
    ['with that of Windows', 'a b\r\n', 'a b'],
    ['with two, of which one belongs to it', 'a\n\n', 'a\n'],
    ['with spaces, which belong to it', ' a ', ' a '],
    ['that is empty, like an empty variable', '\n', ''],
  ])('may name a file %s', (_case, content, value) => {
    const env = { MYSQL_PASSWORD_FILE: file(content) };
    expect(withSecretFiles(env)).toEqual({ ...env, MYSQL_PASSWORD: value });
  });

  it('yields to the variable itself, and stands in for an empty one', () => {
    const RABBITMQ_URL_FILE = file('amqp://file');
    const read = (RABBITMQ_URL: string) =>
      withSecretFiles({ RABBITMQ_URL, RABBITMQ_URL_FILE }).RABBITMQ_URL;
    expect(read('amqp://variable')).toBe('amqp://variable');
    expect(read('')).toBe('amqp://file');
  });

  it('is left alone where it is empty, or belongs to no secret', () => {
    const env = { DSN_FILE: '', SSL_CERT_FILE: '/no/such', SESSION_KEY_FILE: '/no/such' };
    expect(withSecretFiles(env)).toEqual(env);
  });

  it('is documented, and so is nothing else', () => {
    const document = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
    const rows = [...document.matchAll(/^\| `(\w+)_FILE` +\| `(\w+)` /gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual([...SECRETS].sort());
    for (const [, name, stands] of rows) expect(stands).toBe(name);
  });

  it('stops the start where its file cannot be read, and names both', () => {
    const read = () => withSecretFiles({ DSN_FILE: join(folder, 'none') });
    expect(read).toThrow(SecretFileError);
    expect(read).toThrow(`DSN_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`);
  });
});
