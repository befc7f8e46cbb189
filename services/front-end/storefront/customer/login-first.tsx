import { useShop } from '../shop.ts';

export function LoginFirst({ to }: { to: string }) {
  const { openLogin } = useShop();
  return (
    <div>
      <p>Log in to {to}.</p>
      <button type="button" className="btn btn-primary" onClick={openLogin}>
        Log in now
      </button>
    </div>
  );
}
