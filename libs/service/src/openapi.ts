import type { Type } from '@nestjs/common';
// Nest's own document generator reads these too, see docs/decisions/0001-openapi.md; a test compares the result with the router.
import { HTTP_CODE_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { VERSION } from '@sockshop/tracing';
import { z } from 'zod';
import { handlersOf } from './controller-paths.ts';
import {
  type ApiFacts,
  factsOf,
  LONGEST_ID,
  type OperationFacts,
  type ParameterFacts,
  type ResponseFacts,
  type ResponseShort,
} from './operation.ts';
import type { ProblemShape } from './problem.ts';
import { Components, type Json } from './schemas.ts';

export interface Api {
  readonly name: string;
  readonly facts: ApiFacts;
  readonly problem: ProblemShape | undefined;
  /** Whether to trace a path that no controller answers. */
  readonly traced: (path: string) => boolean;
}

interface RouteArg {
  readonly data?: string;
  readonly schema?: z.ZodType;
}

interface Route {
  readonly method: string;
  /** `/carts/{customerId}`. */
  readonly path: string;
  readonly status: number;
  /** Whether responses carry the trace id. */
  readonly traced: boolean;
  readonly id: string;
  readonly facts: OperationFacts;
  readonly args: (type: RouteParamtypes) => RouteArg[];
}

/** Headers that are no parameters in OpenAPI. */
const NO_PARAMETERS = new Set(['accept', 'authorization', 'content-type', 'host']);

/** Makes the document of a service from Nest's metadata and `@Operation`. */
export function openApi(api: Api, controllers: readonly Type[]): Json {
  const components = new Components();
  const problem = components.schema(problemSchema(api.problem), 'output');
  const routes = [
    ...controllers.flatMap(routesOf),
    ...Object.entries(api.facts.routes ?? {}).map(([key, facts]) => plainRoute(key, facts, api)),
  ];
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const operation = describe(route, components, problem);
    (paths[route.path] ??= {})[route.method] = operation;
  }
  const tags = { ...api.facts.tags, ...OWN_TAGS };
  const used = new Set(routes.map(({ facts }) => facts.tag));
  return {
    openapi: '3.1.0',
    info: {
      title: api.facts.title,
      version: VERSION,
      description: api.facts.description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(tags)
      .filter(([name]) => used.has(name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas,
      headers: {
        TraceId: { description: 'The trace of this request.', schema: { type: 'string' } },
      },
      ...(api.facts.securitySchemes && { securitySchemes: api.facts.securitySchemes }),
    },
  };
}

const OWN_TAGS = {
  health: 'For probes: whether the service lives, and whether it can serve.',
  metrics: 'For Prometheus.',
  documentation: 'What you are reading.',
};

function routesOf(controller: Type): Route[] {
  const prototype = controller.prototype as object;
  return handlersOf(controller).flatMap(({ name, method: handler, verb, paths }) => {
    const tag = controller.name.replace(/Controller$/, '').toLowerCase();
    const given = factsOf(controller, prototype, name);
    const facts = { ...given, tag: given.tag ?? tag };
    const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
    const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as
      FastifyContextConfig | undefined;
    return paths.map((path, index) => ({
      method: verb,
      path,
      status: status ?? (verb === 'post' ? 201 : 200), // Nest's defaults
      traced: config?.traced !== false,
      id: `${tag}${name.charAt(0).toUpperCase()}${name.slice(1)}${index > 0 ? index + 1 : ''}`,
      facts,
      args: argsOf(controller, name),
    }));
  });
}

/** Finds the decorated parameters of one type. Nest's keys are `TYPE:INDEX`. */
function argsOf(controller: Type, handler: string): Route['args'] {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as Record<
    string,
    RouteArg
  >;
  return (type) =>
    Object.entries(args)
      .filter(([key]) => key.startsWith(`${type}:`))
      .map(([, arg]) => arg);
}

function plainRoute(key: string, facts: OperationFacts, { traced }: Api): Route {
  const [method = '', path = ''] = key.split(' ');
  const id = path.replace(/[^a-z]+(\w?)/gi, (_all, letter: string) => letter.toUpperCase());
  return {
    method: method.toLowerCase(),
    path,
    status: 200,
    traced: traced(path),
    id: `files${id}`,
    facts,
    args: () => [],
  };
}

function describe(route: Route, components: Components, problem: Json): Json {
  const { facts, args, traced } = route;
  const body = facts.body ?? args(RouteParamtypes.BODY)[0]?.schema;
  const parameters = [
    ...pathParameters(route, components),
    ...queryParameters(route, components),
    ...headerParameters(route, components),
  ];
  const responses: Record<number, ResponseShort> = {
    [route.status]: facts.response ?? STATUS_CODES[route.status] ?? 'done',
    ...impliedResponses(route),
    ...facts.also,
  };
  return {
    operationId: route.id,
    tags: [facts.tag],
    summary: facts.summary,
    ...(facts.description !== undefined && { description: facts.description }),
    ...(facts.security && {
      security: [Object.fromEntries(facts.security.map((name) => [name, []]))],
    }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': { schema: components.schema(body, 'input') } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, each]) => [
        status,
        response(Number(status), each, components, problem, traced),
      ]),
    ),
  };
}

/** Responses that follow from the code: changes must not come from foreign pages, bodies must be JSON, and values with a schema are checked. */
function impliedResponses({ method, path, args, facts }: Route): Record<number, string> {
  const reads = ['post', 'put', 'patch'].includes(method);
  const changes = reads || method === 'delete' || facts.changesState;
  const named = path.includes('{');
  const checks = facts.query ?? args(RouteParamtypes.QUERY).some(({ schema }) => schema);
  return {
    ...((reads || named || checks) && { 400: 'malformed' }),
    ...(named && { 404: `no id has more than ${LONGEST_ID} characters` }),
    ...(facts.security && { 401: 'not logged in' }),
    ...(changes && { 403: 'sent by a web page of another origin' }),
    ...(reads && {
      413: 'the body is larger than 100 KiB',
      415: 'the body is not JSON, or its encoding is unknown',
    }),
  };
}

const ANY_ID = { type: 'string', minLength: 1, maxLength: LONGEST_ID };

function pathParameters({ path, args, facts }: Route, components: Components): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const arg = args(RouteParamtypes.PARAM).find(({ data }) => data === name);
    const schema = arg?.schema ? components.schema(arg.schema, 'input') : ANY_ID;
    return parameter('path', name, true, schema, facts.params?.[name]);
  });
}

function queryParameters({ args, facts }: Route, components: Components): Json[] {
  const query = args(RouteParamtypes.QUERY)[0]?.schema ?? facts.query;
  if (!query) return [];
  const { properties = {}, required = [] } = components.inline(query);
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const preset = presetOf(query, name);
    return parameter(
      'query',
      name,
      required.includes(name),
      preset === undefined ? schema : { default: preset, ...schema },
      description as string | undefined,
    );
  });
}

/** A default number: Zod leaves out defaults of what it reads from a text. */
function presetOf(query: z.ZodType, name: string): number | undefined {
  const own =
    query instanceof z.ZodObject ? (query.shape[name] as z.ZodType | undefined) : undefined;
  const preset = own?.safeParse(undefined).data;
  return typeof preset === 'number' ? preset : undefined;
}

function headerParameters({ args, facts }: Route, components: Components): Json[] {
  return args(RouteParamtypes.HEADERS)
    .flatMap(({ data }) => data?.toLowerCase() ?? [])
    .filter((name) => !NO_PARAMETERS.has(name))
    .map((name) => {
      const own = facts.params?.[name];
      const schema = typeof own === 'object' ? own.schema : undefined;
      const json = schema ? components.schema(schema, 'input') : { type: 'string' };
      return parameter('header', name, false, json, own);
    });
}

function parameter(
  place: string,
  name: string,
  required: boolean,
  schema: Json,
  facts: string | ParameterFacts | undefined,
): Json {
  const { schema: _own, ...text } =
    typeof facts === 'string' ? { description: facts } : { ...facts };
  return { name, in: place, required, ...text, schema };
}

function response(
  status: number,
  short: ResponseShort,
  components: Components,
  problem: Json,
  traced: boolean,
): Json {
  const facts = whole(short);
  const refusal = status >= 400 && typeof short === 'string';
  const schema = refusal ? problem : facts.body && components.schema(facts.body, 'output');
  const types = [facts.mediaType ?? (refusal ? 'application/problem+json' : 'application/json')];
  const headers = {
    ...(status === 503 && refusal && { 'retry-after': 'Seconds until a retry makes sense.' }),
    ...facts.headers,
  };
  const described = Object.entries(headers).map(([name, description]): [string, Json] => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  if (traced) described.unshift(['x-trace-id', { $ref: '#/components/headers/TraceId' }]);
  return {
    description: facts.description ?? STATUS_CODES[status] ?? String(status),
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...(schema && { content: Object.fromEntries(types.flat().map((type) => [type, { schema }])) }),
  };
}

function whole(short: ResponseShort): ResponseFacts {
  if (typeof short === 'string') return { description: short };
  if (!(short instanceof z.ZodType)) return short;
  const { description } = short;
  return { body: short, ...(description !== undefined && { description }) };
}

/** The schema of RFC 9457 with the service's own fields, which come from an example. */
function problemSchema(shape: ProblemShape = () => ({})): z.ZodObject {
  const base = {
    type: 'about:blank' as const,
    title: 'Bad Request',
    status: 400,
    detail: 'what was wrong',
    message: 'what was wrong',
    instance: '/path',
  };
  const own = Object.entries(shape(base)).map(([name, value]): [string, z.ZodType] => [
    name,
    typeof value === 'number' ? z.int() : z.string(),
  ]);
  const issue = z.object({ field: z.string(), message: z.string() });
  return z
    .looseObject({
      type: z.literal('about:blank'),
      title: z.string().meta({ examples: [base.title] }),
      status: z.int().min(400).max(599),
      detail: z.string().meta({ description: 'A sentence for the caller.' }),
      message: z.string().meta({ description: 'The same, for clients of the original.' }),
      instance: z.string().meta({ description: 'The path that was asked for.' }),
      trace_id: z.string().optional().meta({ description: 'The trace of this request.' }),
      errors: z.array(issue).optional().meta({ description: 'What is malformed, field by field.' }),
      ...Object.fromEntries(own),
    })
    .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });
}
