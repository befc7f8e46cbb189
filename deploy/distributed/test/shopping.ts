/** The cookies of the customer that every shop has. */
export async function logIn(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from('user:password').toString('base64')}`;
  const response = await fetch(`${url}/login`, { headers: { authorization } });
  if (!response.ok) throw new Error(`login answered ${response.status}`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

/** One call of the public API. */
export function call(
  url: string,
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Response> {
  const headers = { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return fetch(url + path, init);
}
