import { readFileSync } from 'node:fs';

export type Env = Readonly<Record<string, string | undefined>>;

/** A setting that is not understood, and what was done instead. It goes to the service's log. */
export interface SettingWarning {
  readonly variable: string;
  readonly problem: string;
}

/** What a timeout of 0 means: none that anyone waits for. Timers cannot wait longer than 2³¹ − 1 ms. */
export const NO_LIMIT_MS = 2_000_000_000;
const LARGEST = 2 ** 31 - 1;

/**
 * Reads variables as OpenTelemetry's specification has it: an empty one counts as absent, names of a set may be in any case, and what is not
 * understood is ignored with a warning. No value throws: telemetry must not stop a service.
 */
export class Environment {
  private readonly found: SettingWarning[] = [];

  constructor(private readonly env: Env) {}

  get warnings(): readonly SettingWarning[] {
    return this.found;
  }

  warn(variable: string, problem: string): void {
    const known = this.found.some((one) => one.variable === variable && one.problem === problem);
    if (!known) this.found.push({ variable, problem });
  }

  text(variable: string): string | undefined {
    const value = this.env[variable]?.trim();
    return value === '' ? undefined : value;
  }

  /** The first of these variables that is set. */
  firstOf(...variables: [string, ...string[]]): string {
    const set = variables.filter((name) => this.text(name) !== undefined);
    return set[0] ?? variables[0];
  }

  /** True only for `true`, in any case. */
  boolean(variable: string, otherwise = false): boolean {
    const value = this.text(variable)?.toLowerCase();
    if (value === 'true' || value === 'false') return value === 'true';
    if (value !== undefined) this.warn(variable, `neither true nor false: ${otherwise} is used`);
    return otherwise;
  }

  /** A whole number from `least` on. */
  whole<T>(variable: string, otherwise: T, least = 0): number | T {
    const value = this.text(variable);
    if (value === undefined) return otherwise;
    const number = Number(value);
    if (/^\+?\d+$/.test(value) && number >= least && number <= LARGEST) return number;
    this.warn(variable, `not a whole number from ${least}: ignored`);
    return otherwise;
  }

  /** Milliseconds, of which 0 are no limit. */
  timeout(variable: string, otherwise: number): number {
    const ms = this.whole(variable, otherwise);
    return ms === 0 ? NO_LIMIT_MS : ms;
  }

  /** A share from 0 to 1. */
  share(variable: string): number | undefined {
    const value = this.text(variable);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (number >= 0 && number <= 1) return number;
    this.warn(variable, 'not a number from 0 to 1: ignored');
    return undefined;
  }

  choice<T extends string>(variable: string, known: readonly T[], otherwise: T): T {
    const value = this.text(variable)?.toLowerCase();
    if (value === undefined) return otherwise;
    const name = known.find((each) => each === value);
    if (name === undefined) this.warn(variable, `unknown value ${value}: ${otherwise} is used`);
    return name ?? otherwise;
  }

  /** The names of a list that are known. Undefined where the variable is absent, or none of its names is known. */
  choices<T extends string>(variable: string, known: readonly T[]): T[] | undefined {
    const names = (this.text(variable) ?? '').split(',').map((name) => name.trim().toLowerCase());
    const found = names.flatMap((name) => {
      const match = known.find((each) => each === name);
      if (match === undefined && name !== '') this.warn(variable, `unknown value ${name}: ignored`);
      return match ?? [];
    });
    return found.length === 0 ? undefined : [...new Set(found)];
  }

  /** A list of names, which are tokens of HTTP; `none` for an empty one. Undefined where the variable is absent. */
  names(variable: string): string[] | undefined {
    const given = this.text(variable);
    if (given === undefined) return undefined;
    const names = given.split(',').map((name) => name.trim());
    const wrong = names.find((name) => !/^[\w!#$%&'*+.^`|~-]*$/.test(name));
    if (wrong !== undefined) {
      this.warn(variable, `${wrong} is no name: ignored`);
      return undefined;
    }
    return names.filter((name) => name !== '' && name.toLowerCase() !== 'none');
  }

  /** `key=value` pairs, percent-encoded. One that cannot be read discards them all. */
  pairs(variable: string): Record<string, string> | undefined {
    const given = this.text(variable);
    if (given === undefined) return undefined;
    const parts = given.split(',').filter((part) => part.trim() !== '');
    try {
      return Object.fromEntries(parts.map(pair));
    } catch {
      this.warn(variable, 'not a list of key=value, percent-encoded: ignored');
      return undefined;
    }
  }

  /** An `http` or `https` URL. `whole` completes what stands for one. */
  url(variable: string, whole: (place: string) => string = (place) => place): URL | undefined {
    const place = this.text(variable);
    if (place === undefined) return undefined;
    const complete = whole(place);
    if (/^https?:\/\//i.test(complete) && URL.canParse(complete)) return new URL(complete);
    this.warn(variable, 'not an HTTP URL: ignored');
    return undefined;
  }

  /** The content of the file that it names. */
  file(variable: string): Buffer | undefined {
    const path = this.text(variable);
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      this.warn(variable, `no file that can be read (${code}): ignored`);
      return undefined;
    }
  }
}

function pair(part: string): [string, string] {
  const at = part.indexOf('=');
  const key = part.slice(0, at).trim();
  if (at < 0 || key === '') throw new Error('no key=value');
  return [decodeURIComponent(key), decodeURIComponent(part.slice(at + 1).trim())];
}
