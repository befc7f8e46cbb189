import type { ApiFacts } from '@sockshop/service';
import { z } from 'zod';
import { ORIGINAL_FILES } from './original-files.ts';
import { typeOf } from './storefront-files.ts';

function originalFile(path: string): NonNullable<ApiFacts['routes']>[string] {
  const [mediaType = ''] = typeOf(path).split(';');
  return {
    tag: 'pages',
    summary: "A file of the original shop's pages",
    description: 'Recorded scripts ask for it with each page. Pages of this shop do not need it.',
    response: { description: 'the file', mediaType, body: z.string() },
    also: { 304: 'the caller has the current version', 404: 'the storefront is not built' },
  };
}

/** The general part of `/openapi.json`. */
export const api: ApiFacts = {
  title: 'Sock Shop',
  description: [
    'The public API. The storefront uses it, and clients of the original shop find their routes in it.',
    'Two cookies identify a shopper: the first response sets one, the login the other. A client that sends them back keeps its cart.',
    'Refusals are problem details (RFC 9457). Card numbers are masked in all responses.',
    'A URL that ends in a slash is redirected (301) to the URL without it.',
  ].join('\n\n'),
  tags: {
    catalogue: 'The socks and their tags.',
    pictures: 'Files.',
    cart: 'The cart of the customer, or of the guest. Responses to changes have no body.',
    login: 'Accounts and sessions.',
    customers: "The caller's account. Other accounts are not visible.",
    addresses: 'Addresses that orders are shipped to.',
    cards: 'Cards that orders are paid with.',
    orders: 'Placing orders and following them.',
    traces: "What the trace drawer shows: the traces of the caller's visit.",
    observatory: 'Traffic and traces of the whole shop. Public, or protected by a password.',
    pages: 'The storefront.',
  },
  securitySchemes: {
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'md.sid',
      description: "Sealed. Holds the guest's cart and the login.",
    },
    loggedIn: {
      type: 'apiKey',
      in: 'cookie',
      name: 'logged_in',
      description:
        'Set by a login, valid for an hour. The login in `md.sid` is valid only together with it.',
    },
    basic: { type: 'http', scheme: 'basic' },
  },
  routes: {
    'GET /assets/{file}': {
      tag: 'pages',
      summary: 'Scripts and styles of the storefront',
      params: { file: 'Its name contains a hash of the content, so browsers cache it.' },
      response: {
        description: 'the file',
        mediaType: ['text/javascript', 'text/css', 'application/javascript'],
        body: z.string(),
      },
      also: {
        304: 'the caller has the current version',
        404: 'no such file',
      },
    },
    ...Object.fromEntries(ORIGINAL_FILES.map((path) => [`GET ${path}`, originalFile(path)])),
  },
};

/** Why a route answers 503. */
export const UNAVAILABLE = 'a service that this route needs is unavailable';
/** What routes for customers need; a guest gets 401. */
export const CUSTOMER = ['session', 'loggedIn'];
export const NOT_OWN = "unknown, or another customer's";
export const SOCK_ID = {
  description: "The sock's id.",
  example: '03fef6ac-1896-4ce8-bd69-b798f85c6e0b',
};
