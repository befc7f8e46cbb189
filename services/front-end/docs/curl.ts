import { type Document, exampleOf, type Parameter, type Route } from './openapi.ts';

export type Values = Record<string, string>;

/** What the fields start with: examples, but nothing that may be left out. */
export function firstValues(route: Route): Values {
  const needed = (route.parameters ?? []).filter(({ required }) => required);
  return Object.fromEntries(needed.map((parameter) => [parameter.name, exampleFor(parameter)]));
}

export function exampleFor({ example, schema }: Parameter): string {
  const value = example ?? schema.examples?.[0] ?? schema.default ?? '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The path and query with the values in their places. */
export function urlOf({ path, parameters = [] }: Route, values: Values): string {
  const filled = path.replace(/\{(\w+)\}/g, (place, name: string) => {
    const value = values[name] ?? '';
    return value === '' ? place : encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const { in: where, name } of parameters) {
    if (where === 'query' && values[name]) query.set(name, values[name]);
  }
  const text = query.toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** The same request for a shell, cookies in a file. */
export function curlOf(route: Route, values: Values, document: Document, origin: string): string {
  const { method, parameters = [], requestBody, security } = route;
  const schemes = (security ?? []).flatMap((each) => Object.keys(each));
  const words = ['curl'];
  if (method !== 'GET') words.push('-X', method);
  if (schemes.includes('basic')) words.push('-u', 'user:password');
  words.push('-b', 'cookies.txt', '-c', 'cookies.txt');
  for (const { in: where, name } of parameters) {
    if (where === 'header' && values[name]) words.push('-H', quoted(`${name}: ${values[name]}`));
  }
  const body = requestBody?.content['application/json']?.schema;
  if (body) {
    words.push('-H', quoted('content-type: application/json'));
    words.push('-d', quoted(JSON.stringify(exampleOf(body, document))));
  }
  return [...words, quoted(origin + urlOf(route, values))].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
