import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CheckFailedError } from './report.ts';
import { NAMESPACE, type Shop } from './shop.ts';
import { until } from './until.ts';

/** Between two calls. */
const PACE_MS = 20;
const MOST_FAILURES = 1000;
/** Calls while the circuit is open; and as many before it, which none must fail. */
const REFUSED = 50;

/** Payment fails, its circuit in the gateway opens, and no call reaches it; it recovers, and the circuit closes. */
export async function circuitOpened(shop: Shop): Promise<string[]> {
  const program = await readFile(join(import.meta.dirname, 'fault-program.js'), 'utf8');
  const options = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(program)}`;
  const before = await shop.pods('payment');
  await shop.run(['set', 'env', 'deployment/payment', options]);
  await shop.scale('payment', 1);
  // A pod that is to end still serves for some seconds.
  for (const { metadata } of before)
    await shop.run(['wait', '--for=delete', `pod/${metadata.name}`, '--timeout=120s']);
  const [pod] = await shop.pods('payment');
  if (!pod) throw new CheckFailedError(['payment has no pod']);
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${pod.metadata.name}:8080/proxy/fault`;
  const fault = (what: 'on' | 'off') => shop.kubectl.run(['get', '--raw', `${path}/${what}`]);

  return shop.forwarded('gateway', 80, async (url) => {
    const pay = () => statusOfPayment(url);
    const paid = async () => {
      for (let nth = 0; nth < REFUSED; nth++) if ((await pay()) !== 200) return false;
      return true;
    };
    await until('payments by the new pod only', paid, 30_000);
    await fault('on');
    const failingSince = performance.now();
    let failed = 0;
    while ((await pay()) === 500 && failed < MOST_FAILURES) {
      failed++;
      await sleep(PACE_MS);
    }
    const openAfterMs = performance.now() - failingSince;
    const statuses = new Set<number>();
    for (let nth = 0; nth < REFUSED; nth++) {
      statuses.add(await pay());
      await sleep(PACE_MS);
    }
    const answered = Number(await fault('off'));
    const mendedAt = performance.now();
    await until('a closed circuit', async () => (await pay()) === 200, 30_000);
    const closedAfterMs = performance.now() - mendedAt;
    const lines = [
      `open after ${failed} calls that failed, ${seconds(openAfterMs)} s`,
      `while it was open, ${REFUSED} calls got ${[...statuses].join(', ')}, and ${answered - failed} of them reached payment`,
      `closed ${seconds(closedAfterMs)} s after payment was well again`,
    ];
    if (
      failed === 0 ||
      failed === MOST_FAILURES ||
      answered !== failed ||
      [...statuses].join() !== '503'
    )
      throw new CheckFailedError(lines);
    return lines;
  });
}

/** Of a call through the listener of services. By `http`: `fetch` sets the Host header itself. */
async function statusOfPayment(url: string): Promise<number> {
  const headers = { host: 'payment', 'content-type': 'application/json' };
  const call = request(`${url}/paymentAuth`, { method: 'POST', headers, timeout: 5000 });
  call.once('timeout', () => call.destroy(new Error('payment is silent')));
  call.end(JSON.stringify({ amount: 1 }));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
