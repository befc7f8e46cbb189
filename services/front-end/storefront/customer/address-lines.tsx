import type { Address } from '../api.ts';

export function AddressLines({ address, name }: { address: Address; name?: string }) {
  return (
    <address>
      {name && <div>{name}</div>}
      <div>
        {address.number} {address.street}
      </div>
      <div>
        {address.city} {address.postcode}
      </div>
      <div>{address.country}</div>
    </address>
  );
}
