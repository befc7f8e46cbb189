import { SERVICE_NAMES, type ServiceName } from '@sockshop/parts';
import { edgeRules } from './edge-rules.ts';
import { PROBLEMS } from './problems.ts';
import { forwarding, meshEntry, routing } from './routing-rules.ts';

/** The names of the files that the configuration reads from its own folder, and that a command changes while HAProxy runs. */
export const MAPS = {
  shares: 'shares.map',
  limits: 'limits.map',
  breakers: 'breakers.map',
  variants: 'variants.map',
  variantRules: 'variant-rules.map',
} as const;

/** Versions of a service that run at the same time at most: each is a backend. */
export const SLOTS = [1, 2, 3] as const;
export type Slot = (typeof SLOTS)[number];

/**
 * Of health checks, and of what ejects an instance: it comes back after three good checks, in about five seconds. A good check begins the count
 * of failures anew, so they must be rare: of an instance that hangs, few calls end between two of them.
 */
export const CHECK = [
  'check inter 10s fastinter 1s downinter 2s rise 3 fall 2',
  'observe layer7 error-limit 5 on-error mark-down', // five failures in a row
].join(' ');

export interface Place {
  /** Addresses as HAProxy's `bind` takes them, such as `127.0.0.1:8080`. */
  readonly edge: string;
  readonly statistics: string;
  readonly mesh: string;
  readonly doors: Readonly<Partial<Record<ServiceName, string>>>;
  /** Addresses and subnets whose `X-Forwarded-…` headers are believed. */
  readonly trusted: readonly string[];
  /** Lines of the section `global` and others that only this way of running needs. */
  readonly global: readonly string[];
  readonly sections?: readonly string[];
  /** Lines that name the instances of a version. */
  readonly instances: (service: ServiceName, slot: Slot) => BackendLines;
}

/** The same instances twice. */
export interface BackendLines {
  readonly checked: readonly string[];
  /** Where every checked one is out, all get requests: as if nothing had been checked. */
  readonly unchecked: readonly string[];
}

/** The name of the backend that a version of a service has. */
export function backendOf(service: ServiceName, slot: Slot): string {
  return `${service}.${slot}`;
}

/** The whole configuration: one text for the distributed way and for containers, which differ in what {@link Place} says. */
export function configuration(place: Place): string {
  return `${[
    section('global', [
      'maxconn 4096',
      'noreuseport', // a second router on a port must fail, and not share its requests
      'hard-stop-after 30s',
      'tune.bufsize 32768', // too large headers must be read to be refused by 431
      ...place.global,
    ]),
    ...(place.sections ?? []),
    section('defaults', [
      'mode http',
      'option abortonclose', // a caller that leaves ends the call
      'option redispatch 1',
      'option http-keep-alive',
      'retries 2',
      'retry-on conn-failure empty-response',
      'timeout connect 2s',
      'timeout queue 2s',
      'timeout client 60s',
      'timeout server 60s',
      'timeout http-request 10s',
      'timeout http-keep-alive 60s',
      'timeout check 1s',
      'maxconn 4096',
      ...PROBLEMS,
    ]),
    section('frontend edge', [`bind ${place.edge}`, ...edgeRules(place.trusted), ...routing()]),
    section('frontend mesh', [
      `bind ${place.mesh} name mesh`,
      ...Object.entries(place.doors).map(([service, address]) => `bind ${address} name ${service}`),
      ...meshEntry(),
      ...routing(),
    ]),
    section('frontend statistics', [
      `bind ${place.statistics}`,
      'http-request use-service prometheus-exporter if { path /metrics }',
      'http-request return status 200 content-type text/plain string ok if { path /healthz }',
      'stats enable',
      'stats uri /',
      'stats refresh 5s',
      'stats hide-version',
    ]),
    section('backend limited', [
      'stick-table type string len 96 size 100k expire 10s store gpc0,gpc0_rate(1s)',
    ]),
    section('backend guarded', [
      'stick-table type string len 32 size 64 store gpt(3),http_fail_cnt,conn_cur',
    ]),
    ...SERVICE_NAMES.flatMap((service) => SLOTS.flatMap((slot) => version(place, service, slot))),
  ].join('\n\n')}\n`;
}

function version(place: Place, service: ServiceName, slot: Slot): string[] {
  const { checked, unchecked } = place.instances(service, slot);
  const name = backendOf(service, slot);
  // The better of two: after a refused connection the next one is tried at once, which HAProxy does not do where the fewest connections decide.
  const rules = ['balance random', ...forwarding(service)];
  return [
    section(`backend ${name}`, [...rules, 'option httpchk GET /readyz', ...checked]),
    // One of them may be well, and another one gone. The connection's time is also the pause before the only instance is tried again.
    section(`backend ${name}.all`, [...rules, 'retries 1', 'timeout connect 250ms', ...unchecked]),
  ];
}

function section(head: string, lines: readonly string[]): string {
  return [head, ...lines.map((line) => `  ${line}`)].join('\n');
}
