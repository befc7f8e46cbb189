/** One option of a command: `--name VALUE`, or `--name` alone. */
export interface Option<T> {
  /** What stands for the value in the help, such as `DIR`; undefined: the option takes none. */
  readonly value: string | undefined;
  readonly help: string;
  /** What holds without the option, as the help shows it. */
  readonly otherwise: string | undefined;
  /** Reads the values given, in their order; none where the option is missing. @throws UsageError */
  readonly read: (texts: readonly string[]) => T;
}

/** By their names in camelCase: `zipkinPort` is `--zipkin-port`. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** What the options of a command line say. */
export type Values<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer T> ? T : never;
};

type Read<T> = (text: string) => T;

/** An option without a value. */
export function flag(help: string): Option<boolean> {
  return { value: undefined, help, otherwise: undefined, read: (texts) => texts.length > 0 };
}

/** An option that has a value in any case. `shown` is what the help shows for `otherwise`. */
export function option<T>(
  value: string,
  help: string,
  read: Read<T>,
  otherwise: T,
  shown = String(otherwise),
): Option<T> {
  const last = (texts: readonly string[]): T => {
    const text = texts.at(-1);
    return text === undefined ? otherwise : read(text);
  };
  return { value, help, otherwise: shown, read: last };
}

/** An option whose value may be missing; `shown` is what the help says of that. */
export function optional<T>(
  value: string,
  help: string,
  read: Read<T>,
  shown?: string,
): Option<T | undefined> {
  return { ...option<T | undefined>(value, help, read, undefined), otherwise: shown };
}

/** An option that may be given several times. */
export function repeatable<T>(value: string, help: string, read: Read<T>): Option<readonly T[]> {
  return { value, help, otherwise: undefined, read: (texts) => texts.map(read) };
}
