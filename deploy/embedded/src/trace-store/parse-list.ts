import { MalformedError, type Span } from './span.ts';

/** Exporters send some hundred at a time. */
const MOST_SPANS = 20_000;

const EXPECTED = 'a JSON list of spans';

export function parseJsonText(body: string, expected: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new MalformedError(`Expected ${expected}`, { cause });
  }
}

/** The spans of a JSON list, of which each item may be several. An error names the item. */
export function parseJsonList(body: string, parse: (item: unknown) => Span[]): Span[] {
  if (body === '') return [];
  const list = parseJsonText(body, EXPECTED);
  if (!Array.isArray(list)) throw new MalformedError(`Expected ${EXPECTED}`);
  return parseEach(list, parse);
}

/** The same for items that are parsed already. */
export function parseEach<T>(list: readonly T[], parse: (item: T) => Span[]): Span[] {
  if (list.length > MOST_SPANS) throw new MalformedError(`more than ${MOST_SPANS} spans`);
  return list.flatMap((item, index) => {
    try {
      return parse(item);
    } catch (cause) {
      if (!(cause instanceof MalformedError)) throw cause;
      throw new MalformedError(`Cannot read span ${index}: ${cause.message}`, { cause });
    }
  });
}
