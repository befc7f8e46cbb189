/** What an answer of the control socket says about a command that was refused or failed. The status is HTTP's. */
export class MeshError extends Error {
  override readonly name = 'MeshError';

  constructor(
    readonly status: 400 | 404 | 409 | 500,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
