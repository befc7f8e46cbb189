import type { ServiceName } from '@sockshop/parts';
import { backendOf } from './configuration.ts';
import type { ServiceState } from './router-state.ts';

/** Of one instance, since the router started or the instance was added. */
export interface InstanceFigures {
  readonly name: string;
  /** `ejected`: it answers its checks, but its answers to requests were failures. */
  readonly state: 'up' | 'down' | 'ejected' | 'draining';
  readonly requests: number;
  /** Answers by the first digit of their status. */
  readonly answers: Readonly<Record<'2xx' | '3xx' | '4xx' | '5xx', number>>;
  /** Requests that got no answer: no connection, none in time, a broken one. */
  readonly failures: number;
  /** Milliseconds from the request to the whole answer, of the last 1,024 requests. */
  readonly meanMs: number;
  /** Requests at this moment. */
  readonly current: number;
  readonly queued: number;
  /** How often checks or failures took it out. */
  readonly outages: number;
}

export interface VersionFigures {
  readonly version: string;
  /** Percent. */
  readonly share: number;
  readonly instances: readonly InstanceFigures[];
}

export interface ServiceFigures {
  readonly service: ServiceName;
  readonly versions: readonly VersionFigures[];
}

type Row = Readonly<Record<string, string>>;

/** The rows of `show stat`, by proxy and server. */
export function statRows(csv: string): ReadonlyMap<string, Row> {
  const [head = '', ...lines] = csv.trim().split('\n');
  const names = head.replace(/^# /, '').split(',');
  const rows = lines.map((line): Row => {
    const values = line.match(/"[^"]*"|[^,]+|(?<=,|^)(?=,|$)/g) ?? []; // a text in quotes may have a comma
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  });
  return new Map(rows.map((row) => [`${row['pxname']}/${row['svname']}`, row]));
}

/** What the rows say of a service's instances. */
export function figuresOf(state: ServiceState, rows: ReadonlyMap<string, Row>): ServiceFigures {
  return {
    service: state.service,
    versions: [...state.versions].map(([version, { slot, share, instances, draining }]) => ({
      version,
      share,
      instances: [...instances.keys()].map((name) => {
        const backend = backendOf(state.service, slot);
        const checked = rows.get(`${backend}/${name}`) ?? {};
        const unchecked = rows.get(`${backend}.all/${name}`) ?? {};
        return instanceFigures(name, checked, unchecked, draining.has(name));
      }),
    })),
  };
}

/** Requests of an instance that are running or wait, in both of its backends. */
export function busy(rows: ReadonlyMap<string, Row>, backend: string, name: string): number {
  return [`${backend}/${name}`, `${backend}.all/${name}`]
    .map((key) => rows.get(key) ?? {})
    .reduce((sum, row) => sum + number(row, 'scur') + number(row, 'qcur'), 0);
}

function instanceFigures(
  name: string,
  checked: Row,
  unchecked: Row,
  draining: boolean,
): InstanceFigures {
  const sum = (...fields: string[]) =>
    fields.reduce((total, field) => total + number(checked, field) + number(unchecked, field), 0);
  const [requests, others] = [number(checked, 'stot'), number(unchecked, 'stot')];
  const mean = requests >= others ? checked : unchecked;
  return {
    name,
    state: draining ? 'draining' : stateOf(checked),
    requests: requests + others,
    answers: {
      '2xx': sum('hrsp_2xx'),
      '3xx': sum('hrsp_3xx'),
      '4xx': sum('hrsp_4xx'),
      '5xx': sum('hrsp_5xx'),
    },
    failures: sum('econ', 'eresp'),
    meanMs: number(mean, 'rtime'),
    current: sum('scur'),
    queued: sum('qcur'),
    outages: number(checked, 'chkdown'),
  };
}

function stateOf(row: Row): InstanceFigures['state'] {
  const { status = '', check_status: check = '', last_chk: last = '' } = row;
  if (status.startsWith('UP') || status === 'no check') return 'up';
  if (status.startsWith('DRAIN') || status.startsWith('NOLB')) return 'draining';
  const ejected =
    check.startsWith('HANA') || check.startsWith('L7OK') || last.includes('Health analyze');
  return ejected ? 'ejected' : 'down';
}

function number(row: Row, field: string): number {
  return Number(row[field] ?? 0);
}
