import { getSock, type Sock } from '../api.ts';
import { useLoad } from '../ui/use-load.ts';

export interface KnownSocks {
  /** By id. One that is gone or cannot be had is not among them: the rest of the list still shows. */
  get: (id: string) => Sock | undefined;
  /** The answers are under way. */
  waiting: boolean;
}

export function useSocks(ids: string[]): KnownSocks {
  const unique = [...new Set(ids)].sort();
  const socks = useLoad(async () => {
    const answers = await Promise.allSettled(unique.map(getSock));
    return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  }, unique.join());
  const known = new Map((socks.data ?? []).map((sock) => [sock.id, sock]));
  return { get: (id) => known.get(id), waiting: socks.waiting };
}
