/** A UUID, a number, many hexadecimal digits, or letters and digits without sense: a value that differs from request to request. */
const ID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+|(?=\D*\d)[0-9a-f]{8,}|(?=(?:\D*\d){4})(?=[^a-z]*[a-z])[\w-]{20,}|[a-z_.-]{1,60}[-_.]\d{4,}|[\w.+%-]+@[\w-]+\.[\w.-]+)$/i;
/** Beside other words a short number is part of a name, such as that of a version. */
const LONG_ID =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{3,}|(?=\D*\d)(?=[^a-z]*[a-z])[0-9a-f]{8,}|(?=(?:\D*\d){6})(?=[^a-z]*[a-z])[\w-]{24,}|[a-z_.-]{1,60}[-_.]\d{4,}|[\w.+%-]+@[\w-]+\.[\w.-]+)$/i;

/** The text with `{id}` where an id stands; the same text where there is none. */
export function withoutIds(text: string): string {
  return text
    .slice(0, LONGEST)
    .split(/([\s/?&=:,;()'"<>[\]{}|]+)/)
    .map((word, index, words) => {
      if (index % 2 === 1 || word === '') return word;
      const inPath = words[index - 1]?.endsWith('/') === true;
      return (inPath ? ID : LONG_ID).test(word) ? '{id}' : word;
    })
    .join('')
    .replaceAll('{{id}}', '{id}');
}
const LONGEST = 1000;

export function hasId(text: string): boolean {
  const short = text.slice(0, LONGEST);
  return withoutIds(short) !== short;
}
