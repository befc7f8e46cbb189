import { problem } from './problems.ts';
import { LOG, logLine } from './routing-rules.ts';

const BODY_BYTES = 1024 * 1024;
/** With the target. Node's limit is 16 KiB, and the router adds headers of its own. */
const HEAD_BYTES = 15 * 1024;

/** Texts; pictures are compressed already. */
const COMPRESSED = [
  'text/html',
  'text/css',
  'text/plain',
  'text/javascript',
  'application/javascript',
  'application/json',
  'application/hal+json',
  'application/problem+json',
  'image/svg+xml',
];

/** Where the front-end, or an original one, sends none. */
const SECURITY = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
};

/** What a request from outside meets before it is routed to the front-end. */
export function edgeRules(trusted: readonly string[]): string[] {
  return [
    LOG,
    `log-format '${logLine('info', 'request')}'`,
    'http-response set-var(txn.trace) res.hdr(x-trace-id)',
    'filter compression',
    'compression algo gzip',
    `compression type ${COMPRESSED.join(' ')}`,
    'http-request set-var(txn.service) str(front-end)',
    'http-request set-var(txn.client) src',
    ...forwarded(trusted),
    'http-request set-var(txn.head) req.hdrs,length',
    `http-request return ${problem(431)} if { url,length,add(txn.head) gt ${HEAD_BYTES} }`,
    `http-request return ${problem(413)} if { req.body_size gt ${BODY_BYTES} }`,
    // A body that drips costs a buffer here, and nothing behind.
    'http-request wait-for-body time 10s if { method POST PUT PATCH DELETE }',
    ...Object.entries(SECURITY).map(
      ([name, value]) =>
        `http-after-response set-header ${name} ${value} unless { res.hdr(${name}) -m found }`,
    ),
  ];
}

/** A client's own `X-Forwarded-…` would make it look like another one. */
function forwarded(trusted: readonly string[]): string[] {
  const unless = trusted.length > 0 ? ' unless trusted' : '';
  return [
    ...(trusted.length > 0
      ? [
          `acl trusted src ${trusted.join(' ')}`,
          'http-request set-var(txn.client) req.hdr_ip(x-forwarded-for,-1) if trusted { req.hdr(x-forwarded-for) -m found }',
        ]
      : []),
    `http-request del-header x-forwarded- -m beg${unless}`,
    `http-request del-header forwarded${unless}`,
    'http-request add-header x-forwarded-for %[src]',
    'http-request set-header x-forwarded-proto http unless { req.hdr(x-forwarded-proto) -m found }',
    'http-request set-header x-forwarded-host %[req.hdr(host)] if !{ req.hdr(x-forwarded-host) -m found } { req.hdr(host) -m found }',
  ];
}
