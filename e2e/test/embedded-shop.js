import { SERVICE_NAMES } from '@sockshop/parts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_SETTINGS } from './shop.ts';
import { WorkspaceProcess } from './workspace-process.ts';
export const EMBEDDED = 'deploy/embedded/dist/main.js';
const FREE_PORTS = ['--port', '0', '--trace-port', '0'];
/** `npm start` on free ports, in its own process. */
export class EmbeddedShop {
    process;
    url;
    urls;
    tracesUrl;
    logFile;
    remove;
    constructor(process, url, urls, tracesUrl, logFile, remove) {
        this.process = process;
        this.url = url;
        this.urls = urls;
        this.tracesUrl = tracesUrl;
        this.logFile = logFile;
        this.remove = remove;
    }
    static async start({ script = EMBEDDED, data, args = [], env = {}, } = {}) {
        const folder = data ?? aFolder();
        const options = [...FREE_PORTS, '--data', folder, ...args];
        const process = new WorkspaceProcess(script, options, { ...TEST_SETTINGS, ...env });
        const remove = () => {
            if (data === undefined)
                rmSync(folder, { recursive: true });
        };
        try {
            const [, url] = await process.said(/^Sock Shop is ready: (.+)$/m);
            const urls = SERVICE_NAMES.map((name) => [name, addressOf(process.output, name)]);
            return new EmbeddedShop(process, url, Object.fromEntries(urls), // made from their list
            addressOf(process.output, 'traces (Zipkin API)'), /^Log: (.+)$/m.exec(process.output)[1], remove);
        }
        catch (error) {
            await process.stop('SIGKILL');
            remove();
            throw error;
        }
    }
    log() {
        return this.process.output + readFileSync(this.logFile, 'utf8');
    }
    async stop(signal = 'SIGTERM') {
        const code = await this.process.stop(signal);
        this.remove();
        return [code];
    }
}
export function aFolder() {
    return mkdtempSync(join(tmpdir(), 'sock-shop-'));
}
/** Reads an address from the table that the shop prints. */
function addressOf(table, part) {
    const row = table.split('\n').find((line) => line.startsWith(`${part} `));
    const address = /http:\S+/.exec(row ?? '');
    if (!address)
        throw new Error(`no address of ${part} in:\n${table}`);
    return address[0];
}
//# sourceMappingURL=embedded-shop.js.map