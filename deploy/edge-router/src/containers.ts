import type { ServiceName } from '@sockshop/parts';
import { type BackendLines, CHECK, configuration } from './configuration.ts';
import { initialState } from './router-state.ts';
import { mapTexts } from './state-files.ts';

/** Ports that a person may set; all other services listen on 80. The file has a variable for each, which HAProxy reads from its environment. */
const VARIABLES: Readonly<Partial<Record<ServiceName, string>>> = {
  'front-end': 'FRONT_END_PORT',
  orders: 'ORDERS_PORT',
  shipping: 'SHIPPING_PORT',
};
/** Containers of one service at most. */
const INSTANCES = 10;

/**
 * The files of deploy/edge-router/containers, which Docker Compose mounts: the instances of a service are what its name resolves to, so they come and go
 * with `--scale`. A second version is the containers called `orders-v2`, which the command `mesh` of deploy/compose lets the router look for: until then
 * no name server is asked for a name that no container has.
 */
export function containerFiles(): readonly (readonly [file: string, text: string])[] {
  const text = configuration({
    edge: ':80',
    statistics: ':8080',
    mesh: ':8090',
    doors: {},
    trusted: [],
    global: ['stats socket ipv4@127.0.0.1:9999 level admin'], // Bash, which the image has, opens no Unix socket
    sections: [RESOLVERS],
    instances: (service, slot) => {
      if (slot === 1) return instancesOf(service, `${service}-`, service, 'init-addr none');
      if (slot === 2) return instancesOf(service, `${service}-v2-`, NOWHERE, 'disabled');
      return { checked: [], unchecked: [] };
    },
  });
  return [['haproxy.cfg', text], ...mapTexts(initialState())];
}

/** An address of no machine (RFC 5737), of servers that have no name yet. */
const NOWHERE = '192.0.2.1';

/** The engine's own name server. A container that left must not be remembered for long. */
const RESOLVERS = [
  'resolvers engine',
  'parse-resolv-conf',
  'accepted_payload_size 8192',
  'timeout resolve 1s',
  'timeout retry 1s',
  ...['valid', 'obsolete', 'nx'].map((answer) => `hold ${answer} 1s`),
  ...['other', 'refused', 'timeout'].map((answer) => `hold ${answer} 30s`),
].join('\n  ');

/**
 * The address of a container that has gone refuses nothing: it is silent until the name server has forgotten it, a second or two. So a connection is given up
 * soon, and the next attempt goes to the next container, not to the one with the fewest connections, which would be the same.
 */
const NEXT = 'balance roundrobin';
const SOON = 'timeout connect 250ms'; // the other backends have it already

function instancesOf(
  service: ServiceName,
  prefix: string,
  host: string,
  first: string,
): BackendLines {
  const variable = VARIABLES[service];
  const port = variable === undefined ? '80' : `"\${${variable}}"`;
  const servers = `server-template ${prefix} 1-${INSTANCES} ${host}:${port}`;
  const found = `resolvers engine resolve-prefer ipv4 ${first}`;
  return {
    checked: [NEXT, SOON, `${servers} ${found} ${CHECK}`],
    unchecked: [NEXT, `${servers} ${found}`],
  };
}
