import { text } from '../i18n/text.ts';
import { detailPath } from '../links.ts';
import { Bone } from '../ui/skeleton.tsx';
import { Picture } from './picture.tsx';
import type { KnownSocks } from './use-socks.ts';

interface Props {
  id: string;
  socks: KnownSocks;
  size: number;
}

/** Picture and name of a sock in a list, by its id alone where nothing else can be had. */
export function SockLink({ id, socks, size }: Props) {
  const sock = socks.get(id);
  return (
    <div className="sock">
      <Picture jpeg={sock?.imageUrl[0]} alt="" size={size} eager />
      {!sock && socks.waiting ? (
        <Bone width={6} />
      ) : (
        <a href={detailPath(id)}>{sock?.name ?? text.socks.unnamed(id)}</a>
      )}
    </div>
  );
}
