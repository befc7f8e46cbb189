// Runs in the network of a pod: tries to connect to each address of its arguments, and prints those that accept, as JSON.
import { connect } from 'node:net';

/** A SYN is sent again after 1 and after 3 s. */
const WITHIN_MS = 4000;

function accepts(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':');
  const host = address.slice(0, at).replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(address.slice(at + 1)), timeout: WITHIN_MS });
    const end = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', end(true));
    socket.once('timeout', end(false));
    socket.once('error', end(false));
  });
}

const addresses = process.argv.slice(2);
const accepted = await Promise.all(addresses.map(accepts));
console.log(JSON.stringify(addresses.filter((_, nth) => accepted[nth])));
