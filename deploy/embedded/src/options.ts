import { command, Option, path, text, whole } from '@sockshop/cli';
import { DEFAULT_PORT, HIGHEST_PORT } from '@sockshop/parts';
import { PROFILES } from '@sockshop/supervisor';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../../.sockshop/embedded');

export const START = command('npm start --')
  .description('Starts the whole shop in one process.')
  .option(
    '--port <N>',
    "the shop's port; the services behind it take the ports after it; 0: free ones",
    whole(0, HIGHEST_PORT),
    DEFAULT_PORT,
  )
  .option(
    '--trace-port <N>',
    "the trace store's port, which speaks the Zipkin API",
    whole(0, 65_535),
    9411,
  )
  .addOption(
    new Option('--host <ADDRESS>', 'the address that the shop and the trace store listen on')
      .argParser(text)
      .env('SHOP_HOST')
      .default('127.0.0.1'),
  )
  .addOption(
    new Option('--data <DIR>', 'folder of databases, session key and log')
      .argParser(path)
      .env('SHOP_DATA')
      .default(DATA, '.sockshop/embedded'),
  )
  .option(
    '--reset',
    'deletes these files and starts with fresh data; a folder with anything else in it is refused',
  )
  .addOption(
    new Option('--profile <NAME>', 'fast, or small: less memory, more processor time')
      .choices(PROFILES)
      .env('SHOP_PROFILE')
      .default('fast' as const),
  )
  .addHelpText('after', '\nCtrl-C stops everything.');

export interface EmbeddedOptions extends Omit<ReturnType<typeof START.opts>, 'reset'> {
  readonly reset?: boolean;
}
