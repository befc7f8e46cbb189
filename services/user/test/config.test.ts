import { describe, expect, it } from '@jest/globals';
import { UserConfig } from '../src/config.ts';

describe('UserConfig', () => {
  it("has the defaults of the original's image", () => {
    expect(UserConfig.read({})).toEqual({
      port: 80,
      host: '::',
      databaseUrl: 'mongodb://user-db/users',
      linkDomain: 'user',
      loginFailures: { perName: 10, perAddress: 50 },
    });
  });

  it.each([
    [{ MONGO_HOST: 'db:27018' }, 'mongodb://db:27018/users'],
    [{ MONGO_USER: 'a b', MONGO_PASS: 'p@ss' }, 'mongodb://a%20b:p%40ss@user-db/users'],
    [{ MONGO_PASS: 'alone' }, 'mongodb://user-db/users'],
    [{ MONGO_URL: 'mongodb://x/', MONGO_HOST: 'db' }, 'mongodb://x/'],
    [{ DATABASE_URL: 'sqlite:/tmp/u.db', MONGO_URL: 'mongodb://x/' }, 'sqlite:/tmp/u.db'],
  ])('reads %j as %s', (env: Record<string, string>, url) => {
    expect(UserConfig.read(env).databaseUrl).toBe(url);
  });

  it("takes the original's flags and ignores -database", () => {
    const line =
      '-port=8084 -database=mongodb -link-domain=shop -mongo-host localhost:1 -mongo-user u -mongo-password p';
    expect(UserConfig.read({ USER_DATABASE: 'mongodb' }, line.split(' '))).toEqual({
      port: 8084,
      host: '::',
      databaseUrl: 'mongodb://u:p@localhost:1/users',
      linkDomain: 'shop',
      loginFailures: { perName: 10, perAddress: 50 },
    });
  });

  it('stops at start when a URL is of an unknown kind, and names the variable but not its value', () => {
    const read = () => UserConfig.read({ DATABASE_URL: 'mysql://u:secret@x/' });
    expect(read).toThrow(/^DATABASE_URL: must be sqlite:PATH or mongodb/);
    expect(read).not.toThrow(/secret/);
  });
});
