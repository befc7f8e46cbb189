type Params = Readonly<Record<string, string>>;
type Query = Readonly<Record<string, string | number | undefined>>;

/** The path of a route, `/carts/{id}/items`, taken apart once. */
export class PathTemplate {
  /** Texts and names in turn. */
  private readonly parts: readonly string[];

  constructor(
    prefix: string,
    private readonly path: string,
  ) {
    this.parts = `${prefix}${path}`.split(/\{(\w+)\}/);
  }

  /** The path with its names replaced by encoded values, and the query. @throws Error when a value is missing. */
  filled(params: Params = {}, query?: Query): string {
    let filled = '';
    this.parts.forEach((part, index) => {
      filled += index % 2 === 0 ? part : encodeURIComponent(this.value(part, params));
    });
    return query === undefined ? filled : filled + search(query);
  }

  private value(name: string, params: Params): string {
    const value = params[name];
    if (value === undefined) throw new Error(`no value for {${name}} of ${this.path}`);
    return value.toWellFormed(); // encodeURIComponent throws for half of a surrogate pair
  }
}

function search(query: Query): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, String(value));
  }
  return given.size > 0 ? `?${given.toString()}` : '';
}
