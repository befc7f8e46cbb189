interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly state?: string;
  readonly lastError?: string;
  readonly file: string;
}

/** Prometheus' HTTP API. */
export class PrometheusApi {
  constructor(private readonly url: string) {}

  /** The values of a query at a time, in seconds since 1970; those that are no numbers are left out. @throws Error with Prometheus' words */
  async query(query: string, time: number): Promise<number[]> {
    const { result } = await this.ask<{ result: Sample[] }>('query', { query, time: String(time) });
    return result
      .map(({ value: [, text] }) => Number(text))
      .filter((value) => !Number.isNaN(value));
  }

  /** The sum of the values; 0 where there is none. */
  async sum(query: string, time: number): Promise<number> {
    const values = await this.query(query, time);
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Trace ids of the exemplars of a query. */
  async exemplars(query: string, start: number, end: number): Promise<string[]> {
    const range = { start: String(start), end: String(end) };
    const series = await this.ask<{ exemplars: { labels: Record<string, string> }[] }[]>(
      'query_exemplars',
      { query, ...range },
    );
    return series.flatMap(({ exemplars }) =>
      exemplars.flatMap(({ labels }) => labels['trace_id'] ?? []),
    );
  }

  /** Every rule, with the file that has it. */
  async rules(): Promise<Rule[]> {
    const { groups } = await this.ask<{ groups: { file: string; rules: Omit<Rule, 'file'>[] }[] }>(
      'rules',
      {},
    );
    return groups.flatMap(({ file, rules }) => rules.map((rule) => ({ ...rule, file })));
  }

  /** Of each name how many targets answer, and how many there are. */
  async targets(): Promise<{ name: string; health: string; lastError: string }[]> {
    const { activeTargets } = await this.ask<{
      activeTargets: { labels: { name?: string }; health: string; lastError: string }[];
    }>('targets', { state: 'active' });
    return activeTargets.map(({ labels, health, lastError }) => ({
      name: labels.name ?? '',
      health,
      lastError,
    }));
  }

  private async ask<T>(what: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(
      `${this.url}/api/v1/${what}?${new URLSearchParams(parameters).toString()}`,
    );
    const answer = (await response.json()) as { data?: T; error?: string }; // its API's envelope
    if (answer.data === undefined) throw new Error(answer.error ?? `status ${response.status}`);
    return answer.data;
  }
}
