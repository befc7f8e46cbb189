import { command, InvalidArgumentError, Option, path, text } from '@sockshop/cli';
import { LEVELS } from '@sockshop/log-lines';
import { SERVICE_NAMES } from '@sockshop/parts';
import { DEFAULT_DIR } from '@sockshop/supervisor';

export const PROGRAM = command('npm run logs --')
  .description('Finds lines in the logs of all services, in the order of time. Options combine.')
  .option('--trace <ID>', 'lines of this trace: 32 or 16 hex digits, or a traceparent', traceId)
  .option('--order <ID>', 'lines about this order, from the click to the parcel', orderId)
  .option('--service <NAME>', `of ${SERVICE_NAMES[0]}, …, or one instance of it`, text)
  .addOption(new Option('--level <LEVEL>', 'of this level or worse').choices(LEVELS))
  .option('--since <TIME>', 'not older than 90s, 5m, 2h or 1d, or since 2026-01-31T12:00Z', since)
  .option('--grep <PATTERN>', 'lines that match this regular expression, in any case', pattern)
  .option('--follow', 'then prints each new line, until Ctrl-C')
  .option('--json', 'prints each line as the service wrote it')
  .addOption(
    new Option('--dir <DIR>', "the shop's folder, as for npm run status")
      .argParser(path)
      .default(DEFAULT_DIR, '.sockshop'),
  )
  .addOption(
    new Option(
      '--data <DIR>',
      'the --data of npm start (default: embedded, in the --dir)',
    ).argParser(path),
  )
  .addHelpText('after', '\nExit code: 0 lines were found, 1 none were, 2 a wrong command line.');
export type LogOptions = ReturnType<typeof PROGRAM.opts>;

function traceId(given: string): string {
  const [, ofParent] = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/i.exec(given) ?? [];
  const id = (ofParent ?? given).toLowerCase();
  if (/^([0-9a-f]{16}){1,2}$/.test(id)) return id;
  throw new InvalidArgumentError('Give 32 or 16 hex digits, such as the x-trace-id of a response.');
}

function orderId(given: string): string {
  if (/^[\w-]{1,64}$/.test(given)) return given;
  throw new InvalidArgumentError("Give an order's id, as its page shows it.");
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds since 1970. */
function since(given: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(given) ?? [];
  const ago = Number(number) * (UNITS[unit] ?? Number.NaN);
  const at =
    Number.isNaN(ago) && /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Date.now() - ago;
  if (Number.isNaN(new Date(at).getTime()))
    // also of a time that no calendar has
    throw new InvalidArgumentError('Give 90s, 5m, 2h, 1d or a time.');
  return at;
}

function pattern(given: string): RegExp {
  try {
    return new RegExp(text(given), 'i');
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InvalidArgumentError(`It is no regular expression: ${error.message}.`);
    throw error;
  }
}
