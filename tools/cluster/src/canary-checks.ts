import type { Containerd } from './containerd.ts';
import { CALLS_PROGRAM } from './paths.ts';
import { CheckFailedError } from './report.ts';
import { runProgram } from './run-program.ts';
import { NAMESPACE, type Shop } from './shop.ts';
import { callsDuring, shareOf } from './version-calls.ts';

const CONNECTIONS = 1000;
/** Of v2: one pod of four. */
const SHARE = 0.25;

/** Each version gets the share of the connections to the Service of orders that it has of the pods. Tried from the front-end's network. */
export async function sharedByPods(shop: Shop, containerd: Containerd): Promise<string[]> {
  const [frontEnd] = await shop.pods('front-end');
  const pid = frontEnd && (await containerd.pidOf(frontEnd));
  if (pid === undefined) throw new CheckFailedError(['front-end has no pod']);
  const { spec } = await shop.kubectl.get<{ spec: { clusterIP: string } }>([
    ...['service', 'orders', '-n', NAMESPACE],
  ]);
  const host = spec.clusterIP.includes(':') ? `[${spec.clusterIP}]` : spec.clusterIP;
  const url = `http://${host}/orders/search/customerId?custId=no-customer`;
  let answered = '';
  const calls = await callsDuring(shop, async () => {
    answered = await runProgram('nsenter', [
      ...[`--net=/proc/${pid}/ns/net`, process.execPath, CALLS_PROGRAM, url, `${CONNECTIONS}`],
    ]);
  });
  const { line, held } = shareOf(calls, SHARE);
  const lines = [line, `${answered.trim()} of ${CONNECTIONS} answers had 200`];
  if (!held || Number(answered) !== CONNECTIONS || calls.v1 + calls.v2 < CONNECTIONS)
    throw new CheckFailedError(lines);
  return lines;
}
