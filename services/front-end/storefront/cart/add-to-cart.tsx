import { useState } from 'react';
import { ActionLink } from '../ui/action-link.tsx';
import { addToCart, type Sock } from '../api.ts';
import { problem, success } from '../ui/notice.ts';
import { useShop } from '../shop.ts';

interface Props {
  id?: string;
  sock: Sock;
  describedBy?: string;
}

export function AddToCart({ id, sock, describedBy }: Props) {
  const { cart, notify } = useShop();
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    try {
      await addToCart(sock.id);
      notify(success(`${sock.name} is in your cart.`));
    } catch (error) {
      notify(problem(error, `${sock.name} could not be put into your cart. `));
    }
    cart.reload(); // also after a failure: the answer may have been lost, not the sock
    setBusy(false);
  };
  return (
    <ActionLink
      {...(id && { id })}
      className="btn btn-primary"
      describedBy={describedBy}
      onAction={() => {
        if (!busy) void add();
      }}
    >
      Add to cart
    </ActionLink>
  );
}
