import { useRef, useState } from 'react';
import { addToCart, type Sock } from '../api.ts';
import { text } from '../i18n/text.ts';
import { basketPath } from '../links.ts';
import { useShop } from '../shop.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { problem, success } from '../ui/notice.ts';

interface Props {
  id?: string;
  sock: Sock;
  describedBy?: string;
}

export function AddToCart({ id, sock, describedBy }: Props) {
  const { cart, notify, asCustomer } = useShop();
  const [busy, setBusy] = useState(false);
  const adding = useRef(false); // known at once, other than the state
  const add = async () => {
    if (adding.current) return;
    adding.current = true;
    setBusy(true);
    try {
      await asCustomer(() => addToCart(sock.id));
      const there = { text: text.socks.seeCart, href: basketPath };
      notify(success(text.socks.added(sock.name), there));
    } catch (error) {
      notify(problem(error, text.socks.notAdded(sock.name)));
    }
    cart.reload(); // also after a failure: the answer may have been lost, not the sock
    adding.current = false;
    setBusy(false);
  };
  return (
    <ActionLink
      {...(id && { id })}
      className={busy ? 'btn btn-primary busy' : 'btn btn-primary'}
      describedBy={describedBy}
      onAction={() => void add()}
    >
      {text.socks.add}
    </ActionLink>
  );
}
