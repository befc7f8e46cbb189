import { describe, expect, it } from '@jest/globals';
import { CookieJar } from '../src/cookie-jar.ts';

describe('CookieJar', () => {
  it('sends nothing before the first cookie', () => {
    expect(new CookieJar().header()).toEqual({});
  });

  it('keeps a session as it is renewed at login', () => {
    const jar = new CookieJar();
    jar.take('md.sid=s%3Aone.a=; Path=/; HttpOnly');
    jar.take(['md.sid=s%3Atwo.b=; Path=/; HttpOnly', 'logged_in=two; Max-Age=3600; Path=/']);
    jar.take(undefined);
    expect(jar.header()).toEqual({ cookie: 'md.sid=s%3Atwo.b=; logged_in=two' });
  });

  it.each(['Max-Age=0', 'max-age=-1', 'Expires=Thu, 01 Jan 1970 00:00:00 GMT'])(
    'drops a cookie that comes with %s',
    (attribute) => {
      const jar = new CookieJar();
      jar.take(['logged_in=one; Path=/', 'md.sid=two; Path=/']);
      jar.take(`logged_in=; ${attribute}; Path=/`);
      expect(jar.header()).toEqual({ cookie: 'md.sid=two' });
    },
  );
});
