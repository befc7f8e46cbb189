import type { Address } from '../api.ts';

export function AddressLines({ address, name }: { address: Address; name?: string }) {
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
