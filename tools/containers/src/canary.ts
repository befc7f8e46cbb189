import { CommandError } from '@sockshop/cli';
import { binomial, isFailed, timed, Traffic, versionsIn } from '@sockshop/mesh-check';
import { logIn } from '@sockshop/testing';
import type { Place } from './place.ts';
import type { Stack } from './stack.ts';

const CALLERS = 8;
const CALLS = 400;

/** Second versions get more and more requests, and none again, while customers ask; traces say which version answered. */
export async function secondVersions(place: Place): Promise<string> {
  return `${await shares(place)}; ${await variant(place)}`;
}

/** Of orders: 10 %, 50 %, all, none; then its container leaves. */
async function shares({ stack, at }: Place): Promise<string> {
  const customer = await logIn(at.shop);
  const traffic = new Traffic(() => customer.get('/orders'), CALLERS);
  const found: string[] = [];
  try {
    for (const share of [10, 50, 100, 0]) {
      await mesh(stack, 'canary', 'orders', 'v2', String(share));
      const versions = await versionsIn(at.zipkin, await traffic.next(CALLS), 'orders');
      const count = versions.filter((version) => version === 'v2').length;
      const { value, right } = binomial('v2', count, versions.length, share / 100);
      if (!right) throw new CommandError(`at ${share} % v2 answered ${value}`);
      found.push(`${count} at ${share} %`);
    }
    await stack.compose('stop', 'orders-v2');
  } finally {
    await traffic.stop();
  }
  const { failed, results } = traffic;
  if (failed.length > 0)
    throw new CommandError(`${failed.length} of ${results.length} requests failed`);
  return `of ${CALLS} calls of orders v2 answered ${found.join(', ')}; 0 of ${results.length} failed`;
}

/** Of front-end: a cookie decides. */
async function variant({ stack, at }: Place): Promise<string> {
  await mesh(stack, 'ab', 'front-end', 'v2', '--cookie', 'variant=b');
  const crossings = async (cookie: string, expected: boolean) => {
    const ask = () => fetch(`${at.shop}/catalogue/size`, { headers: { cookie } });
    const results = [];
    for (let nth = 0; nth < CALLS / 2; nth++) results.push(await timed(ask));
    const failed = results.filter(isFailed).length;
    if (failed > 0) throw new CommandError(`${failed} requests with the cookie ${cookie} failed`);
    const versions = await versionsIn(at.zipkin, results, 'front-end');
    return versions.filter((version) => (version === 'v2') !== expected).length;
  };
  const crossed = [
    await crossings('logged_in=; variant=b; theme=dark', true),
    await crossings('variant=bb', false),
  ];
  await mesh(stack, 'ab', 'front-end', '--off');
  if (crossed.some((count) => count > 0))
    throw new CommandError(`the cookie did not decide: ${crossed.join(' and ')} crossings`);
  return `0 crossings of ${CALLS} by cookie`;
}

/** The command in the router's container. */
function mesh(stack: Stack, ...words: string[]): Promise<string> {
  return stack.compose('exec', '-T', 'edge-router', 'mesh', ...words);
}
