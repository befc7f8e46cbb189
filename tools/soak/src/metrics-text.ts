/** The values of a Prometheus text, by name and labels. */
export class MetricsText {
  private readonly lines: readonly string[];

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  /** The sum of the series of this name that have all these labels; undefined where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    const values = this.lines
      .filter((line) => line.startsWith(name) && [' ', '{'].includes(line.charAt(name.length)))
      .filter((line) =>
        wanted.every((pair) => line.includes(`{${pair}`) || line.includes(`,${pair}`)),
      )
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    return values.length === 0 ? undefined : values.reduce((sum, each) => sum + each, 0);
  }
}
