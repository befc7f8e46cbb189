import type { ApiFacts } from '@sockshop/service';
import { z } from 'zod';

/** What `/openapi.json` says of the public API as a whole. */
export const api: ApiFacts = {
  title: 'Sock Shop',
  description: [
    'The public API: what the storefront uses, and clients of the original shop know.',
    'A shopper is known by two cookies, which the first answer and the login set; whoever sends them back keeps the cart.',
    'Refusals are problem details (RFC 9457). Card numbers are masked in all responses.',
    'A URL that ends in a slash is redirected (301) to the one without.',
  ].join('\n\n'),
  tags: {
    catalogue: 'The socks and their tags.',
    pictures: 'Files.',
    cart: 'The cart of the customer, or of the guest. Changes answer without a body.',
    login: 'Accounts and sessions.',
    customers: 'The account of the caller; nobody sees another.',
    addresses: 'Where orders are shipped to.',
    cards: 'What orders are paid with.',
    orders: 'Placing orders and following them.',
    traces: 'What the trace drawer shows: traces of the own visit.',
    observatory:
      'Traffic and traces of the whole shop, for everybody or for who knows the password.',
    pages: 'The storefront.',
  },
  securitySchemes: {
    session: {
      type: 'apiKey',
      in: 'cookie',
      name: 'md.sid',
      description: 'Sealed: the cart of the guest, and who is logged in.',
    },
    loggedIn: {
      type: 'apiKey',
      in: 'cookie',
      name: 'logged_in',
      description: 'Set by a login, for an hour; the session counts only beside it.',
    },
    basic: { type: 'http', scheme: 'basic' },
  },
  routes: {
    'GET /assets/{file}': {
      tag: 'pages',
      summary: 'Scripts and styles of the storefront',
      params: { file: 'Holds a hash of the content, so that browsers keep it.' },
      response: {
        description: 'the file',
        mediaType: ['text/javascript', 'text/css', 'application/javascript'],
        body: z.string(),
      },
      also: { 304: 'the caller has it', 404: 'no such file' },
    },
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
