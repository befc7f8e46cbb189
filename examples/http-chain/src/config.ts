type Env = Readonly<Record<string, string | undefined>>;

/** The variables of one service. The names of the classes that use it are Nest's tokens. */
export class ChainConfig {
  constructor(
    readonly name: string,
    readonly port: number,
    /** Own work before the answer, or before the call of the next service. */
    readonly delayMs: number,
    /** Undefined: it is the last one. */
    readonly nextUrl: string | undefined,
  ) {}

  /** PORT, DELAY_MS and NEXT_URL replace the defaults. @throws Error naming the variable that is wrong */
  static from(env: Env, defaults: ChainConfig): ChainConfig {
    return new ChainConfig(
      defaults.name,
      whole(env, 'PORT', defaults.port),
      whole(env, 'DELAY_MS', defaults.delayMs),
      defaults.nextUrl && (env['NEXT_URL'] ?? defaults.nextUrl),
    );
  }
}

function whole(env: Env, name: string, otherwise: number): number {
  const text = env[name] ?? '';
  if (text === '') return otherwise;
  if (!/^\d+$/.test(text)) throw new Error(`${name}: not a whole number`);
  return Number(text);
}
