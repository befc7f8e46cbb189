import { CommandError } from '@sockshop/cli';

/** The router cannot do what it was asked. The message says why, to a person. */
export class RouterError extends CommandError {
  override readonly name = 'RouterError';
}
