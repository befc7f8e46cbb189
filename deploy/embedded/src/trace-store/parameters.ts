/** The parameters of a query string. A repeated parameter is a list. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>;

/** A mistake of the caller: status 400 with the message as body. */
export class BadRequestError extends Error {}

/** Like Zipkin, reads the first of several values. */
export function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value[0] : value;
}

export function requiredText(parameters: Parameters, name: string): string {
  const value = textOf(parameters, name);
  if (value === undefined) {
    throw new BadRequestError(`Mandatory parameter/header/attribute is missing: ${name}`);
  }
  return value;
}

/** An empty value counts as absent, as in Zipkin. */
export function longOf(
  parameters: Parameters,
  name: string,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = textOf(parameters, name);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || Math.abs(value) > most) {
    throw new BadRequestError(`For input string: "${text}"`);
  }
  return value;
}

export function requiredLong(parameters: Parameters, name: string): number {
  requiredText(parameters, name);
  const value = longOf(parameters, name);
  if (value === undefined) throw new BadRequestError(`${name} is empty`);
  return value;
}
