import type { Random } from './random.ts';
import type { StepName } from './steps.ts';

/** The shopper is where a step has brought it, and leaves, or goes on to one of these, by weight. */
type Next = Partial<Record<StepName | 'leave', number>>;

/** A visit as a machine of states: each is the step that led there. The first begins the visit; one without a way on ends it. */
export interface Journey {
  readonly about: string;
  /** Of 100 visits in the usual mixture; 0: only where it is asked for. */
  readonly weight: number;
  /** It needs an account with an address and a card, which the shopper registers before its first one. */
  readonly account: boolean;
  readonly states: Readonly<Partial<Record<StepName, Next>>>;
}

const leave: Next = { leave: 1 };

export const JOURNEYS = {
  browse: {
    about: 'looks at socks',
    weight: 34,
    account: false,
    states: {
      home: { category: 1 },
      category: { catalogue: 1 },
      catalogue: { detail: 1 },
      detail: { sock: 1 },
      sock: { detail: 0.5, category: 0.2, leave: 0.3 },
    },
  },
  search: {
    about: 'filters the catalogue by tags',
    weight: 18,
    account: false,
    states: {
      category: { tags: 1 },
      tags: { filter: 1 },
      filter: { filter: 0.3, detail: 0.6, leave: 0.1 },
      detail: { sock: 1 },
      sock: { filter: 0.3, leave: 0.7 },
    },
  },
  compare: {
    about: 'looks at several socks, one after the other',
    weight: 10,
    account: false,
    states: {
      catalogue: { detail: 1 },
      detail: { sock: 1 },
      sock: { detail: 0.75, leave: 0.25 },
    },
  },
  abandon: {
    about: 'fills a cart and leaves it',
    weight: 10,
    account: true,
    states: {
      catalogue: { login: 1 },
      login: { addToCart: 1 },
      addToCart: { addToCart: 0.4, cart: 0.6 },
      cart: { removeFromCart: 0.3, basket: 0.7 },
      removeFromCart: { basket: 1 },
      basket: leave,
    },
  },
  buy: {
    about: 'orders a sock',
    weight: 18,
    account: true,
    states: {
      home: { catalogue: 1 },
      catalogue: { login: 1 },
      login: { detail: 1 },
      detail: { emptyCart: 1 },
      emptyCart: { addToCart: 1 },
      addToCart: { basket: 1 },
      basket: { checkout: 1 },
      checkout: { order: 0.5, leave: 0.5 },
      order: leave,
    },
  },
  register: {
    about: 'registers another account, and uses it from then on',
    weight: 2,
    account: false,
    states: { home: { register: 1 }, register: leave },
  },
  return: {
    about: 'returns to an order',
    weight: 5,
    account: true,
    states: { login: { orders: 1 }, orders: { order: 1 }, order: leave },
  },
  'wrong-password': {
    about: 'mistypes the password, then logs in',
    weight: 1,
    account: true,
    states: { home: { wrongPassword: 1 }, wrongPassword: { login: 1 }, login: leave },
  },
  decline: {
    about: 'orders more than payment authorises',
    weight: 2,
    account: true,
    states: {
      catalogue: { login: 1 },
      login: { emptyCart: 1 },
      emptyCart: { addToCart: 1 },
      addToCart: { fillUp: 1 },
      fillUp: { basket: 1 },
      basket: { checkout: 1 },
      checkout: leave,
    },
  },
  original: {
    about: "the nine requests of the original's load test, in its order",
    weight: 0,
    account: true,
    states: {
      catalogue: { home: 1 },
      home: { login: 1 },
      login: { category: 1 },
      category: { detail: 1 },
      detail: { emptyCart: 1 },
      emptyCart: { addToCart: 1 },
      addToCart: { basket: 1 },
      basket: { checkout: 1 },
      checkout: leave,
    },
  },
  rich: {
    about: 'filters, fills and changes a cart, orders, and looks at its orders',
    weight: 0,
    account: true,
    states: {
      catalogue: { tags: 1 },
      tags: { filter: 1 },
      filter: { login: 1 },
      login: { sock: 1 },
      sock: { emptyCart: 1 },
      emptyCart: { addToCart: 1 },
      addToCart: { addToCart: 0.5, updateCart: 0.5 },
      updateCart: { cart: 1 },
      cart: { removeFromCart: 1 },
      removeFromCart: { basket: 1 },
      basket: { checkout: 1 },
      checkout: { orders: 1 },
      orders: { order: 1 },
      order: leave,
    },
  },
} as const satisfies Record<string, Journey>;

export type JourneyName = keyof typeof JOURNEYS;

/** How often each is chosen, in relation to the others. */
export type Mixture = Readonly<Partial<Record<JourneyName, number>>>;

export const JOURNEY_NAMES = Object.keys(JOURNEYS) as JourneyName[];

/** What shoppers do where nothing else is asked for. */
export const USUAL: Mixture = Object.fromEntries(
  JOURNEY_NAMES.map((name) => [name, JOURNEYS[name].weight]),
);

/** The steps of one visit, each chosen when the one before is done. */
export function* walk(journey: Journey, random: Random): Generator<StepName> {
  let [step] = Object.keys(journey.states) as (StepName | 'leave' | undefined)[];
  while (step !== undefined && step !== 'leave') {
    yield step;
    step = random.weighted(journey.states[step] ?? leave);
  }
}
