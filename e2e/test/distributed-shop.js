import { environmentOf, SERVICE_NAMES, SERVICES, } from '@sockshop/parts';
import { startRabbitmq } from '@sockshop/servers';
import { freePort } from '@sockshop/supervisor';
import { TcpProxy, until } from '@sockshop/testing';
import { mongo, mysql, zipkin } from '@sockshop/testing/real-servers';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { aFolder } from './embedded-shop.ts';
import { TEST_SETTINGS } from './shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
export const REAL_SERVERS = { mysql: mysql.url, mongo: mongo.url, zipkin: zipkin.url };
/** Each service in its own process, on MySQL, MongoDB, RabbitMQ and Zipkin. A proxy stands before each service and server. */
export class DistributedShop {
    urls;
    tracesUrl;
    env;
    gates;
    broker;
    folder;
    url;
    processes = new Map();
    constructor(urls, tracesUrl, env, gates, broker, folder) {
        this.urls = urls;
        this.tracesUrl = tracesUrl;
        this.env = env;
        this.gates = gates;
        this.broker = broker;
        this.folder = folder;
        this.url = urls['front-end'];
    }
    /**
     * Starts in an unfavourable order: the front-end first, before the services it calls, then the services while their broker starts.
     * Catalogue's database becomes reachable last. `settings` are variables for all services.
     */
    static async start(servers, settings = {}) {
        const folder = aFolder();
        const ports = await portsFor([...SERVICE_NAMES, 'broker']);
        const urls = Object.fromEntries(SERVICE_NAMES.map((name) => [name, `http://127.0.0.1:${ports.get(name)}`])); // made from their list
        const broker = startRabbitmq({ dir: join(folder, 'rabbitmq'), port: ports.get('broker') });
        broker.catch(() => undefined); // awaited below
        const gates = await gatesTo({
            ...urls,
            MariaDB: servers.mysql,
            MongoDB: servers.mongo,
            RabbitMQ: `amqp://guest:guest@127.0.0.1:${ports.get('broker')}`,
            Zipkin: servers.zipkin,
        });
        const run = `e2e_${randomBytes(4).toString('hex')}`;
        const env = new Map(SERVICES.map((service) => [
            service.name,
            {
                HOST: '127.0.0.1',
                PORT: new URL(urls[service.name]).port,
                ...variables(service, gates, folder, run),
                ...settings,
            },
        ]));
        const shop = new DistributedShop(urls, servers.zipkin, env, gates, broker, folder);
        try {
            await shop.startAll();
        }
        catch (error) {
            await shop.stop('SIGKILL');
            throw error;
        }
        return shop;
    }
    /** One log line of each service. */
    log() {
        return [...this.processes.values()].map(({ output }) => output).join('');
    }
    async stop(signal = 'SIGTERM') {
        const codes = await Promise.all([...this.processes.values()].map((each) => each.stop(signal)));
        await Promise.all([...this.gates.values()].map((gate) => gate.cut()));
        await this.broker.then((broker) => broker.stop(), () => undefined);
        rmSync(this.folder, { recursive: true });
        return codes;
    }
    async takeAway(part, outage) {
        const gate = this.gates.get(part);
        if (part === 'queue-master')
            await this.end(part, outage);
        else if (outage === 'refused')
            await gate.cut();
        else
            gate.hold();
    }
    /** Waits until all services are ready, including those that must reconnect. */
    async bringBack(part, outage) {
        const gate = this.gates.get(part);
        if (part === 'queue-master')
            this.revive(part, outage);
        else if (outage === 'refused')
            await gate.restore();
        else
            gate.release();
        await Promise.all(SERVICE_NAMES.map((name) => this.ready(name)));
    }
    /** Ends the process of a service with SIGKILL. */
    async kill(name) {
        await this.end(name, 'refused');
    }
    /** Starts a service that was killed, and waits until it is ready. */
    async restart(name) {
        this.startService(name);
        await this.ready(name);
    }
    /** No service calls queue-master, so this ends its process. */
    async end(name, outage) {
        const process = this.processes.get(name);
        if (outage === 'refused')
            await process.stop('SIGKILL');
        else
            process.signal('SIGSTOP');
    }
    revive(name, outage) {
        if (outage === 'refused')
            this.startService(name);
        else
            this.processes.get(name).signal('SIGCONT');
    }
    async startAll() {
        const late = ['MariaDB', 'RabbitMQ'];
        const early = [...this.gates].filter(([part]) => !late.includes(part));
        await Promise.all(early.map(([, gate]) => gate.restore()));
        this.startService('front-end');
        await until(() => statusOf(`${this.url}/livez`), (status) => status === 200);
        for (const name of [...SERVICE_NAMES].reverse())
            if (name !== 'front-end')
                this.startService(name);
        await this.broker;
        await this.gates.get('RabbitMQ').restore();
        const ready = SERVICE_NAMES.filter((name) => name !== 'catalogue');
        await Promise.all(ready.map((name) => this.ready(name)));
        const waiting = await statusOf(`${this.url}/catalogue`);
        if (waiting !== 503)
            throw new Error(`without its database, catalogue answers ${waiting}`);
        await this.gates.get('MariaDB').restore();
        await this.ready('catalogue');
        // The front-end's breaker may still be open from the time before the services started.
        await until(() => statusOf(`${this.url}/catalogue`), (status) => status === 200);
    }
    startService(name) {
        const env = { ...TEST_SETTINGS, ...this.env.get(name) };
        this.processes.set(name, new WorkspaceProcess(`services/${name}/dist/main.js`, [], env));
    }
    async ready(name) {
        const ready = until(() => statusOf(`${this.urls[name]}/readyz`), (it) => it === 200, 60_000);
        const ended = this.processes.get(name).ended.then((code) => {
            throw new Error(`${name} ended with ${String(code)}:\n${this.processes.get(name).output}`);
        });
        await Promise.race([ready, ended]);
    }
}
async function portsFor(names) {
    const ports = await Promise.all(names.map(() => freePort()));
    return new Map(names.map((name, index) => [name, ports[index]]));
}
/** All proxies, closed at first. */
async function gatesTo(targets) {
    const parts = Object.keys(targets); // they are its keys
    const ports = await portsFor(parts); // none of them a port that a service has been given
    const gates = parts.map(async (part) => [part, await TcpProxy.reserve(targets[part], ports.get(part))]);
    return new Map(await Promise.all(gates));
}
/** The variables of one service besides the common settings. */
function variables(service, gates, folder, run) {
    const at = (part, path = '') => new URL(path, gates.get(part).url).href;
    return environmentOf(service, {
        upstream: (name) => at(name),
        database: ({ server }, { name }) => server === 'mysql' ? at('MariaDB', run) : at('MongoDB', `${run}_${name}`),
        broker: at('RabbitMQ'),
        sessionKeyFile: join(folder, 'session.key'),
        zipkin: at('Zipkin'),
    });
}
async function statusOf(url) {
    const response = await fetch(url);
    await response.text();
    return response.status;
}
//# sourceMappingURL=distributed-shop.js.map