import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CatalogueConfig } from '../src/config.ts';

const ORIGINAL = {
  type: 'mysql',
  host: 'catalogue-db',
  port: 3306,
  user: 'catalogue_user',
  password: 'default_password',
  database: 'socksdb',
  tls: 'off',
};

describe('configuration of catalogue', () => {
  it("has the original's defaults", () => {
    const config = CatalogueConfig.read({});
    expect(config).toMatchObject({ port: 80, host: '::', database: ORIGINAL });
    expect(existsSync(resolve(config.images, 'holy_1.jpeg'))).toBe(true);
  });

  it.each([
    ['sqlite:.sockshop/catalogue.db', { type: 'sqlite', path: '.sockshop/catalogue.db' }],
    ['sqlite:/data/catalogue.db', { type: 'sqlite', path: '/data/catalogue.db' }],
    ['sqlite:///data/catalogue.db', { type: 'sqlite', path: '/data/catalogue.db' }],
    ['sqlite::memory:', { type: 'sqlite', path: ':memory:' }],
    [
      'mysql://shop:p%40ss@db.example:3307/socks?tls=true',
      {
        ...{ type: 'mysql', host: 'db.example', port: 3307 },
        ...{ user: 'shop', password: 'p@ss', database: 'socks', tls: 'verified' },
      },
    ],
    [
      'mysql://root@[::1]/',
      {
        ...{ type: 'mysql', host: '::1', port: 3306 },
        ...{ user: 'root', password: '', database: 'socksdb', tls: 'off' },
      },
    ],
  ])('reads DATABASE_URL and MYSQL_URL %s', (url, database) => {
    expect(CatalogueConfig.read({ DATABASE_URL: url, DSN: '/x' }).database).toEqual(database);
    expect(CatalogueConfig.read({ MYSQL_URL: url }).database).toEqual(database);
  });

  it.each([
    ['catalogue_user:default_password@tcp(catalogue-db:3306)/socksdb', {}],
    [
      'catalogue_user:default_password@tcp(catalogue-db.sock-shop.svc.cluster.local:3306)/socksdb',
      { host: 'catalogue-db.sock-shop.svc.cluster.local' },
    ],
    [
      'a:b:c@d/e@tcp(h)/s?parseTime=true',
      { user: 'a', password: 'b:c@d/e', host: 'h', database: 's' },
    ],
    [
      'u@tcp([::1]:3307)/s?tls=skip-verify',
      {
        ...{ user: 'u', password: '', host: '::1', port: 3307, database: 's', tls: 'unverified' },
      },
    ],
    ['/s', { user: '', password: '', host: '127.0.0.1', database: 's' }],
  ])("reads the original's flag -DSN=%s", (dsn, changed) => {
    const { database } = CatalogueConfig.read({}, [`-DSN=${dsn}`]);
    expect(database).toEqual({ ...ORIGINAL, ...changed });
  });

  it('reads MYSQL_HOST and the others; another user has the given password or none', () => {
    const { database } = CatalogueConfig.read({
      ...{ MYSQL_HOST: 'db', MYSQL_PORT: '3310', MYSQL_USER: 'root', MYSQL_DATABASE: 'trial' },
    });
    expect(database).toEqual({
      ...ORIGINAL,
      ...{ host: 'db', port: 3310, user: 'root', password: '', database: 'trial' },
    });
    expect(CatalogueConfig.read({ MYSQL_HOST: 'db', MYSQL_PASSWORD: 'x' }).database).toEqual({
      ...ORIGINAL,
      ...{ host: 'db', password: 'x' },
    });
  });

  it("takes the original's flags -port and -images", () => {
    const config = CatalogueConfig.read({}, ['-port=8080', '-images', './images/']);
    expect(config).toMatchObject({ port: 8080, images: resolve('images') });
  });

  it.each([
    [{ DATABASE_URL: 'postgres://db/socks' }, /DATABASE_URL/],
    [{ MYSQL_URL: 'socksdb' }, /MYSQL_URL/],
    [{ DSN: 'socksdb' }, /DSN/],
    [{ MYSQL_PORT: 'x' }, /MYSQL_PORT/],
  ])('stops at start on %j and names the variable', (env, name) => {
    expect(() => CatalogueConfig.read(env)).toThrow(name);
  });
});
