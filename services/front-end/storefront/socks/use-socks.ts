import { getSock, type Sock } from '../api.ts';
import { useLoad } from '../ui/use-load.ts';

/** Socks by id. One that is gone or cannot be had is left out: the rest of the list still shows. */
export function useSocks(ids: string[]): Map<string, Sock> {
  const unique = [...new Set(ids)].sort();
  const socks = useLoad(async () => {
    const answers = await Promise.allSettled(unique.map(getSock));
    return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  }, unique.join());
  return new Map((socks.data ?? []).map((sock) => [sock.id, sock]));
}
