import { Injectable } from '@nestjs/common';
import { CatalogueDatabase } from './catalogue-database.ts';
import { limited } from './mysql.ts';
import type { Page, SockFilter, SortOrder } from './sock-query.ts';
import {
  countSocks,
  SELECT_TAGS,
  selectPage,
  selectSock,
  type SockRow,
  type Statement,
} from './sock-sql.ts';

/** As callers see it: names and order are the original's. */
export interface ListedSock {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly imageUrl: [string, string];
  readonly price: number;
  readonly count: number;
  /** The names of all its tags, oldest first. */
  readonly tag: string[];
}

/** Reads the socks: one query for each answer, whose rows become the answer without entities between them. */
@Injectable()
export class CatalogueService {
  constructor(private readonly database: CatalogueDatabase) {}

  /** A page of the socks that pass the filter, each with all its tags. */
  async list(filter: SockFilter, order: SortOrder, page: Page): Promise<ListedSock[]> {
    const skipped = (page.page - 1) * page.size;
    if (page.page === 0 || page.size === 0 || skipped > Number.MAX_SAFE_INTEGER) return [];
    return socksOf(await this.rows<SockRow>(selectPage(filter, order, page)));
  }

  /** Counts the socks that pass the filter. */
  async count(filter: SockFilter): Promise<number> {
    const [row] = await this.rows<{ socks: number | string }>(countSocks(filter));
    return Number(row?.socks);
  }

  async find(id: string): Promise<ListedSock | undefined> {
    return socksOf(await this.rows<SockRow>(selectSock(id)))[0];
  }

  /** Returns the names of all tags, oldest first. */
  async tags(): Promise<string[]> {
    return (await this.rows<{ name: string }>(SELECT_TAGS)).map(({ name }) => name);
  }

  private rows<R>({ sql, values }: Statement): Promise<R[]> {
    return this.database.use((entities) => entities.query<R[]>(limited(sql), [...values]));
  }
}

/** Rows of one sock follow each other, in the order of its tags. A tag that is linked twice counts once. */
function socksOf(rows: readonly SockRow[]): ListedSock[] {
  const socks: ListedSock[] = [];
  let last: SockRow | undefined;
  for (const row of rows) {
    const { id, name, description, price, count } = row;
    if (id !== last?.id) {
      const imageUrl: [string, string] = [row.image_url_1, row.image_url_2];
      socks.push({ id, name, description, imageUrl, price, count, tag: [] });
    }
    const linkedTwice = id === last?.id && row.tag_id === last.tag_id;
    if (row.tag !== null && !linkedTwice) socks.at(-1)?.tag.push(row.tag);
    last = row;
  }
  return socks;
}
