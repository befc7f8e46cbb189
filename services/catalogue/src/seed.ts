import type { EntityManager } from 'typeorm';
import { Sock } from './sock.entity.ts';
import { STOCK, TAGS } from './stock.ts';
import { Tag } from './tag.entity.ts';

/**
 * Stocks an empty catalogue and leaves any other unchanged. It is one transaction: when two instances run it at the same time, one fails on
 * the first id, tries again and finds the socks there.
 */
export async function seed(entities: EntityManager): Promise<void> {
  await entities.transaction(async (all) => {
    if ((await all.count(Sock)) > 0) return;
    await all.insert(
      Sock,
      STOCK.map(({ tags: _tags, images: [first, second], ...sock }) => ({
        ...sock,
        imageUrl1: `/catalogue/images/${first}`,
        imageUrl2: `/catalogue/images/${second}`,
      })),
    );
    const known = new Set((await all.find(Tag)).map(({ name }) => name));
    await all.insert(
      Tag,
      TAGS.filter((name) => !known.has(name)).map((name) => ({ name })),
    );
    const ids = new Map((await all.find(Tag)).map(({ id, name }) => [name, id]));
    for (const { id, tags } of STOCK) {
      await all
        .createQueryBuilder()
        .relation(Sock, 'tags')
        .of(id)
        .add(tags.map((name) => ids.get(name)));
    }
  });
}
