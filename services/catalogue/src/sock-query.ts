import { z } from 'zod';

const SORTS = ['id', 'name', 'price', 'count', 'tag'] as const;

export interface Page {
  /** From 1. */
  readonly page: number;
  /** Socks on a page. */
  readonly size: number;
}

export interface SortOrder {
  /** `tag` is the sock's alphabetically first tag. Equal socks are in the order of their ids. */
  readonly by: (typeof SORTS)[number];
  readonly descending: boolean;
}

const NOT_NEGATIVE = { type: 'string', not: { pattern: '^-0*[1-9][0-9]*$' } };

/** Like Go's form reader, which the original used: takes the first of several values, and treats an empty value as none. */
const text = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat()[0] ?? '')
  .default('');

/** JSON Schema of such a text: the first of several values counts. */
function oneOrFirst(schema: Record<string, unknown>) {
  return [schema, { type: 'array', prefixItems: [schema], items: { type: 'string' } }];
}

/** As in the original, any other text counts as 0, and page 0 has no socks. Below 0 the original closed the connection; ours answers 400. */
const count = (otherwise: number) =>
  text
    .transform((given) => (given === '' ? otherwise : /^-?\d+$/.test(given) ? Number(given) : 0))
    .refine((number) => number >= 0, 'must be 0 or more')
    .transform((number) => Math.min(number, Number.MAX_SAFE_INTEGER))
    .meta({ anyOf: oneOrFirst(NOT_NEGATIVE) });

/** `blue,red`: socks with any of these; undefined: all socks. */
const tags = text.transform((given) => (given === '' ? undefined : [...new Set(given.split(','))]));

const LONGEST_SEARCH = 100;

/** `wool blue`: socks that contain all of these words; empty: all socks. */
const SHORT = { type: 'string', maxLength: LONGEST_SEARCH };
const words = text
  .refine(
    (given) => given.length <= LONGEST_SEARCH,
    `must have at most ${LONGEST_SEARCH} characters`,
  )
  .transform((given) =>
    [...new Set(given.toLowerCase().split(/\s+/))].filter((word) => word !== ''),
  );

/** `price`, `-price`, `price,desc`. Anything else sorts by id: the original accepted and ignored every value. */
const sortOrder = text.transform((given): SortOrder | undefined => {
  const [, minus, name, direction] =
    /^(-?)(\w+)(?:,(asc|desc))?$/.exec(given.trim().toLowerCase()) ?? [];
  const by = SORTS.find((known) => known === name);
  return by && { by, descending: minus === '-' || direction === 'desc' };
});

/** Selects socks with any of the tags and all of the words. */
const filter = {
  tags: tags.meta({
    description: 'Socks with any of these, separated by commas. Default: all socks.',
    examples: ['blue,red'],
  }),
  q: words.meta({
    anyOf: oneOrFirst(SHORT),
    description:
      'Socks that contain all of these words in their name, description or tags, in upper or lower case. At most 100 characters. Default: all socks.',
    examples: ['knitted colour'],
  }),
};
const page = count(1).meta({ description: 'From 1; page 0 has no socks.', examples: ['2'] });
const size = count(10).meta({ description: 'Socks on a page.', examples: ['6'] });
const sort = sortOrder.meta({
  description:
    '`id` (the default), `name`, `price`, `count` or `tag`; `-price` or `price,desc` for descending.',
  examples: ['price'],
});

export const SizeQuery = z.object(filter);
export type SockFilter = z.output<typeof SizeQuery>;

export const ListQuery = z
  .object({
    ...filter,
    page,
    size,
    sort,
    order: sortOrder.meta({ description: 'The same as `sort`; `sort` wins.' }),
  })
  .transform(({ page, size, sort, order, ...filter }) => ({
    filter,
    sortOrder: sort ?? order ?? { by: 'id' as const, descending: false },
    page: { page, size },
  }));
