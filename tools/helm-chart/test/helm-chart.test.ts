import { describe, expect, it } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import YAML from 'yaml';
import { CHART, currentChart, rendered } from '../src/write-chart.ts';
import { helmProgram, works } from './helm-program.ts';

const helm = helmProgram();

interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string };
}

(works('kubectl', 'version', '--client') ? describe : describe.skip)('the Helm chart', () => {
  it('is what `npm run helm-chart` makes of the manifests of now', () => {
    const files = readdirSync(CHART, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? join(entry.parentPath, entry.name).slice(CHART.length + 1) : [],
    );
    const committed = files.map((path): [string, string] => [
      path,
      readFileSync(join(CHART, path), 'utf8'),
    ]);
    expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(currentChart()));
  });
});

(helm === undefined ? describe.skip : describe)('Helm', () => {
  const run = (...args: string[]): string => execFileSync(helm!, args, { encoding: 'utf8' });
  const template = (...args: string[]) =>
    run('template', 'shop', CHART, '--namespace', 'sock-shop', '--kube-version', '1.36.0', ...args);
  /** In an order of their own; a name with a hash of the contents without it. */
  const objectsOf = (text: string) => {
    const plain = text.replace(/every-service-\w{10}/g, 'every-service');
    return YAML.parseAllDocuments(plain)
      .map((document) => document.toJSON() as KubernetesObject | null)
      .filter((object) => object !== null && object.kind !== 'Namespace')
      .map((object): [string, KubernetesObject] => [
        `${object!.kind} ${object!.metadata.name}`,
        object!,
      ]);
  };
  const find = (text: string, name: string): unknown =>
    objectsOf(text).find(([of]) => of === name)?.[1];

  it('renders exactly the base where no value is given', () => {
    const base = Object.fromEntries(objectsOf(rendered('base')));
    expect(Object.fromEntries(objectsOf(template()))).toEqual(base);
  });

  it('finds no fault in the chart', () => {
    expect(run('lint', '--strict', CHART)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('takes image, tag, pods, resources and variables of a service', () => {
    const text = template(
      ...['--set', 'image.prefix=my-team/,image.tag=2.0.0,image.pullPolicy=Always'],
      ...['--set', 'services.carts.replicas=3,services.carts.env.LOG_LEVEL=debug'],
      ...['--set', 'services.carts.resources.limits.memory=300Mi'],
      ...['--set', 'services.orders.image=other/orders:3'],
    );
    expect(find(text, 'Deployment carts')).toMatchObject({
      spec: {
        replicas: 3,
        template: {
          spec: {
            containers: [
              {
                image: 'my-team/carts:2.0.0',
                imagePullPolicy: 'Always',
                env: expect.arrayContaining([{ name: 'LOG_LEVEL', value: 'debug' }]),
                resources: { limits: { memory: '300Mi' } },
              },
            ],
          },
        },
      },
    });
    expect(find(text, 'Deployment orders')).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'other/orders:3' }] } } },
    });
  });

  it('takes passwords from a secret', () => {
    const text = template('--set', 'secrets.passwords=mine');
    expect(text).not.toMatch(/default_password|guest/);
    expect(find(text, 'StatefulSet catalogue-db')).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: expect.arrayContaining([
                  {
                    name: 'MYSQL_PASSWORD',
                    valueFrom: { secretKeyRef: { name: 'mine', key: 'catalogue-db' } },
                  },
                ]),
              },
            ],
          },
        },
      },
    });
    expect(text.match(/amqp:\/\/shop:\$\(RABBITMQ_PASSWORD\)@rabbitmq:5672/g)).toHaveLength(3);
  });

  it('leaves out what is switched off, and adds ingress and load test', () => {
    const text = template(
      ...['--set', 'nodePort=0,networkPolicies=false,zipkin.enabled=false'],
      ...['--set', 'zipkin.url=http://traces:9411,ingress.enabled=true,ingress.host=shop.test'],
      ...['--set', 'loadTest.enabled=true,loadTest.shoppers=5'],
    );
    const names = objectsOf(text).map(([name]) => name);
    expect(names.filter((name) => /NetworkPolicy|zipkin/.test(name))).toEqual([]);
    expect(find(text, 'Service front-end')).toMatchObject({ spec: { type: 'ClusterIP' } });
    expect(find(text, 'ConfigMap every-service')).toMatchObject({
      data: { ZIPKIN: 'http://traces:9411/api/v2/spans' },
    });
    expect(find(text, 'Ingress front-end')).toMatchObject({
      spec: { rules: [{ host: 'shop.test' }] },
    });
    expect(find(text, 'Deployment load-test')).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [{ args: expect.arrayContaining(['http://front-end', '--shoppers', '5']) }],
          },
        },
      },
    });
  });

  it('refuses a value that does not exist', () => {
    const { status, stderr } = spawnSync(
      helm!,
      ['template', CHART, '--set', 'services.carts.replica=3'],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([1, expect.stringContaining('replica')]);
  });
});
