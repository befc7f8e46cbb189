import { CommandError } from '@sockshop/cli';
import { Visitor } from '@sockshop/measure';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { purchase } from './purchase.ts';
import { whileShopping, withoutFailure } from './shoppers.ts';
import type { Container, Stack } from './stack.ts';
import { until } from './until.ts';

/**
 * Ends the container's process as a crash does, and waits until it runs and is healthy again. `docker kill` would not do: the engine takes
 * it for a person's wish, and starts nothing.
 */
export async function kill(
  engine: Engine,
  stack: Stack,
  { id, service, pid, restarts }: Container,
): Promise<string> {
  const began = performance.now();
  const script = `process.kill(${pid}, 'SIGKILL')`;
  const asRoot = ['--user', '0:0', '--pid', 'host', '--entrypoint', 'node'];
  await engine.docker('run', '--rm', ...asRoot, 'sock-shop/payment:1.0.0', '-e', script);
  await until(
    () => stack.containers(service),
    (all) => all.some((each) => each.id === id && each.restarts > restarts),
    `${service} restarted`,
  );
  await stack.ready(service);
  return `healthy again after ${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** A second container with the new tag joins, then the first one leaves; that one is then three, and one again. All under shoppers. */
export async function rolling(
  engine: Engine,
  stack: Stack,
  shop: string,
  service: string,
  image: string,
): Promise<string> {
  const tag = `${image}-next`;
  await engine.docker('tag', image, tag);
  const { summary } = await whileShopping({ url: shop, shoppers: 20 }, async () => {
    await sleep(5000);
    await replace(engine, stack, service, tag);
    await stack.up('--wait', '--no-recreate', '--scale', `${service}=3`, service);
    await sleep(5000);
    await stack.up('--wait', '--no-recreate', '--scale', `${service}=1`, service);
    await sleep(5000);
  });
  return withoutFailure(summary);
}

async function replace(engine: Engine, stack: Stack, service: string, tag: string): Promise<void> {
  const [before] = await stack.containers(service);
  stack.useImages({ [service]: tag });
  await stack.up('--wait', '--no-recreate', '--scale', `${service}=2`, service);
  await sleep(3000); // the router must have seen the second one
  if (before) await engine.docker('rm', '--force', await stopped(engine, before));
  const [after] = await stack.ready(service);
  if (after?.image !== tag)
    throw new CommandError(`${service} runs ${after?.image ?? 'nowhere'}, not ${tag}`);
}

async function stopped(engine: Engine, { id }: Container): Promise<string> {
  await engine.docker('stop', '--time', '10', id);
  return id;
}

/** While payment is stopped an order is refused with 503 soon; once it is back, an order succeeds. */
export async function withoutPayment(stack: Stack, shop: string): Promise<string> {
  const visitor = new Visitor(shop);
  await visitor.signUp();
  await visitor.traced('POST', '/cart', { json: { id: '03fef6ac-1896-4ce8-bd69-b798f85c6e0b' } });
  await stack.compose('stop', 'payment');
  const began = performance.now();
  await visitor.traced('POST', '/orders', { status: 503 });
  const seconds = (performance.now() - began) / 1000;
  if (seconds > 10) throw new CommandError(`the refusal took ${seconds.toFixed(1)} s`);
  await visitor.traced('GET', '/catalogue', { status: 200 });
  await stack.compose('start', 'payment');
  await stack.ready('payment');
  await until(
    () => purchase(shop),
    () => true,
    'an order with payment back',
  );
  return `503 after ${seconds.toFixed(1)} s; orders again once it is back`;
}

/** Until a purchase succeeds, after stores were lost for a while. */
export async function restarted(
  stack: Stack,
  shop: string,
  stores: readonly string[],
): Promise<string> {
  await stack.compose('restart', ...stores);
  await stack.ready(...stores);
  const began = performance.now();
  await until(
    () => purchase(shop),
    () => true,
    'an order after the stores were restarted',
  );
  return `an order ${((performance.now() - began) / 1000).toFixed(1)} s after they were healthy`;
}
