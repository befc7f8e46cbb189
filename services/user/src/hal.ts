import { Header, Injectable } from '@nestjs/common';
import { UserConfig } from './config.ts';
import type { AddressJson, CardJson, CustomerJson } from './responses.ts';
import type { Address, Card, Customer, CustomerWithIds, Stored } from './user-store.ts';

/** The original's documents: HAL, with the host of the links set by configuration. Keys are in the original's order. */
@Injectable()
export class Hal {
  constructor(private readonly config: UserConfig) {}

  customer({ firstName, lastName, username, id }: Customer) {
    const self = this.link('customers', id);
    const addresses = { href: `${self.href}/addresses` };
    const cards = { href: `${self.href}/cards` };
    return {
      firstName,
      lastName,
      username,
      id,
      _links: { addresses, cards, customer: self, self },
    } satisfies CustomerJson;
  }

  /** Also links to each address and card. */
  customerWithLinks({ addressIds, cardIds, ...customer }: CustomerWithIds) {
    const { _links, ...fields } = this.customer(customer);
    const address = addressIds.map((id) => this.link('addresses', id));
    const card = cardIds.map((id) => this.link('cards', id));
    return { ...fields, _links: { ..._links, address, card } } satisfies CustomerJson;
  }

  address({ street, number, country, city, postcode, id }: Stored<Address>) {
    const self = this.link('addresses', id);
    const _links = { address: self, self };
    return { street, number, country, city, postcode, id, _links } satisfies AddressJson;
  }

  /** The original returned the ccv; ours is never stored. */
  card({ longNum, expires, id }: Stored<Card>) {
    const self = this.link('cards', id);
    const _links = { card: self, self };
    return { longNum, expires, ccv: '***', id, _links } satisfies CardJson;
  }

  private link(collection: string, id: string): { href: string } {
    return { href: `http://${this.config.linkDomain}/${collection}/${id}` };
  }
}

/**
 * Marks every answer of a controller as HAL: the original's orders service finds no links in a document of type `application/json`.
 * An interceptor would send each answer through RxJS, at a tenth of a short request.
 */
export function HalAnswers() {
  const header = Header('content-type', 'application/hal+json');
  return ({ prototype }: { prototype: object }): void => {
    const { constructor: _, ...methods } = Object.getOwnPropertyDescriptors(prototype);
    for (const [name, method] of Object.entries(methods)) header(prototype, name, method);
  };
}
