import { isIPv4, isIPv6 } from 'node:net';
import { parseInteger, parseObject, parseText } from './parse-json.ts';
import { MalformedError, type Endpoint } from './span.ts';

/** Puts an address into the right field, whichever one it came in, and drops malformed addresses. */
export function parseEndpoint(value: unknown, field: string): Endpoint | undefined {
  const json = parseObject(value, field);
  const name = json['serviceName'] ?? '';
  const port = parseInteger(json['port'] ?? 0, `${field}.port`);
  if (port > 0xffff) throw new MalformedError(`invalid port ${port}`);
  const serviceName = parseText(name, `${field}.serviceName`).toLowerCase();
  const endpoint: Endpoint = {
    ...(serviceName && { serviceName }),
    ...parseIp(parseText(json['ipv4'] ?? '', `${field}.ipv4`)),
    ...parseIp(parseText(json['ipv6'] ?? '', `${field}.ipv6`)),
    ...(port > 0 && { port }),
  };
  return Object.keys(endpoint).length > 0 ? endpoint : undefined;
}

function parseIp(text: string): Pick<Endpoint, 'ipv4' | 'ipv6'> {
  const [, embedded = ''] = /^::(?:[f0]{4}:)?([\d.]+)$/i.exec(text) ?? [];
  if (isIPv4(embedded)) return { ipv4: embedded };
  if (isIPv4(text)) return { ipv4: text };
  if (!isIPv6(text) || text.includes('%')) return {};
  return { ipv6: new URL(`http://[${text}]`).hostname.slice(1, -1) }; // the short form, lower case
}
