/** What runs a command that is built: the program, its parameters, and all variables. */
export interface CommandLaunch {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As `npm run NAME -- WORDS` runs it, without looking whether it is built. */
export function launchOf(name: string, words?: readonly string[]): CommandLaunch;
