import { journeyTraces, type OwnShop, type TraceCounts } from '@sockshop/measure';
import { type CountName, COUNTS, nameOf } from './figures.ts';
import { firstPage } from './first-page.ts';
import { imageContents } from './image.ts';

/** Values by the names of their figures. */
export type Values = Readonly<Record<string, number>>;

const KIB = 1024;
const MIB = 1024 * KIB;

const COUNTED: Readonly<Record<CountName, (counts: TraceCounts) => number>> = {
  spans: ({ spans }) => spans,
  'store commands': ({ storeCommands }) => storeCommands,
  'HTTP calls': ({ calls }) => calls,
  messages: ({ messages }) => messages,
};

/** Of the image of each service. Everything must be built. */
export async function imageFigures(root: string): Promise<Values> {
  const contents = [...(await imageContents(root))];
  return Object.fromEntries(
    contents.flatMap(([service, { bytes, packages }]) => [
      [nameOf.image(service), bytes / MIB],
      [nameOf.packages(service), packages],
    ]),
  );
}

export async function pageFigures(url: string): Promise<Values> {
  const { raw, compressed } = await firstPage(url);
  return { [nameOf.page('raw')]: raw / KIB, [nameOf.page('compressed')]: compressed / KIB };
}

/** What one `GET /catalogue` and one order with one line make the shop do. */
export async function countFigures(shop: OwnShop): Promise<Values> {
  const traces = await journeyTraces(shop);
  return Object.fromEntries(
    Object.entries(traces).flatMap(([journey, counts]) =>
      COUNTS.map((what) => [
        nameOf.count(what, journey, shop.way),
        COUNTED[what](counts as TraceCounts),
      ]),
    ),
  );
}
