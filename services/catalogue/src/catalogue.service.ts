import { Injectable } from '@nestjs/common';
import { In, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { CatalogueDatabase } from './catalogue-database.ts';
import type { Page, SockFilter, SortOrder } from './sock-query.ts';
import { Sock } from './sock.entity.ts';
import { Tag } from './tag.entity.ts';

/** Reads the socks. They never change, so each request is one or two reads. */
@Injectable()
export class CatalogueService {
  constructor(private readonly database: CatalogueDatabase) {}

  /** A page of the socks that pass the filter, each with all its tags. Two queries, however large the page. */
  async list(filter: SockFilter, order: SortOrder, { page, size }: Page): Promise<Sock[]> {
    const skipped = (page - 1) * size;
    if (page === 0 || size === 0 || skipped > Number.MAX_SAFE_INTEGER) return [];
    return this.database.use(async (entities) => {
      // A sock joined with its tags makes several rows, which cannot be paged: select the ids of the page first, then the socks.
      const ids = entities.createQueryBuilder(Sock, 'sock').select('sock.id', 'id');
      apply(filter, ids);
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

  /** Counts the socks that pass the filter. */
  async count(filter: SockFilter): Promise<number> {
    return this.database.use((entities) => {
      const socks = entities.createQueryBuilder(Sock, 'sock');
      apply(filter, socks);
      return socks.getCount();
    });
  }

  async find(id: string): Promise<Sock | undefined> {
    // Not findOne: with a relation it makes two queries.
    const [sock] = await this.database.use((entities) =>
      entities.find(Sock, { ...whole, where: { id } }),
    );
    return sock;
  }

  /** Returns the names of all tags, oldest first. */
  async tags(): Promise<string[]> {
    const tags = await this.database.use((entities) =>
      entities.find(Tag, { order: { id: 'ASC' } }),
    );
    return tags.map(({ name }) => name);
  }
}

const whole = { relations: { tags: true }, order: { tags: { id: 'ASC' } } } as const;

/** Narrows the query: one entry for each field of the filter, or it does not compile. INSTR, not LIKE: it has no wildcards. */
function apply({ tags, q }: SockFilter, socks: SelectQueryBuilder<Sock>): void {
  const hasTag = (condition: string) =>
    `EXISTS ${tagsOf(socks.subQuery()).select('1').andWhere(condition).getQuery()}`;
  const conditions: Record<keyof SockFilter, [string, ObjectLiteral][]> = {
    tags: tags ? [[hasTag('tag.name IN (:...tags)'), { tags }]] : [],
    q: q.map((word, index) => {
      const holds = (column: string) => `INSTR(LOWER(${column}), :word${index}) > 0`;
      const places = [holds('sock.name'), holds('sock.description'), hasTag(holds('tag.name'))];
      return [`(${places.join(' OR ')})`, { [`word${index}`]: word }];
    }),
  };
  for (const [condition, values] of Object.values(conditions).flat()) {
    socks.andWhere(condition, values);
  }
}

function firstTag(query: SelectQueryBuilder<ObjectLiteral>): SelectQueryBuilder<ObjectLiteral> {
  return tagsOf(query).select('MIN(tag.name)');
}

/** The tags of the sock of the outer query. */
function tagsOf<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
): SelectQueryBuilder<ObjectLiteral> {
  return query
    .from('sock_tag', 'sock_tag')
    .innerJoin(Tag, 'tag', 'tag.id = sock_tag.tag_id')
    .where('sock_tag.sock_id = sock.id');
}
