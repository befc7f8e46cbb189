import type { Data } from './data.ts';
import { isHttp, isPageLoad, statusCode, text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';
import type { Span } from './span.ts';

/** Whether spans of HTTP have the attributes and names of the conventions. */
export function checkHttp(data: Data, found: Findings): void {
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { span } = node;
      forms(node, found);
      if (!isHttp(span) || (span.kind !== 'SERVER' && span.kind !== 'CLIENT')) continue;
      required(node, found);
      name(node, found);
    }
}

/** Old names count: they have a rule of their own. */
const OF_SERVER: readonly (readonly string[])[] = [
  ['http.request.method', 'http.method'],
  ['url.path', 'http.target', 'http.url', 'http.path'],
  ['url.scheme', 'http.scheme', 'http.url', 'http.path'],
];
const OF_CLIENT: readonly (readonly string[])[] = [
  ['http.request.method', 'http.method'],
  ['url.full', 'http.url', 'http.path', 'http.target'],
  [
    'server.address',
    'net.peer.name',
    'net.peer.ip',
    'http.host',
    'http.url',
    'http.path',
    'server.socket.address',
  ],
  ['server.port', 'net.peer.port', 'http.host', 'http.url', 'http.path'],
];

function required(node: Node, found: Findings): void {
  const { span } = node;
  const rule = span.kind === 'SERVER' ? 'T01a' : 'T02a';
  const missing = (span.kind === 'SERVER' ? OF_SERVER : OF_CLIENT)
    .filter((names) => text(span, ...names) === undefined)
    .map(([newest = '']) => newest);
  const isOld = text(span, 'http.path') !== undefined; // Zipkin's own libraries write the status of failures only
  const hasEnd = statusCode(span) !== undefined || text(span, 'error.type') !== undefined;
  const isWrong = text(span, 'http.response.status_code', 'http.status_code') !== undefined;
  if (!hasEnd && !isOld && !isWrong && span.status !== 'ERROR')
    missing.push('http.response.status_code');
  for (const attribute of missing)
    found.add(rule, `${attribute} is missing, first on ${span.service}`, node);
}

const METHODS = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'QUERY',
  '_OTHER',
]);

function name(node: Node, found: Findings): void {
  const { span } = node;
  const verb = text(span, 'http.request.method');
  if (verb === undefined || isPageLoad(span)) return; // of an old convention or a browser, with other names
  const start = verb === '_OTHER' ? 'http' : verb.toLowerCase();
  const template = span.kind === 'SERVER' ? text(span, 'http.route') : text(span, 'url.template');
  const given = span.name.toLowerCase();
  const wanted = template === undefined ? [start] : [start, `${start} ${template.toLowerCase()}`];
  if (span.kind === 'SERVER' && template !== undefined) wanted.shift();
  if (!wanted.includes(given))
    found.add('T03b', `${title(span)} instead of \`${wanted.at(-1) ?? ''}\``, node);
}

const WHOLE = new Set(
  ['http.response.status_code', 'http.request.resend_count', 'server.port', 'client.port'].concat(
    [
      'network.peer.port',
      'network.local.port',
      'http.request.body.size',
      'http.response.body.size',
    ],
    ['messaging.message.body.size', 'messaging.batch.message_count', 'process.pid', 'thread.id'],
    ['messaging.rabbitmq.message.delivery_tag', 'code.line.number', 'db.response.returned_rows'],
  ),
);
const TEXTS = new Set(
  [
    'http.request.method',
    'http.route',
    'url.full',
    'url.path',
    'url.query',
    'url.scheme',
    'url.template',
  ].concat(
    [
      'server.address',
      'client.address',
      'network.protocol.version',
      'user_agent.original',
      'error.type',
    ],
    ['db.system.name', 'db.namespace', 'db.collection.name', 'db.operation.name', 'db.query.text'],
    [
      'db.query.summary',
      'messaging.system',
      'messaging.destination.name',
      'messaging.operation.name',
    ],
    [
      'messaging.operation.type',
      'messaging.message.id',
      'messaging.message.conversation_id',
      'session.id',
    ],
    ['service.peer.name', 'db.response.status_code', 'rpc.method'],
  ),
);

function forms(node: Node, found: Findings): void {
  const { span } = node;
  for (const name of Object.keys(span.attributes)) {
    const wrong = WHOLE.has(name)
      ? notWhole(name, span)
      : TEXTS.has(name)
        ? notText(name, span)
        : undefined;
    if (wrong) found.add('T01b', `${name} ${wrong}`, node);
  }
  const verb = text(span, 'http.request.method');
  if (verb !== undefined && !METHODS.has(verb))
    found.add(
      'T01b',
      `http.request.method is none of the known methods, in capital letters, or _OTHER`,
      node,
    );
  if (verb === '_OTHER' && text(span, 'http.request.method_original') === undefined)
    found.add('T01b', 'http.request.method is _OTHER without http.request.method_original', node);
  const route = text(span, 'http.route');
  if (route !== undefined && /[?#]|^[a-z]+:\/\//i.test(route))
    found.add('T01b', 'http.route is not a template of a path', node);
  const requested = text(span, 'url.path');
  if (requested !== undefined && /[?#]|^[a-z]+:\/\//i.test(requested))
    found.add('T01b', 'url.path has more than the path', node);
  const query = text(span, 'url.query');
  if (query?.startsWith('?')) found.add('T01b', 'url.query begins with ?', node);
  const full = text(span, 'url.full');
  if (full !== undefined && !/^[a-z][\w+.-]*:/i.test(full))
    found.add('T01b', 'url.full is not an absolute URL', node);
  const scheme = text(span, 'url.scheme');
  if (scheme !== undefined && !/^[a-z][a-z\d+.-]*$/.test(scheme))
    found.add('T01b', 'url.scheme is not the name of a scheme', node);
  const address = text(span, 'server.address');
  if (
    address !== undefined &&
    /^[a-z]+:\/\/|^[^:]+:\d+$|\//i.test(address) &&
    !address.startsWith('/')
  )
    found.add('T01b', 'server.address has more than an address', node);
  const version = text(span, 'network.protocol.version');
  if (version !== undefined && /^[a-z]/i.test(version))
    found.add('T01b', 'network.protocol.version has the name of the protocol', node);
  const operation = text(span, 'messaging.operation.type');
  if (
    operation !== undefined &&
    !['create', 'send', 'receive', 'process', 'settle'].includes(operation)
  )
    found.add(
      'T01b',
      'messaging.operation.type is none of create, send, receive, process, settle',
      node,
    );
  const synthetic = text(span, 'user_agent.synthetic.type');
  if (synthetic !== undefined && synthetic !== 'bot' && synthetic !== 'test')
    found.add('T01b', 'user_agent.synthetic.type is neither bot nor test', node);
}

function notWhole(name: string, { attributes, form }: Span): string | undefined {
  const value = attributes[name];
  if (form === 'otlp' && typeof value === 'string') return 'is a text instead of a number';
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < 0) return 'is not a whole number';
  if (name === 'http.response.status_code' && (number < 100 || number > 599))
    return 'is not a status code';
  if (name.endsWith('.port') && (number < 1 || number > 65_535)) return 'is not a port';
  return undefined;
}

function notText(name: string, { attributes }: Span): string | undefined {
  const value = attributes[name];
  return typeof value === 'string' ? undefined : 'is not a text';
}
