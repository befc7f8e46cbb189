import { secretOf } from '@sockshop/secrets';
import { freePort, greet, launch, type ServerProcess } from '@sockshop/supervisor';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findOrInstall } from './apt.ts';
import { givenServer, type RunningServer, type StartOptions } from './server.ts';

const server = 'RabbitMQ';
const ways =
  'Install it (Debian and Ubuntu: the package `rabbitmq-server`; macOS: `brew install rabbitmq`), ' +
  'or name a broker in RABBITMQ_URL, such as amqp://guest:guest@127.0.0.1:5672.';

/** RABBITMQ_URL's broker, or an own RabbitMQ on loopback with its usual user `guest`. */
export async function startRabbitmq(options: StartOptions): Promise<RunningServer> {
  const { say = () => undefined } = options;
  const dir = resolve(options.dir);
  const given = givenServer(server, secretOf('RABBITMQ_URL'), 5672);
  if (given) return given;

  const wanted = { server, packages: ['rabbitmq-server'], ways, say };
  // Debian's wrapper in /usr/sbin changes to a user who may not write our directory: call the script it wraps.
  const dirs = ['/usr/lib/rabbitmq/bin'];
  const broker = await findOrInstall({ ...wanted, programs: ['rabbitmq-server'], dirs });
  const epmd = await findOrInstall({ ...wanted, programs: ['epmd'] });

  const [port, distributionPort, epmdPort, metricsPort] = [
    options.port ?? (await freePort()),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'enabled_plugins'), '[rabbitmq_prometheus].\n');
  await writeFile(join(dir, 'rabbitmq.conf'), settings(metricsPort));
  const mapper = await startEpmd(epmd, { ...options, dir, port: epmdPort });
  try {
    const { pid, ended, stop } = await launch({
      name: 'rabbitmq',
      command: broker,
      args: [],
      env: {
        HOME: dir, // for the Erlang cookie
        ERL_EPMD_PORT: String(epmdPort),
        // The settings of a broker the system may have are not ours.
        RABBITMQ_CONF_ENV_FILE: '/dev/null',
        RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
        RABBITMQ_ADVANCED_CONFIG_FILE: join(dir, 'advanced.config'),
        RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
        RABBITMQ_MNESIA_BASE: dir,
        RABBITMQ_LOG_BASE: dir,
        RABBITMQ_PID_FILE: join(dir, 'pid'),
        RUNNING_UNDER_SYSTEMD: 'true', // the script becomes the server, so its process is the one that we watch and end
        RABBITMQ_NODENAME: 'shop@localhost',
        RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
        RABBITMQ_NODE_PORT: String(port),
        RABBITMQ_DIST_PORT: String(distributionPort),
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      },
      dir,
      spawned: options.spawned,
      // The protocol header of AMQP 0-9-1; a ready broker answers with a method frame (type 1).
      ready: async () => (await greet(port, Buffer.from('AMQP\0\0\x09\x01', 'latin1')))[0] === 1,
      graceMs: 30_000,
    });
    const stopBoth = async () => {
      await stop();
      await mapper.stop();
    };
    const url = `amqp://guest:guest@127.0.0.1:${port}`;
    const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics/per-object`; // with series of each queue
    return { name: server, url, port, metricsUrl, pid, ended, stop: stopBoth };
  } catch (error) {
    await mapper.stop();
    throw error;
  }
}

/** All that the environment does not set. The statistics of the management plugin, which cost time all the time, are not collected. */
function settings(metricsPort: number): string {
  return [
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${metricsPort}`,
    'management_agent.disable_metrics_collector = true',
    '',
  ].join('\n');
}

/**
 * Erlang's port mapper, our own and on loopback. Left to itself the broker starts one that listens for the whole
 * network and stays behind.
 */
function startEpmd(epmd: string, options: StartOptions & { port: number }): Promise<ServerProcess> {
  const { dir, port, spawned } = options;
  return launch({
    name: 'epmd',
    command: epmd,
    args: ['-port', String(port), '-address', '127.0.0.1'],
    dir,
    spawned,
    // Asked for the registered names, it says its own port first.
    ready: async () =>
      (await greet(port, Buffer.from([0, 1, 'n'.charCodeAt(0)]))).readUInt32BE() === port,
  });
}
