import cookie from '@fastify/cookie';
import secureSession from '@fastify/secure-session';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isTraced, JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { activeSpan, baggageEntries, context, semconv, withBaggage } from '@sockshop/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomFillSync } from 'node:crypto';
import type { FrontEndConfig } from './config.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { SessionKey } from './session-key.ts';

/** What `md.sid` holds, sealed. */
declare module '@fastify/secure-session' {
  interface SessionData {
    /** Random key of the guest's cart and of nothing else, as it shows in URLs and spans. */
    cart: string;
    /** Carts was unavailable at login: the guest's cart has not been merged into the customer's yet. */
    unmerged: boolean;
    login: Login;
    /** Random id of the visit, new at login and logout. It marks traces and grants no access. */
    visitor: string;
  }
}

/** What `user-name` in the baggage is. */
export type UserName = 'pseudonym' | 'name' | 'off';

interface Login {
  readonly customerId: string;
  /** What the cookie `logged_in` must be. */
  readonly token: string;
  readonly sinceMs: number;
  /** The login name, only where traces show it. */
  readonly name?: string;
}

/** As in the original. Not longer, because a sealed cookie cannot be revoked. */
const LOGIN_SECONDS = 3600;
/** How long a guest's cart is found again by a browser that stays open. */
const SESSION_SECONDS = 30 * 24 * 3600;
const COOKIE = { path: '/', sameSite: 'lax' } as const;

/**
 * Who is shopping. The server stores nothing: everything is in the sealed cookie. The cookie is written only when it changed, so a late
 * response to an earlier call does not undo a login.
 */
export class Sessions {
  constructor(
    private readonly pseudonyms: Pseudonyms,
    private readonly now: () => number = Date.now,
    private readonly userName: UserName = 'pseudonym',
  ) {}

  /** The visit that a request is part of; undefined before its first page. */
  visitor(request: FastifyRequest): string | undefined {
    return request.session.get('visitor');
  }

  /** The customer as traces name it; undefined for a guest. */
  pseudonym(request: FastifyRequest): string | undefined {
    const customerId = this.customerId(request);
    return customerId === undefined ? undefined : this.pseudonyms.of(customerId);
  }

  /** The same for all registrations of a visit; only a front-end with the same session key can tell it. */
  registrationKey(request: FastifyRequest): string | undefined {
    const visitor = this.visitor(request);
    return visitor === undefined ? undefined : this.pseudonyms.of(visitor);
  }

  /** Lets the visit, and the customer, be found among the traces. */
  mark(request: FastifyRequest): void {
    const span = activeSpan();
    const visitor = this.visitor(request);
    const pseudonym = this.pseudonym(request);
    if (visitor !== undefined) span?.setAttribute(semconv.SESSION_ID, visitor);
    if (pseudonym !== undefined) span?.setAttribute(semconv.ENDUSER_PSEUDO_ID, pseudonym);
  }

  /** What the other services learn of the visit, over HTTP and queues. It replaces what the caller sent under these names. */
  baggage(request: FastifyRequest): Record<string, string> {
    const visitor = this.visitor(request);
    const pseudonym = this.userName === 'off' ? undefined : this.pseudonym(request);
    const name = this.userName === 'name' ? request.session.get('login')?.name : undefined;
    return {
      ...(visitor !== undefined && { [semconv.SESSION_ID]: visitor }),
      ...(pseudonym !== undefined && { [semconv.USER_NAME]: name ?? pseudonym }),
    };
  }

  /** The customer; undefined for a guest. The sealed login counts only beside its readable half, and for an hour. */
  customerId(request: FastifyRequest): string | undefined {
    const login = request.session.get('login');
    if (login === undefined || request.cookies['logged_in'] !== login.token) return undefined;
    const ageMs = this.now() - login.sinceMs;
    return ageMs < LOGIN_SECONDS * 1000 ? login.customerId : undefined;
  }

  /** @throws ShopError 401 for a guest. */
  customer(request: FastifyRequest): string {
    const customerId = this.customerId(request);
    if (customerId === undefined) throw new ShopError(401, 'User not logged in.'); // the original's words
    return customerId;
  }

  /** The guest's cart, also after a login. */
  guestCart(request: FastifyRequest): string {
    const cart = request.session.get('cart');
    if (cart === undefined) throw new Error('a route without session asks for the cart');
    return cart;
  }

  unmerged(request: FastifyRequest): boolean {
    return request.session.get('unmerged') === true;
  }

  /** The guest's cart is the customer's now; a guest of the same browser gets a new one. */
  merged(request: FastifyRequest): void {
    request.session.set('cart', randomKey());
    request.session.set('unmerged', undefined);
  }

  /** Starts a new session, so an attacker who knew the old one is not logged in. */
  logIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { customerId, name }: { customerId: string; name: string },
    merged: boolean,
  ): void {
    const { session } = request;
    const token = randomKey();
    const visitor = randomKey(); // a person who knew the visit before does not see what the customer does
    session.regenerate(['cart']);
    session.set('visitor', visitor);
    const shown = this.userName === 'name' ? { name } : {};
    session.set('login', { customerId, token, sinceMs: this.now(), ...shown });
    if (merged) this.merged(request);
    else session.set('unmerged', true);
    const secure = overTls(request);
    reply.setCookie('logged_in', token, { ...COOKIE, maxAge: LOGIN_SECONDS, secure });
    activeSpan()?.setAttributes({
      [semconv.SESSION_ID]: visitor,
      [semconv.ENDUSER_PSEUDO_ID]: this.pseudonyms.of(customerId),
    });
  }

  logOut(request: FastifyRequest, reply: FastifyReply): void {
    request.session.delete();
    reply.clearCookie('logged_in', { ...COOKIE, secure: overTls(request) });
  }
}

/** Opens and seals the cookie `md.sid`. A page already sets it, so that the calls it makes at once share one cart. */
export async function useSessions(
  app: NestFastifyApplication,
  config: FrontEndConfig,
): Promise<void> {
  const log = app.get(JsonLog, { strict: false });
  if (config.sessionRedis !== undefined) {
    log.log('SESSION_REDIS has no effect: sessions are sealed cookies and need no store');
  }
  await app.register(cookie);
  await app.register(secureSession, {
    key: app.get(SessionKey).bytes,
    cookieName: 'md.sid',
    expiry: SESSION_SECONDS,
    cookie: { ...COOKIE, httpOnly: true },
  });
  const sessions = app.get(Sessions);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (overTls(request)) request.session.options({ secure: true });
    if (startsSession(request)) {
      request.session.set('cart', randomKey());
      request.session.set('visitor', randomKey());
    }
    sessions.mark(request);
    done();
  });
  const { baggageTags } = app.get(Telemetry, { strict: false }).config;
  // After the context of the request was entered for good: what reads the body comes before.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (!isTraced(request)) {
      done();
      return;
    }
    const carried = withBaggage(context.active(), sessions.baggage(request));
    const tags = baggageEntries(carried, baggageTags);
    if (tags) activeSpan()?.setAttributes(tags);
    context.with(carried, done);
  });
}

/** Untraced routes never start one: their responses are shared, or many are requested at once. */
function startsSession(request: FastifyRequest): boolean {
  return isTraced(request) && request.session.get('cart') === undefined;
}

/** Any caller may send this header: a wrong claim only gives the caller cookies that its own browser does not send. */
export function overTls(request: FastifyRequest): boolean {
  return (
    request.protocol === 'https' || /^https\b/i.test(String(request.headers['x-forwarded-proto']))
  );
}

const KEY_BYTES = 18;
/** Random bytes for the next keys: asking the system for each key costs more than the rest of a new session. */
const drawn = Buffer.alloc(KEY_BYTES * 100);
let used = drawn.length;

function randomKey(): string {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const from = used;
  used += KEY_BYTES;
  const key = drawn.toString('base64url', from, used);
  drawn.fill(0, from, used);
  return key;
}
