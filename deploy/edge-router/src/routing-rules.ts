import type { ServiceName } from '@sockshop/parts';
import { problem } from './problems.ts';

/** How many milliseconds the caller still waits: PATIENCE_HEADER of @sockshop/tracing, which this package need not load. */
export const PATIENCE_HEADER = 'x-envoy-expected-rq-timeout-ms';

/** A line may have 1,024 bytes of a path, each written as six, and is cut off at the length that is given here. */
export const LOG = 'log stdout len 8192 format raw local0';

/** Of calls to a service: its name is that of the door, or the `Host` that the caller sent to the one mesh listener. */
export function meshEntry(): string[] {
  return [
    LOG,
    'option dontlog-normal', // calls have spans; only failures are of interest here
    `log-format '${logLine('warn', 'call failed')}'`,
    'http-response set-var(txn.trace) res.hdr(x-trace-id)',
    'http-request set-var(txn.service) so_name',
    'http-request set-var(txn.service) req.hdr(host),field(1,:) if { so_name mesh }',
    'http-request set-var(txn.client) src',
  ];
}

/** From a service's name in `txn.service`, and the client in `txn.client`, to an instance. */
export function routing(): string[] {
  return [
    'http-request set-var(txn.shares) var(txn.service),map_str(shares.map)',
    `http-request return ${problem(404)} unless { var(txn.shares) -m found }`,
    // Node breaks the connection on these, which would count as a failure of a healthy instance.
    `http-request return ${problem(501)} unless { method GET HEAD POST PUT PATCH DELETE OPTIONS }`,
    ...limits(),
    ...circuit(),
    ...variants(),
    ...draw(),
    // Only what is safe is sent again after it reached a server; a connection that failed is always tried again.
    'http-request disable-l7-retry unless { method GET HEAD OPTIONS }',
    'use_backend %[var(txn.backend)] if { var(txn.backend),nbsrv gt 0 }',
    'use_backend %[var(txn.backend),concat(.all)]',
  ];
}

/** What a backend does with each request. */
export function forwarding(service: ServiceName): string[] {
  if (service === 'front-end') return [];
  // An answer that comes later than the caller waits is a failure of the instance. A short patience says nothing about it.
  const left = `req.hdr(${PATIENCE_HEADER}),sub(20)`;
  return [`http-request set-timeout server ${left} if { ${left} ge 480 }`];
}

/** Per client and service. Refused requests do not count, so a client that asks too often still gets its share. */
function limits(): string[] {
  return [
    'acl limited var(txn.limit) -m int gt 0',
    'http-request set-var(txn.limit) var(txn.service),map_str_int(limits.map,0)',
    'http-request set-var(txn.limited) var(txn.client),concat(" ",txn.service) if limited',
    'http-request track-sc0 var(txn.limited) table limited if limited',
    `http-request return ${problem(429)} if limited { sc_gpc0_rate(0),sub(txn.limit) ge 0 }`,
    'http-request sc-inc-gpc0(0) if limited',
  ];
}

/**
 * `breakers.map` has `errors:hold:requests` of a service. Its entry of the table `guarded` has the count of failures, and three numbers: that count at
 * the last success, when the next trial may be, and the count at which the circuit opened.
 */
function circuit(): string[] {
  const open = 'the circuit of the service is open: too many calls failed';
  const busy = 'the service has as many requests as it may have';
  const opens = 'if guarded counts failed !known';
  const trial = 'if guarded counts failed { var(txn.until),sub(txn.now) le 0 }';
  return [
    'acl guarded var(txn.breaker) -m found',
    'acl counts var(txn.errors) -m int gt 0',
    'acl failed var(txn.failures),sub(txn.before),sub(txn.errors) ge 0',
    'acl known var(txn.failures),sub(txn.opened) eq 0',
    'http-request set-var(txn.breaker) var(txn.service),map_str(breakers.map)',
    'http-request track-sc1 var(txn.service) table guarded if guarded',
    'http-request set-var(txn.errors) var(txn.breaker),field(1,:) if guarded',
    'http-request set-var(txn.hold) var(txn.breaker),field(2,:) if guarded',
    'http-request set-var(txn.most) var(txn.breaker),field(3,:) if guarded',
    'http-request set-var(txn.failures) sc_http_fail_cnt(1) if guarded',
    'http-request set-var(txn.before) sc_get_gpt(0,1) if guarded',
    'http-request set-var(txn.opened) sc_get_gpt(2,1) if guarded',
    'http-request set-var(txn.now) date if guarded',
    `http-request sc-set-gpt(1,1) var(txn.now),add(txn.hold) ${opens}`,
    `http-request sc-set-gpt(2,1) var(txn.failures) ${opens}`,
    'http-request set-var(txn.until) sc_get_gpt(1,1) if guarded',
    `http-request return ${problem(503, open)} if guarded counts { var(txn.until),sub(txn.now) gt 0 }`,
    // One request at a time tries whether the service is back.
    `http-request set-var(txn.trial) bool(true) ${trial}`,
    `http-request sc-set-gpt(1,1) var(txn.now),add(txn.hold) ${trial}`,
    `http-request return ${problem(503, busy)} if guarded { var(txn.most) -m int gt 0 } { sc_conn_cur(1),sub(txn.most) gt 0 }`,
    'http-response sc-set-gpt(0,1) sc_http_fail_cnt(1) if guarded { status lt 500 }',
    'http-response sc-set-gpt(1,1) 0 if guarded { status lt 500 } { var(txn.trial) -m bool }',
  ];
}

/** Requests with the cookie or header of a variant have their version before any draw. */
function variants(): string[] {
  const some = 'if { var(txn.variant) -m found }';
  return [
    'http-request set-var(txn.variant) var(txn.service),map_str(variants.map)',
    `http-request set-var(txn.headers) req.hdrs ${some}`,
    `http-request set-var(txn.slot) var(txn.service),concat(" ",txn.headers),map_reg(variant-rules.map) ${some}`,
  ];
}

/**
 * `shares.map` has the slot that gets all requests, or `3000:9000:10000:123`: the draws of 10,000 below which each slot gets the request, and the slots
 * that get some. A version whose instances are all out gives its share to the others.
 */
function draw(): string[] {
  const slots = [1, 2, 3];
  return [
    'acl chosen var(txn.slot) -m found',
    'acl split var(txn.shares) -m sub :',
    'acl out var(txn.out) -m bool',
    'http-request set-var(txn.slot) var(txn.shares) if !chosen !split',
    'http-request set-var(txn.draw) rand(10000) if !chosen split',
    ...slots.flatMap((slot) => [
      `http-request set-var(txn.below) var(txn.shares),field(${slot},:) if !chosen split`,
      `http-request set-var(txn.slot) str(${slot}) if !chosen split { var(txn.draw),sub(txn.below) lt 0 }`,
    ]),
    'http-request set-var(txn.backend) var(txn.service),concat(.,txn.slot)',
    'http-request set-var(txn.out) bool(true) if split { var(txn.backend),nbsrv eq 0 }',
    ...slots.flatMap((slot) => [
      `http-request set-var(txn.other) var(txn.service),concat(.${slot}) if out`,
      `http-request set-var(txn.backend) var(txn.other) if out { var(txn.shares),field(4,:) -m sub ${slot} } { var(txn.other),nbsrv gt 0 }`,
    ]),
  ];
}

/** One line of JSON, as the services write it. */
export function logLine(level: 'info' | 'warn', message: string): string {
  const at = 'date(0,ms)'; // the same for the whole line
  const fields = [
    [
      'time',
      `"%[${at},div(1000),utime("%Y-%m-%dT%H:%M:%S")].%[${at},mod(1000),add(1000),regsub(^1,)]Z"`,
    ],
    ['level', `"${level}"`],
    ['service', '"edge-router"'],
    ['message', `"${message}"`],
    ['to', '"%[var(txn.service),bytes(0,40),json(utf8s)]"'],
    ['method', '"%[capture.req.method,json(utf8s)]"'],
    ['path', '"%[capture.req.uri,field(1,?),json(utf8s)]"'], // a query may have what a person typed
    ['status', '%ST'],
    ['ms', '%Ta'],
    ['bytes', '%B'],
    ['client', '"%[var(txn.client),json(utf8s)]"'],
    ['instance', '"%s"'],
    ['ended', '"%ts"'], // HAProxy's letters of how a session ended
    ['retries', '"%rc"'],
    ['trace_id', '"%[var(txn.trace,""),json(utf8s)]"'],
  ];
  return `{${fields.map(([name = '', value = '']) => `"${name}":${value}`).join(',')}}`;
}
