import { request } from 'undici';

/** What a browser must load before the first page is drawn, in bytes. */
export interface PageBytes {
  readonly raw: number;
  /** As it is sent to a browser that takes any encoding. */
  readonly compressed: number;
}

/** The page itself, and the scripts, styles and fonts that it names. */
export async function firstPage(url: string): Promise<PageBytes> {
  const page = await load(url, '/', 'identity');
  const paths = ['/', ...namedIn(page.toString())];
  const sum = async (encoding: string): Promise<number> => {
    const bodies = await Promise.all(paths.map((path) => load(url, path, encoding)));
    return bodies.reduce((bytes, { length }) => bytes + length, 0);
  };
  return { raw: await sum('identity'), compressed: await sum('br, gzip') };
}

function namedIn(html: string): string[] {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? [];
  const paths = tags
    .filter(
      (tag) => tag.startsWith('<script') || /rel="(?:stylesheet|preload|modulepreload)"/.test(tag),
    )
    .flatMap((tag) => /(?:src|href)="(\/[^"]+)"/.exec(tag)?.[1] ?? []);
  return [...new Set(paths)];
}

/** As sent: undici, unlike fetch, does not decode it. */
async function load(url: string, path: string, encoding: string): Promise<Buffer> {
  const { statusCode, body } = await request(new URL(path, url), {
    headers: { 'accept-encoding': encoding },
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}`);
  return bytes;
}
