/** Which addresses nodes, pods and services have. */
export const FAMILIES = ['ipv4', 'ipv6', 'dual'] as const;
export type Family = (typeof FAMILIES)[number];

/** One kind of address; a dual cluster has two. */
export interface Range {
  readonly version: 4 | 6;
  readonly node: string;
  /** The other end of the node's cable: this machine. */
  readonly machine: string;
  /** Length of the prefix of the cable. */
  readonly cable: number;
  readonly pods: string;
  readonly services: string;
  readonly dns: string;
}

const V4: Range = {
  version: 4,
  node: '10.77.0.1',
  machine: '10.77.0.254',
  cable: 24,
  pods: '10.244.0.0/24',
  services: '10.96.0.0/16',
  dns: '10.96.0.10',
};

const V6: Range = {
  version: 6,
  node: 'fd77::1',
  machine: 'fd77::fe',
  cable: 64,
  pods: 'fd77:244::/64',
  services: 'fd77:96::/112',
  dns: 'fd77:96::a',
};

const RANGES: Readonly<Record<Family, readonly [Range, ...Range[]]>> = {
  ipv4: [V4],
  ipv6: [V6],
  dual: [V4, V6],
};

/** The first is the one by which programs find each other. */
export function rangesOf(family: Family): readonly [Range, ...Range[]] {
  return RANGES[family];
}

/** As a URL has it. */
export function hostOf({ version, node }: Range): string {
  return version === 6 ? `[${node}]` : node;
}
