import { createHash } from 'node:crypto';
import { z } from 'zod';

const Socks = z.array(z.object({ id: z.string(), imageUrl: z.array(z.string()).min(1) })).min(1);

/** What a shop answers before any load. */
export interface Facts {
  readonly socks: readonly { readonly id: string; readonly picture: string }[];
  /** The hash of each body that is always the same, by path. */
  readonly known: ReadonlyMap<string, string>;
}

/** Asks for all that journeys ask for; every later response must be the same. @throws Error for a status other than 200 */
export async function factsOf(url: string): Promise<Facts> {
  const list = Socks.parse(JSON.parse((await body(url, '/catalogue')).toString()));
  const socks = list.map(({ id, imageUrl: [picture = ''] }) => ({
    id,
    picture: new URL(picture, url).pathname,
  }));
  const sockPaths = socks.flatMap(({ id, picture }) => [`/catalogue/${id}`, picture]);
  const known = new Map<string, string>();
  for (const path of ['/', '/catalogue', '/tags', ...sockPaths]) {
    const sha256 = createHash('sha256').update(await body(url, path));
    known.set(path, sha256.digest('hex'));
  }
  return { socks, known };
}

async function body(url: string, path: string): Promise<Buffer> {
  const response = await fetch(new URL(path, url));
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}`);
  return bytes;
}
