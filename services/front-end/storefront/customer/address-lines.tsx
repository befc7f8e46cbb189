import type { Order } from '../api.ts';

/** An order's copy of an address is enough: it has no id. */
export function AddressLines({ address, name }: { address: Order['address']; name?: string }) {
  return (
    <span className="address">
      {name && <span>{name}</span>}
      <span>
        {address.number} {address.street}
      </span>
      <span>
        {address.city} {address.postcode}
      </span>
      <span>{address.country}</span>
    </span>
  );
}
