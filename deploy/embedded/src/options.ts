import { flag, option, path, text, type Values, whole } from '@sockshop/cli';
import { DEFAULT_PORT, HIGHEST_PORT } from '@sockshop/parts';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '../../../.sockshop/embedded');

export const START = {
  call: 'npm start --',
  options: {
    port: option(
      'N',
      "the shop's port; the services behind it take the ports after it; 0: free ones",
      whole(0, HIGHEST_PORT),
      DEFAULT_PORT,
    ),
    tracePort: option(
      'N',
      "the trace store's port, which speaks the Zipkin API",
      whole(0, 65_535),
      9411,
    ),
    host: option(
      'ADDRESS',
      'the address that the shop and the trace store listen on',
      text,
      '127.0.0.1',
    ),
    data: option(
      'DIR',
      'folder of databases, session key and log',
      path,
      DATA,
      '.sockshop/embedded',
    ),
    reset: flag('deletes them and starts with fresh data'),
  },
  about: 'Starts the whole shop in one process.',
  notes: 'Ctrl-C stops everything.',
};

export type EmbeddedOptions = Values<typeof START.options>;
