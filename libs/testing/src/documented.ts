import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;

/** An answer that is missing in the service's document, or differs from it. */
export class UndocumentedError extends Error {
  override readonly name = 'UndocumentedError';
}

/** The statuses of a router when there is no route. */
const UNROUTED = new Set([400, 404, 405]);

/** The `/openapi.json` of a running service, and a `fetch` that compares each answer with it. */
export class Documented {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly paths: { pattern: RegExp; template: string; operations: Json }[];

  private constructor(
    readonly url: string,
    readonly document: Json,
  ) {
    this.ajv.addSchema(document, 'document');
    const paths = Object.entries(document['paths'] as Record<string, Json>);
    this.paths = paths
      .map(([template, operations]) => ({ pattern: patternOf(template), template, operations }))
      .sort((a, b) => parameters(a.template) - parameters(b.template)); // `/orders/search` before `/orders/{id}`
  }

  static async at(url: string): Promise<Documented> {
    const response = await fetch(`${url}/openapi.json`);
    if (response.status !== 200) throw new Error(await response.text());
    return new Documented(url, (await response.json()) as Json);
  }

  /** Like the global `fetch`. @throws UndocumentedError */
  readonly fetch = async (input: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(input, init);
    await this.check(init.method ?? 'GET', input, response);
    return response;
  };

  /** The errors in the document itself; empty when it is valid OpenAPI 3.1. */
  async faults(): Promise<unknown[]> {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(this.document));
    if (valid && validator.version === '3.1') return [];
    return [errors ?? `OpenAPI ${validator.version}`].flat();
  }

  /** `GET /carts/{}`, sorted. */
  routes(): string[] {
    return this.paths
      .flatMap(({ template, operations }) =>
        Object.keys(operations).map((method) => routeName(method, template)),
      )
      .sort();
  }

  /** Checks an answer from another client. @throws UndocumentedError */
  async check(method: string, input: string, response: Response): Promise<void> {
    if (response.status === 301 && input.endsWith('/')) return; // documented once for all paths
    const path = new URL(input).pathname;
    const found = this.paths.find(({ pattern }) => pattern.test(path));
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operation = found?.operations[verb] as { responses: Record<string, Json> } | undefined;
    const place = `${method} ${found?.template ?? path} ${response.status}`;
    if (!found || !operation) {
      if (!UNROUTED.has(response.status)) throw new UndocumentedError(`${place}: no such route`);
      return;
    }
    const documented = operation.responses[response.status];
    if (!documented) throw new UndocumentedError(`${place}: no such answer`);
    if (method !== 'HEAD') await this.checkBody(place, documented, verb, found.template, response);
  }

  private async checkBody(
    place: string,
    documented: Json,
    verb: string,
    template: string,
    response: Response,
  ): Promise<void> {
    const type = response.headers.get('content-type')?.split(';', 1)[0] ?? '*/*';
    const text = await response.clone().text();
    const content = documented['content'] as Record<string, Json> | undefined;
    if (!content) {
      if (text !== '') throw new UndocumentedError(`${place}: has a body: ${text}`);
      return;
    }
    if (!content[type]) throw new UndocumentedError(`${place}: is ${type}`);
    if (!/json|\*|^text\//.test(type)) return; // pictures have no schema
    const parts = ['paths', template, verb, 'responses', String(response.status), 'content', type];
    const validate = this.validator(pointer([...parts, 'schema']));
    if (!validate(type.startsWith('text/') ? text : JSON.parse(text))) {
      throw new UndocumentedError(`${place}: ${this.ajv.errorsText(validate.errors)}: ${text}`);
    }
  }

  private validator(at: string): ValidateFunction {
    const known = this.compiled.get(at) ?? this.ajv.compile({ $ref: `document#/${at}` });
    this.compiled.set(at, known);
    return known;
  }
}

/** A route as `Documented.routes()` spells it; `path` in the spelling of OpenAPI or of Fastify. */
export function routeName(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace(/\{\w+\}|:\w+|\*/g, '{}')}`;
}

function patternOf(template: string): RegExp {
  const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}/?$`); // all services but front-end ignore a slash at the end
}

function parameters(template: string): number {
  return template.split('{').length;
}

/** RFC 6901, for use in a URL. */
function pointer(parts: string[]): string {
  return parts
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
}

interface Routed {
  getHttpAdapter(): {
    getInstance(): {
      addHook(
        name: 'onRoute',
        hook: (route: { method: string | string[]; url: string }) => void,
      ): unknown;
    };
  };
}

/** Returns a service's definition that records the router's routes. Every GET adds HEAD by itself. */
export function noting<D extends { readonly configure?: (app: never) => Promise<void> }>(
  definition: D,
  routes: Set<string>,
): D {
  const configure = async (app: Routed): Promise<void> => {
    const fastify = app.getHttpAdapter().getInstance();
    fastify.addHook('onRoute', ({ method, url }) => {
      const methods = [method].flat().filter((each) => each !== 'HEAD');
      for (const each of methods) routes.add(routeName(each, url));
    });
    await definition.configure?.(app as never); // every service's app has what `Routed` says, and more
  };
  return { ...definition, configure };
}
