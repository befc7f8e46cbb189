import { Injectable } from '@nestjs/common';
import { In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { CatalogueDatabase } from './catalogue-database.ts';
import type { Order, Page } from './sock-query.ts';
import { Sock } from './sock.entity.ts';
import { Tag } from './tag.entity.ts';

/** The socks: nobody changes them, so each answer is one or two reads. */
@Injectable()
export class CatalogueService {
  constructor(private readonly database: CatalogueDatabase) {}

  /** A page of the socks that have any of `tags`, each with all its tags. Two queries, however large the page. */
  async list(tags: string[] | undefined, order: Order, { page, size }: Page): Promise<Sock[]> {
    const skipped = (page - 1) * size;
    if (page === 0 || size === 0 || skipped > Number.MAX_SAFE_INTEGER) return [];
    return this.database.use(async (entities) => {
      // Joined with its tags a sock is several rows, which cannot be paged: so first the page, then the whole socks.
      const ids = entities.createQueryBuilder(Sock, 'sock').select('sock.id', 'id');
      if (tags) withAnyOf(tags, ids);
      const direction = order.descending ? 'DESC' : 'ASC';
      if (order.by === 'tag') ids.addSelect(firstTag, 'first_tag').orderBy('first_tag', direction);
      else ids.orderBy(`sock.${order.by}`, direction);
      if (order.by !== 'id') ids.addOrderBy('sock.id');
      const rows = await ids.offset(skipped).limit(size).getRawMany<{ id: string }>();
      if (rows.length === 0) return [];
      const socks = await entities.find(Sock, {
        ...whole,
        where: { id: In(rows.map(({ id }) => id)) },
      });
      const found = new Map(socks.map((sock) => [sock.id, sock]));
      return rows.flatMap(({ id }) => found.get(id) ?? []);
    });
  }

  /** How many socks have any of `tags`. */
  async count(tags: string[] | undefined): Promise<number> {
    return this.database.use((entities) => {
      const socks = entities.createQueryBuilder(Sock, 'sock');
      if (tags) withAnyOf(tags, socks);
      return socks.getCount();
    });
  }

  async find(id: string): Promise<Sock | undefined> {
    // Not findOne: with a relation it asks twice.
    const [sock] = await this.database.use((entities) =>
      entities.find(Sock, { ...whole, where: { id } }),
    );
    return sock;
  }

  /** The names of all tags, in the order in which they were made. */
  async tags(): Promise<string[]> {
    const tags = await this.database.use((entities) =>
      entities.find(Tag, { order: { id: 'ASC' } }),
    );
    return tags.map(({ name }) => name);
  }
}

const whole = { relations: { tags: true }, order: { tags: { id: 'ASC' } } } as const;

function withAnyOf(tags: string[], socks: SelectQueryBuilder<Sock>): void {
  const tagged = socks
    .subQuery()
    .select('1')
    .from('sock_tag', 'sock_tag')
    .innerJoin(Tag, 'tag', 'tag.id = sock_tag.tag_id')
    .where('sock_tag.sock_id = sock.id AND tag.name IN (:...tags)');
  socks.where(`EXISTS ${tagged.getQuery()}`, { tags });
}

function firstTag(query: SelectQueryBuilder<ObjectLiteral>): SelectQueryBuilder<ObjectLiteral> {
  return query
    .select('MIN(tag.name)')
    .from('sock_tag', 'sock_tag')
    .innerJoin(Tag, 'tag', 'tag.id = sock_tag.tag_id')
    .where('sock_tag.sock_id = sock.id');
}
