/** What a span's form does not allow, each once, in words without values. */
export class FlawList {
  private readonly found = new Set<string>();

  get list(): readonly string[] {
    return this.found.size === 0 ? NONE : [...this.found];
  }

  add(flaw: string): void {
    this.found.add(flaw);
  }

  /** The id in small letters; empty where there is none. */
  id(value: unknown, field: string, digits: readonly number[]): string {
    if (typeof value !== 'string' || value === '') {
      this.add(`${field} is missing`);
      return '';
    }
    const id = value.toLowerCase();
    if (!/^[0-9a-f]*$/.test(id)) this.add(`${field} is not hexadecimal`);
    else if (!digits.includes(id.length))
      this.add(`${field} does not have ${digits.join(' or ')} digits`);
    else if (id !== value) this.add(`${field} has capital letters`);
    if (/^0+$/.test(id)) this.add(`${field} is all zeros`);
    return id;
  }
}

const NONE: readonly string[] = [];
