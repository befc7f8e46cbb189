import { describe, expect, it } from '@jest/globals';
import { SERVICE_NAMES } from '@sockshop/parts';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { read, root } from './manifests.ts';
const { version, scripts } = JSON.parse(read('package.json'));
const files = globSync('.github/workflows/*.yml', { cwd: root }).sort();
const steps = files.flatMap((file) => Object.values(YAML.parse(read(file)).jobs).flatMap((job) => job.steps));
const commands = steps.flatMap(({ run }) => run?.split('\n') ?? []);
describe('the workflows', () => {
    it.each(files)('%s limits the time of each job', (file) => {
        const { jobs } = YAML.parse(read(file));
        for (const [name, job] of Object.entries(jobs))
            expect([name, job['timeout-minutes']]).toEqual([name, expect.any(Number)]);
    });
    it('run commands that exist', () => {
        const called = commands.flatMap((line) => [...line.matchAll(/\bnpm (?:run )?([a-z][\w:]*)/g)]);
        const names = called.map(([, name]) => name);
        expect(names).toEqual(expect.arrayContaining(['start', 'test', 'test:containers', 'test:kubernetes', 'pack:shop']));
        expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    });
    it('use actions of a fixed commit, and say of which version', () => {
        const uses = files.flatMap((file) => [...read(file).matchAll(/uses: (.+)$/gm)]);
        expect(uses.length).toBeGreaterThan(0);
        for (const [, action] of uses)
            expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v[\d.]+$/);
    });
    it('package folders that exist', () => {
        const [, folder] = /helm package (\S+)/.exec(commands.join('\n')) ?? [];
        expect(existsSync(join(root, folder, 'Chart.yaml'))).toBe(true);
    });
    it('give the chart the images of the release', () => {
        const [, prefix, file] = /sed --in-place "s#\^(.+?)#.+" (\S+)/.exec(commands.join('\n')) ?? [];
        const lines = read(file)
            .split('\n')
            .filter((line) => line.startsWith(prefix));
        expect(lines).toEqual([prefix]);
    });
    it('publish nothing where the tag is not the version', () => {
        const { jobs } = YAML.parse(read('.github/workflows/release.yml'));
        for (const { needs, steps } of Object.values(jobs))
            expect([needs, steps[1]?.run]).toContainEqual(needs ?? expect.stringContaining('package.json)" = "${GITHUB_REF_NAME#v}"'));
    });
});
describe('docker-bake.hcl', () => {
    const bake = read('docker-bake.hcl');
    it('builds the image of every service', () => {
        const [, list = ''] = /service = \[(.*)\]/.exec(bake) ?? [];
        expect(list.split(', ')).toEqual(SERVICE_NAMES.map((name) => `"${name}"`));
    });
    it('builds only targets that the Dockerfile has', () => {
        const targets = [...bake.matchAll(/^ {2}target += "(.+)"$/gm)].map(([, name]) => name);
        expect(targets).toEqual(['shop', 'loadtest']);
        for (const name of targets)
            expect(read('deploy/Dockerfile')).toMatch(new RegExp(`^FROM .* AS ${name}$`, 'm'));
    });
    it('gives the version of the project, as the Dockerfile does', () => {
        expect(bake).toContain(`variable "VERSION" {\n  default = "${version}"\n}`);
        expect(read('deploy/Dockerfile')).toContain(`org.opencontainers.image.version="${version}"`);
    });
});
describe('the package for npx', () => {
    it('asks for a newer Node where the shop would refuse its own', () => {
        const oldest = (file) => /OLDEST = \[(\d+), (\d+)\]/.exec(read(file))?.slice(1);
        const ours = oldest('deploy/shop/npx/sock-shop.js');
        expect(ours).toHaveLength(2);
        expect(ours).toEqual(oldest('libs/node-version/src/index.ts'));
    });
});
//# sourceMappingURL=release-files.test.js.map