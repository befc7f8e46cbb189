import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
} from '@commander-js/extra-typings';
import { SecretFileError } from '@sockshop/secrets';
import { fileProblem } from './file-problem.ts';

export { Argument, Option } from '@commander-js/extra-typings';
export { InvalidArgumentError };

/** The command line is wrong; the message says what and, where a word was probably meant, which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly usage: string;

  constructor(message: string, usage: string) {
    super(message);
    this.usage = usage;
  }
}

/** The command cannot do its work; the message says why and, where there is something, what to do. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** A method of Commander's that its types leave out. */
interface Suggesting {
  unknownOption(flag: string): never;
}

class ShopCommand extends Command {
  override createCommand(name?: string): Command {
    return new ShopCommand(name);
  }

  override error(message: string, { code }: { code?: string } = {}): never {
    // A required option that was misspelt is unknown rather than missing.
    const unknown = this.args.find((word) => word.startsWith('-'));
    if (code === 'commander.missingMandatoryOptionValue' && unknown !== undefined) {
      (this as unknown as Suggesting).unknownOption(unknown);
    }
    throw new UsageError(message, this.createHelp().commandUsage(this));
  }
}

/** A command line that describes itself; `call` is how a person calls it, such as `npm start --`. */
export function command(call: string): Command {
  return new ShopCommand(call)
    .exitOverride()
    .helpCommand(false)
    .addHelpText('beforeAll', refuseUnknown);
}

/**
 * Runs what the command line asks for and sets the exit code: 2 for a wrong command line, 1 for anything else that fails, each with a
 * message (one line for a file that cannot be used); a command that succeeds may set its own.
 */
export async function run(
  program: CommandUnknownOpts,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return; // the help
      console.error('\nGive one of these commands.'); // the help stands above
      process.exitCode = 2;
    } else if (error instanceof UsageError) {
      console.error(`${error.message}\n\nUsage: ${error.usage}\n\n--help lists the options.`);
      process.exitCode = 2;
    } else {
      const known = error instanceof CommandError || error instanceof SecretFileError;
      console.error(known ? error.message : (fileProblem(error) ?? error));
      process.exitCode = 1;
    }
  }
}

/** Commander shows the help beside any words. Ours stand in documentation, where a test asks for it to learn whether they exist. */
function refuseUnknown({ command }: { command: CommandUnknownOpts }): string {
  const end = command.args.indexOf('--');
  const [word, ...others] = command.args
    .slice(0, end === -1 ? undefined : end)
    .filter((each) => each !== '--help' && each !== '-h');
  const option = [word, ...others].find((each) => each?.startsWith('-'));
  if (option !== undefined) command.error(`error: unknown option '${option}'`);
  if (word !== undefined && command.commands.length > 0)
    command.error(`error: unknown command '${word}'`);
  return '';
}
