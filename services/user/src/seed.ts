import type { Account, Address, Card, Stored } from './user-store.ts';

/** `owner` is the index of the customer, or absent. */
type Owned<T> = Stored<T> & { owner?: number };

/**
 * The original's initial data, with its ids: its tests and load generators log in as `user` / `password`. Only the cards of customers are
 * good for longer: the original's ended in 2019. It is stored only when there is no customer at all: a deleted customer, whose password is
 * public, must not come back.
 */
export const SEED: { customers: Account[]; addresses: Owned<Address>[]; cards: Owned<Card>[] } = {
  customers: [
    {
      id: '57a98d98e4b00679b4a830af',
      firstName: 'Eve',
      lastName: 'Berger',
      username: 'Eve_Berger',
      password: {
        hash: 'fec51acb3365747fc61247da5e249674cf8463c2',
        salt: 'c748112bc027878aa62812ba1ae00e40ad46d497',
      },
    },
    {
      id: '57a98d98e4b00679b4a830b2',
      firstName: 'User',
      lastName: 'Name',
      username: 'user',
      password: {
        hash: 'e2de7202bb2201842d041f6de201b10438369fb8',
        salt: '6c1c6176e8b455ef37da13d953df971c249d0d8e',
      },
    },
    {
      id: '57a98d98e4b00679b4a830b5',
      firstName: 'User1',
      lastName: 'Name1',
      username: 'user1',
      password: {
        hash: '8f31df4dcc25694aeb0c212118ae37bbd6e47bcd',
        salt: 'bd832b0e10c6882deabc5e8e60a37689e2b708c2',
      },
    },
  ],
  addresses: [
    address('57a98d98e4b00679b4a830ad', '246 Whitelees Road, Glasgow, G67 3DL, United Kingdom', 0),
    address('57a98d98e4b00679b4a830b0', '246 Whitelees Road, Glasgow, G67 3DL, United Kingdom', 1),
    address('57a98d98e4b00679b4a830b3', '4 Maes-Y-Deri, Aberdare, CF44 6TF, United Kingdom', 2),
    address('57a98ddce4b00679b4a830d1', '3 my road, London, , UK'),
  ],
  cards: [
    { id: '57a98d98e4b00679b4a830ae', longNum: '5953580604169678', expires: '08/39', owner: 0 },
    { id: '57a98d98e4b00679b4a830b1', longNum: '5544154011345918', expires: '08/39', owner: 1 },
    { id: '57a98d98e4b00679b4a830b4', longNum: '0908415193175205', expires: '08/39', owner: 2 },
    { id: '57a98ddce4b00679b4a830d2', longNum: '5429804235432', expires: '04/16' },
  ],
};

/** `text` is number and street, city, postcode, country. */
function address(id: string, text: string, owner?: number): Owned<Address> {
  const [line = '', city = '', postcode = '', country = ''] = text.split(', ');
  const [number = '', ...street] = line.split(' ');
  return {
    id,
    number,
    street: street.join(' '),
    city,
    postcode,
    country,
    ...(owner !== undefined && { owner }),
  };
}
