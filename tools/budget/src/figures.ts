import { SERVICE_NAMES } from '@sockshop/parts';
import type { WayName } from '@sockshop/supervisor';

/** Something that has a budget: a ratio, a count or a size. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Where it is measured: at the files of the images, or at a shop of this way. */
  readonly from: 'images' | WayName;
  /** The same in every run on every machine. These are also looked at by `npm test`. */
  readonly exact: boolean;
  /** What `--update` adds to a measured value, in percent. */
  readonly margin: number;
}

export const WAYS = ['embedded', 'distributed'] as const satisfies readonly WayName[];
export const LOADS = ['catalogue', 'home', 'order'] as const;

/** Names of figures, in the order of the table. */
export const nameOf = {
  image: (service: string) => `image ${service}: size`,
  packages: (service: string) => `image ${service}: packages`,
  page: (how: 'raw' | 'compressed') => `first page: ${how}`,
  count: (what: CountName, journey: string, way: WayName) => `${journey}, ${way}: ${what}`,
  cpu: (journey: string, way: WayName) => `${journey}, ${way}: CPU`,
  memory: (when: 'idle' | 'loaded', way: WayName) => `memory, ${way}: ${when}`,
  ready: (way: WayName) => `start, ${way}: time to ready`,
};

export const COUNTS = ['spans', 'store commands', 'HTTP calls', 'messages'] as const;
export type CountName = (typeof COUNTS)[number];
export const JOURNEYS = ['catalogue', 'order'] as const;

const MIB = 'MiB';
const KIB = 'KiB';
const REFERENCE = '× the reference';

export const FIGURES: readonly Figure[] = [
  ...SERVICE_NAMES.flatMap((service): Figure[] => [
    { name: nameOf.image(service), unit: MIB, from: 'images', exact: true, margin: 5 },
    { name: nameOf.packages(service), unit: '', from: 'images', exact: true, margin: 0 },
  ]),
  { name: nameOf.page('raw'), unit: KIB, from: 'embedded', exact: true, margin: 5 },
  { name: nameOf.page('compressed'), unit: KIB, from: 'embedded', exact: true, margin: 5 },
  ...WAYS.flatMap((way) =>
    JOURNEYS.flatMap((journey) =>
      COUNTS.map((what) => ({
        name: nameOf.count(what, journey, way),
        unit: '',
        from: way,
        exact: true,
        margin: 0,
      })),
    ),
  ),
  ...WAYS.flatMap((way): Figure[] => [
    ...LOADS.map((load) => ({
      name: nameOf.cpu(load, way),
      unit: REFERENCE,
      from: way,
      exact: false,
      margin: 25,
    })),
    { name: nameOf.memory('idle', way), unit: MIB, from: way, exact: false, margin: 15 },
    { name: nameOf.memory('loaded', way), unit: MIB, from: way, exact: false, margin: 15 },
    { name: nameOf.ready(way), unit: '× node -e 0', from: way, exact: false, margin: 50 },
  ]),
];
