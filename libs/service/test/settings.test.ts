import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, flag, listenSettings, milliseconds, readSettings } from '../src/settings.ts';

const Settings = z.object({
  ...listenSettings,
  DECLINE_OVER: z.coerce.number().positive().default(105),
  TIMEOUT_MS: milliseconds.default(2000),
  DURABLE: flag.default(true),
});
const read = (env: Record<string, string>, argv: string[] = []) =>
  readSettings(Settings, env, argv, { decline: 'DECLINE_OVER' });
const DEFAULTS = { PORT: 80, HOST: '0.0.0.0', DECLINE_OVER: 105, TIMEOUT_MS: 2000, DURABLE: true };

describe('readSettings', () => {
  it.each<[string, Record<string, string>, string[], object]>([
    ['nothing', {}, [], {}],
    [
      'variables',
      { PORT: '8080', HOST: '127.0.0.1', TIMEOUT_MS: '5' },
      [],
      { PORT: 8080, HOST: '127.0.0.1', TIMEOUT_MS: 5 },
    ],
    ['empty variables', { PORT: '', DURABLE: '', DECLINE_OVER: '' }, [], {}],
    ['the lower-case port of the Java services', { port: '8081' }, [], { PORT: 8081 }],
    ['PORT before port', { port: '8081', PORT: '8082' }, [], { PORT: 8082 }],
    ['port beside an empty PORT', { port: '8081', PORT: '' }, [], { PORT: 8081 }],
    ['a flag with one dash', {}, ['-port=81'], { PORT: 81 }],
    ['a flag with two dashes', {}, ['--port=81'], { PORT: 81 }],
    ['a flag and its value apart', {}, ['-port', '81'], { PORT: 81 }],
    [
      'a flag before its variable',
      { PORT: '80', DECLINE_OVER: '1' },
      ['-decline=200'],
      { DECLINE_OVER: 200 },
    ],
    ['several flags', {}, ['-decline=200', '-port=81'], { PORT: 81, DECLINE_OVER: 200 }],
    ['flags of others', {}, ['-link-domain=user', 'serve', '--verbose'], {}],
    ['false', { DURABLE: 'false' }, [], { DURABLE: false }],
    ['0 for false', { DURABLE: '0' }, [], { DURABLE: false }],
    ['1 for true', { DURABLE: '1' }, [], { DURABLE: true }],
    ['port 0', { PORT: '0' }, [], { PORT: 0 }],
  ])('takes %s', (_case, env, argv, expected) => {
    expect(read(env, argv)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['PORT', { PORT: 'eighty' }, []],
    ['PORT', { PORT: '65536' }, []],
    ['PORT', { PORT: '-1' }, []],
    ['PORT', { port: '80.5' }, []],
    ['PORT', {}, ['-port=x']],
    ['DECLINE_OVER', {}, ['-decline=0']],
    ['TIMEOUT_MS', { TIMEOUT_MS: '0' }, []],
    ['DURABLE', { DURABLE: 'maybe' }, []],
  ])('refuses a wrong %s in %j %j by its name', (name, env, argv) => {
    expect(() => read(env, argv)).toThrow(ConfigError);
    expect(() => read(env, argv)).toThrow(new RegExp(`^${name}: `));
  });

  it('names every variable that is wrong at once', () => {
    const wrong = { PORT: 'x', TIMEOUT_MS: '-5', DURABLE: 'maybe' };
    expect(() => read(wrong)).toThrow(/^PORT: .*; TIMEOUT_MS: .*; DURABLE: /);
  });
});
