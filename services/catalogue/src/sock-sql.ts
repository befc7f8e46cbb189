import type { Page, SockFilter, SortOrder } from './sock-query.ts';

/** A statement in the SQL that MySQL and SQLite share, and the values of its question marks. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** A sock with one of its tags; without a tag, both its fields are null. */
export interface SockRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly price: number;
  readonly count: number;
  readonly image_url_1: string;
  readonly image_url_2: string;
  readonly tag_id: number | null;
  readonly tag: string | null;
}

const COLUMNS =
  '`sock`.`sock_id` AS `id`, `sock`.`name`, `sock`.`description`, `sock`.`price`, `sock`.`count`, ' +
  '`sock`.`image_url_1`, `sock`.`image_url_2`, `tag`.`tag_id`, `tag`.`name` AS `tag`';
const WITH_TAGS =
  'LEFT JOIN `sock_tag` ON `sock_tag`.`sock_id` = `sock`.`sock_id` ' +
  'LEFT JOIN `tag` ON `tag`.`tag_id` = `sock_tag`.`tag_id`';
const TAGGED = 'FROM `sock_tag` JOIN `tag` ON `tag`.`tag_id` = `sock_tag`.`tag_id`';
const PLACES: Record<SortOrder['by'], string> = {
  id: '`sock`.`sock_id`',
  name: '`sock`.`name`',
  price: '`sock`.`price`',
  count: '`sock`.`count`',
  tag: `(SELECT MIN(\`tag\`.\`name\`) ${TAGGED} WHERE \`sock_tag\`.\`sock_id\` = \`sock\`.\`sock_id\`)`,
};

/** The rows of a page of the socks that pass the filter. A sock makes a row for each tag, so the inner query makes the page. */
export function selectPage(filter: SockFilter, order: SortOrder, { page, size }: Page): Statement {
  const { condition, values } = passing(filter);
  const direction = order.descending ? 'DESC' : 'ASC';
  const equals = order.by === 'id' ? '' : ', `id`'; // ids are unique, and one column lets the database walk its index
  return {
    sql:
      `SELECT ${COLUMNS} FROM \`sock\` JOIN (` +
      `SELECT \`sock\`.\`sock_id\` AS \`id\`, ${PLACES[order.by]} AS \`place\` FROM \`sock\`${condition} ` +
      `ORDER BY \`place\` ${direction}${equals} LIMIT ? OFFSET ?` +
      `) AS \`page\` ON \`page\`.\`id\` = \`sock\`.\`sock_id\` ${WITH_TAGS} ` +
      `ORDER BY \`page\`.\`place\` ${direction}, \`sock\`.\`sock_id\`, \`tag\`.\`tag_id\``,
    values: [...values, size, (page - 1) * size],
  };
}

/** The rows of one sock. */
export function selectSock(id: string): Statement {
  const sql = `SELECT ${COLUMNS} FROM \`sock\` ${WITH_TAGS} WHERE \`sock\`.\`sock_id\` = ? ORDER BY \`tag\`.\`tag_id\``;
  return { sql, values: [id] };
}

/** One row: how many socks pass the filter. */
export function countSocks(filter: SockFilter): Statement {
  const { condition, values } = passing(filter);
  return { sql: `SELECT COUNT(*) AS \`socks\` FROM \`sock\`${condition}`, values };
}

/** All tags, oldest first. */
export const SELECT_TAGS: Statement = {
  sql: 'SELECT `name` FROM `tag` ORDER BY `tag_id`',
  values: [],
};

/** One entry for each field of the filter, or it does not compile. INSTR, not LIKE: it has no wildcards. */
function passing({ tags, q }: SockFilter): { condition: string; values: string[] } {
  // Not EXISTS: looking up the tags of each sock in turn takes ten times as long to count 100,000.
  const hasTag = (condition: string) =>
    `\`sock\`.\`sock_id\` IN (SELECT \`sock_tag\`.\`sock_id\` ${TAGGED} WHERE ${condition})`;
  const holds = (column: string) => `INSTR(LOWER(${column}), ?) > 0`;
  const places = [
    holds('`sock`.`name`'),
    holds('`sock`.`description`'),
    hasTag(holds('`tag`.`name`')),
  ];
  const parts: Record<keyof SockFilter, [string, string[]][]> = {
    tags: tags ? [[hasTag(`\`tag\`.\`name\` IN (${tags.map(() => '?').join(', ')})`), tags]] : [],
    q: q.map((word) => [`(${places.join(' OR ')})`, places.map(() => word)]),
  };
  const all = Object.values(parts).flat();
  return {
    condition: all.length === 0 ? '' : ` WHERE ${all.map(([sql]) => sql).join(' AND ')}`,
    values: all.flatMap(([, values]) => values),
  };
}
