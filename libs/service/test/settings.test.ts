import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { HelpRequest, UsageError } from '../src/flags.ts';
import { ConfigError, configOf, flag, milliseconds } from '../src/settings.ts';

class Config extends configOf({
  variables: {
    DECLINE_OVER: z.coerce.number().positive().default(105),
    TIMEOUT_MS: milliseconds.default(2000),
    DURABLE: flag.default(true),
  },
  flags: { decline: 'DECLINE_OVER' },
  config: ({ DECLINE_OVER, TIMEOUT_MS, DURABLE }, env) => ({
    declineOver: DECLINE_OVER,
    timeoutMs: TIMEOUT_MS,
    durable: DURABLE,
    shell: env['SHELL'],
  }),
}) {}
const read = (env: Record<string, string>, argv: string[] = []) => Config.read(env, argv);
const DEFAULTS = { port: 80, host: '::', declineOver: 105, timeoutMs: 2000, durable: true };

describe('a configuration class', () => {
  it('makes an instance of itself and passes the environment on', () => {
    const config = Config.read({ SHELL: '/bin/sh' });
    expect(config).toBeInstanceOf(Config);
    expect(config.shell).toBe('/bin/sh');
  });

  it('can have another default port', () => {
    class FrontEnd extends configOf({ variables: {}, defaultPort: 8079, config: () => ({}) }) {}
    expect(FrontEnd.read({})).toEqual({ port: 8079, host: '::' });
    expect(FrontEnd.read({ PORT: '8080' }).port).toBe(8080);
  });

  it.each<[string, Record<string, string>, string[], object]>([
    ['nothing', {}, [], {}],
    [
      'variables',
      { PORT: '8080', HOST: '127.0.0.1', TIMEOUT_MS: '5' },
      [],
      { port: 8080, host: '127.0.0.1', timeoutMs: 5 },
    ],
    ['empty variables', { PORT: '', DURABLE: '', DECLINE_OVER: '' }, [], {}],
    ['the lower-case port of the Java services', { port: '8081' }, [], { port: 8081 }],
    ['PORT before port', { port: '8081', PORT: '8082' }, [], { port: 8082 }],
    ['port beside an empty PORT', { port: '8081', PORT: '' }, [], { port: 8081 }],
    ['a flag with one dash', {}, ['-port=81'], { port: 81 }],
    ['a flag with two dashes', {}, ['--port=81'], { port: 81 }],
    ['a flag and its value as two arguments', {}, ['-port', '81'], { port: 81 }],
    [
      'a flag before its variable',
      { PORT: '80', DECLINE_OVER: '1' },
      ['-decline=200'],
      { declineOver: 200 },
    ],
    ['several flags', {}, ['-decline=200', '-port=81'], { port: 81, declineOver: 200 }],
    ['a negative number as the value of a flag', {}, ['-zipkin', '-1'], {}],
    ['false', { DURABLE: 'false' }, [], { durable: false }],
    ['0 for false', { DURABLE: '0' }, [], { durable: false }],
    ['1 for true', { DURABLE: '1' }, [], { durable: true }],
    [
      'names of hosts',
      { ALLOWED_HOSTS: 'shop.example, shop.test' },
      [],
      { allowedHosts: ['shop.example', 'shop.test'] },
    ],
    [
      'subnets of proxies',
      { TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,192.0.2.1, fd00::/8' },
      [],
      { trustedProxies: ['loopback', '10.0.0.0/8', '192.0.2.1', 'fd00::/8'] },
    ],
    ['port 0', { PORT: '0' }, [], { port: 0 }],
  ])('takes %s', (_case, env, argv, expected) => {
    expect(read(env, argv)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['PORT', { PORT: 'eighty' }, []],
    ['PORT', { PORT: '65536' }, []],
    ['ALLOWED_HOSTS', { ALLOWED_HOSTS: 'http://shop.example/' }, []],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'proxy.example' }, []],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/33' }, []],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/' }, []],
    ['PORT', { PORT: '-1' }, []],
    ['PORT', { port: '80.5' }, []],
    ['PORT', {}, ['-port=x']],
    ['DECLINE_OVER', {}, ['-decline=0']],
    ['TIMEOUT_MS', { TIMEOUT_MS: '0' }, []],
    ['DURABLE', { DURABLE: 'maybe' }, []],
  ])('refuses a wrong %s in %j %j and names it', (name, env, argv) => {
    expect(() => read(env, argv)).toThrow(ConfigError);
    expect(() => read(env, argv)).toThrow(new RegExp(`^${name}: `));
  });

  it.each<[string[], string]>([
    [['-declin=200'], 'unknown -declin=200; did you mean -decline?'],
    [['--prot', '81'], 'unknown --prot; did you mean -port?'],
    [['-PORT=81'], 'unknown -PORT=81; did you mean -port?'],
    [['-link-domain=user'], 'unknown -link-domain=user; the flags are -port, -zipkin, -decline'],
    [['-toString=1'], 'unknown -toString=1; the flags are -port, -zipkin, -decline'],
    [['-port=81', 'serve'], 'unknown serve; the flags are -port, -zipkin, -decline'],
    [['-port'], '-port has no value'],
    [['-port', '-decline=5'], '-port has no value'],
  ])('refuses the command line %j', (argv, message) => {
    expect(() => read({}, argv)).toThrow(new UsageError(message));
  });

  it.each(['-h', '-help', '--help'])('lists the flags for %s', (word) => {
    expect(() => read({}, ['-port=81', word])).toThrow(new HelpRequest('-port, -zipkin, -decline'));
  });

  it('names all wrong variables at once', () => {
    const wrong = { PORT: 'x', TIMEOUT_MS: '-5', DURABLE: 'maybe' };
    expect(() => read(wrong)).toThrow(/^PORT: .*; TIMEOUT_MS: .*; DURABLE: /);
  });
});
