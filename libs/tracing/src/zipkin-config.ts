import type { Environment } from './environment.ts';

/**
 * Where Zipkin's spans go, by OpenTelemetry's and the original shop's variables; undefined: nowhere. `wants`: named as an exporter,
 * so the specification's local end point is meant where nothing else is given.
 */
export function zipkinUrl(env: Environment, wants: boolean): string | undefined {
  const enabled = [
    env.boolean('ZIPKIN_ENABLED', true),
    env.boolean('SPRING_ZIPKIN_ENABLED', true),
    javaBoolean(env, 'spring.zipkin.enabled', true),
  ];
  const java = javaOption(env, 'spring.zipkin.baseUrl');
  const places = [
    env.url('OTEL_EXPORTER_ZIPKIN_ENDPOINT', whole),
    env.url('ZIPKIN', whole),
    env.url('ZIPKIN_HOST', whole),
    java === undefined ? undefined : javaUrl(env, java), // a property of the command line has priority, as in Spring
    env.url('SPRING_ZIPKIN_BASE_URL', whole),
    env.url('SPRING_ZIPKIN_BASEURL', whole),
  ];
  const url = places.find((place) => place !== undefined);
  if (enabled.includes(false)) return undefined;
  if (url === undefined) return wants ? 'http://localhost:9411/api/v2/spans' : undefined;
  if (url.pathname === '/' || url.pathname === '/api/v1/spans') url.pathname = '/api/v2/spans';
  return url.href;
}

/** The share of new traces that Spring Sleuth's setting keeps. A property of the command line has priority, as in Spring. */
export function sleuthShare(env: Environment): number | undefined {
  const variable = env.share('SPRING_SLEUTH_SAMPLER_PROBABILITY');
  const given = javaOption(env, 'spring.sleuth.sampler.probability');
  if (given === undefined) return variable;
  const share = Number(given);
  if (given !== '' && share >= 0 && share <= 1) return share;
  env.warn('JAVA_OPTS', 'spring.sleuth.sampler.probability is not a number from 0 to 1: ignored');
  return variable;
}

/** `ZIPKIN_SUPPORTS_JOIN`, else Sleuth's setting. */
export function joinsSpans(env: Environment): boolean {
  const sleuth = javaBoolean(env, 'spring.sleuth.supports-join', false);
  const spring = env.boolean('SPRING_SLEUTH_SUPPORTS_JOIN', sleuth);
  return env.boolean('ZIPKIN_SUPPORTS_JOIN', spring);
}

/** A bare host is Zipkin's, at its usual port. */
function whole(place: string): string {
  if (place.includes('://')) return place;
  return `http://${place}${/:\d+$/.test(place) ? '' : ':9411'}`;
}

/** The value of `-Dname=value` in `JAVA_OPTS`; of several the last, as in Java. */
function javaOption(env: Environment, name: string): string | undefined {
  const options = (env.text('JAVA_OPTS') ?? '').split(/\s+/);
  return options.findLast((word) => word.startsWith(`-D${name}=`))?.slice(name.length + 3);
}

function javaBoolean(env: Environment, name: string, otherwise: boolean): boolean {
  const value = javaOption(env, name)?.toLowerCase();
  if (value === 'true' || value === 'false') return value === 'true';
  if (value !== undefined) {
    env.warn('JAVA_OPTS', `${name} is neither true nor false: ${otherwise} is used`);
  }
  return otherwise;
}

function javaUrl(env: Environment, place: string): URL | undefined {
  const url = whole(place);
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return new URL(url);
  env.warn('JAVA_OPTS', 'spring.zipkin.baseUrl is not an HTTP URL: ignored');
  return undefined;
}
