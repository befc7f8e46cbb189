import { Random } from '@sockshop/loadtest';
import { EarliestFirst } from './earliest-first.ts';

/** A process: so many threads work at the same time, further work waits in order of arrival. A Node process has one. */
export interface Station {
  readonly name: string;
  readonly threads: number;
}

/** Work of a process, or a wait that takes no processor: a disk, a wake-up. */
export type Step =
  { readonly station: string; readonly cpuMs: number } | { readonly waitMs: number };

/** What one request does, one step after the other. `after` begins with the answer and does not delay it. */
export interface Flow {
  readonly steps: readonly Step[];
  readonly after: readonly Step[];
}

export interface Scenario {
  /** Of the machine, which all processes share: with more busy threads than cores each gets an equal part. */
  readonly cores: number;
  readonly stations: readonly Station[];
  readonly flow: Flow;
  /** Requests arrive independently of each other (a Poisson process), whatever became of those before. */
  readonly ratePerSecond: number;
  /**
   * How many must be answered. The first tenth is not counted: it finds an empty shop. Where more arrive than can be answered, it ends when
   * twice as many have arrived.
   */
  readonly requests: number;
  readonly seed: number;
  /** Of the work of a step around its mean. */
  readonly spread: 'fixed' | 'exponential';
}

export interface Outcome {
  readonly throughputPerSecond: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Mean number of busy cores. */
  readonly busyCores: number;
}

interface Job {
  /** Undefined for what is done after the answer. */
  readonly arrivedAt: number | undefined;
  readonly steps: readonly Step[];
  next: number;
  station?: Line;
}

/** A station at work. */
interface Line {
  readonly threads: number;
  busy: number;
  readonly waiting: { readonly job: Job; readonly ms: number }[];
  /** The first one that still waits: taking it out of the array would move all others. */
  head: number;
}

/** Plays the requests through the stations, event by event. The same scenario has the same outcome. */
export function simulate(scenario: Scenario): Outcome {
  return new Simulation(scenario).run();
}

class Simulation {
  private readonly random: Random;
  private readonly lines: Map<string, Line>;
  /** By the amount of work, in ms, that every busy thread has been given when theirs is done. */
  private readonly working = new EarliestFirst<Job>();
  private readonly resting = new EarliestFirst<Job>();
  private readonly latencies: number[] = [];
  private readonly skipped: number;
  private answered = 0;
  private now = 0;
  /** All busy threads run at the same speed, so one clock counts what each has been given. */
  private given = 0;
  private countedFrom = 0;
  private coreMs = 0;

  constructor(private readonly scenario: Scenario) {
    this.random = new Random(scenario.seed);
    this.skipped = Math.floor(scenario.requests / 10);
    this.lines = new Map(
      scenario.stations.map(({ name, threads }) => [
        name,
        { threads, busy: 0, waiting: [], head: 0 },
      ]),
    );
  }

  run(): Outcome {
    const { ratePerSecond, requests, flow } = this.scenario;
    let arrival = this.exponential(1000 / ratePerSecond);
    for (let arrived = 0; this.answered < requests && arrived < 2 * requests;) {
      const speed = this.speed();
      const done =
        this.working.size === 0
          ? Infinity
          : this.now + (this.working.earliest - this.given) / speed;
      const at = Math.min(arrival, done, this.resting.earliest);
      this.passTo(at, speed);
      if (at === done) this.finished();
      else if (at === arrival) {
        this.start({ arrivedAt: at, steps: flow.steps, next: 0 });
        arrival = at + this.exponential(1000 / ratePerSecond);
        arrived++;
      } else {
        const job = this.resting.take();
        if (job) this.start(job);
      }
    }
    return this.outcome();
  }

  private speed(): number {
    return Math.min(1, this.scenario.cores / this.working.size);
  }

  private passTo(at: number, speed: number): void {
    const ms = at - this.now;
    if (this.working.size > 0) this.given += ms * speed;
    this.coreMs += ms * Math.min(this.scenario.cores, this.working.size);
    this.now = at;
  }

  /** Does the job's next step, or answers. */
  private start(job: Job): void {
    const step = job.steps[job.next++];
    if (!step) {
      if (job.arrivedAt !== undefined) this.answer(job.arrivedAt);
      return;
    }
    if ('waitMs' in step) {
      this.resting.add(this.now + step.waitMs, job);
      return;
    }
    const line = this.lines.get(step.station);
    if (!line) throw new Error(`no station ${step.station}`);
    const { spread } = this.scenario;
    const ms = spread === 'fixed' ? step.cpuMs : this.exponential(step.cpuMs);
    job.station = line;
    if (line.busy < line.threads) this.work(line, job, ms);
    else line.waiting.push({ job, ms });
  }

  private work(line: Line, job: Job, ms: number): void {
    line.busy++;
    this.working.add(this.given + ms, job);
  }

  private finished(): void {
    const job = this.working.take();
    const line = job?.station;
    if (!job || !line) return;
    line.busy--;
    const next = line.waiting[line.head];
    if (next) {
      line.head++;
      if (line.head > 1000 && 2 * line.head > line.waiting.length) {
        line.waiting.splice(0, line.head);
        line.head = 0;
      }
      this.work(line, next.job, next.ms);
    }
    this.start(job);
  }

  private answer(arrivedAt: number): void {
    this.answered++;
    if (this.answered === this.skipped) {
      this.countedFrom = this.now;
      this.coreMs = 0;
    }
    if (this.answered > this.skipped) this.latencies.push(this.now - arrivedAt);
    this.start({ arrivedAt: undefined, steps: this.scenario.flow.after, next: 0 });
  }

  private exponential(mean: number): number {
    return -mean * Math.log(1 - this.random.next());
  }

  private outcome(): Outcome {
    const { latencies } = this;
    latencies.sort((one, other) => one - other);
    const ms = this.now - this.countedFrom;
    const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
    return {
      throughputPerSecond: (1000 * latencies.length) / ms,
      meanMs: latencies.reduce((sum, each) => sum + each, 0) / latencies.length,
      p50Ms: at(0.5),
      p95Ms: at(0.95),
      p99Ms: at(0.99),
      busyCores: this.coreMs / ms,
    };
  }
}
