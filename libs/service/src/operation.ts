import 'reflect-metadata';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { z } from 'zod';

/** One response of a route. */
export interface ResponseFacts {
  /** Default: the schema's description, else the name of the status. */
  readonly description?: string;
  /** Absent: the response has no body. */
  readonly body?: z.ZodType;
  /** Default `application/json`. A response without content type has the type `*` on both sides of the slash. */
  readonly mediaType?: string | readonly string[];
  /** Descriptions of the response's own headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A schema stands for a JSON body. A text describes a response without a body, or a problem if the status is 400 or more. */
export type ResponseShort = ResponseFacts | z.ZodType | string;

export interface ParameterFacts {
  readonly description: string;
  readonly example?: string;
  /** Of a header: Nest checks no headers, the handler does. */
  readonly schema?: z.ZodType;
}

/** Most characters of a value in a path: the router knows no longer one. */
export const LONGEST_ID = 100;

/** The parts of `/openapi.json` that do not follow from a route's code. Facts of a controller are the defaults of its routes. */
export interface OperationFacts<R extends ResponseShort = ResponseShort> {
  /** A few words. */
  readonly summary?: string;
  readonly description?: string;
  /** Default: the controller's name. */
  readonly tag?: string;
  /** Names of security schemes, all of them needed. They add a 401. */
  readonly security?: readonly string[];
  /** Descriptions of path parameters and headers. */
  readonly params?: Readonly<Record<string, string | ParameterFacts>>;
  /** The query, if the handler takes it without a schema. */
  readonly query?: z.ZodObject;
  /** What to send, if the handler's schema also lets pass what it then refuses in its own way. */
  readonly body?: z.ZodType;
  /** The response of a successful call, with the handler's status. */
  readonly response?: R;
  /** Whether a GET changes something. A page of another origin then gets 403, as for other methods. */
  readonly changesState?: boolean;
  /** Other responses, by status. 400, 403, 404, 413 and 415 follow from what a route reads and checks, 401 from `security`. */
  readonly also?: Readonly<Record<number, ResponseShort>>;
}

const FACTS = Symbol('facts of an operation');
const changesState = RouteConfig({ changesState: true });

type BodyOf<R extends ResponseShort> =
  R extends z.ZodType<infer Body>
    ? Body
    : R extends { readonly body: z.ZodType<infer Body> }
      ? Body
      : undefined;

type Nothing = ReturnType<() => void>;
/** A handler returns the body of its response. One that sends the response itself, or has no body, returns nothing. */
type Returned<R extends ResponseShort> = BodyOf<R> | undefined | Nothing;

/** Makes a handler whose return type differs from its `response` a compile error. */
interface OperationDecorator<Result> {
  (controller: abstract new (...injected: never[]) => object): void;
  <Handler extends (...args: never[]) => Result | Promise<Result>>(
    prototype: object,
    key: string,
    handler: TypedPropertyDescriptor<Handler>,
  ): void;
}

/** Describes a route, or the common facts of a controller's routes, and checks the handler's return type. */
export function Operation<R extends ResponseShort = string>(
  facts: OperationFacts<R>,
): OperationDecorator<Returned<R>> {
  return (target: object, key?: string, method?: PropertyDescriptor): void => {
    if (key === undefined || method === undefined) {
      Reflect.defineMetadata(FACTS, facts, target);
      return;
    }
    Reflect.defineMetadata(FACTS, facts, target, key);
    if (facts.changesState) changesState(target, key, method);
  };
}

/** Returns the facts of a handler, with the defaults of its controller. */
export function factsOf(controller: object, prototype: object, handler: string): OperationFacts {
  const common = (Reflect.getMetadata(FACTS, controller) ?? {}) as OperationFacts; // written above
  const own = (Reflect.getMetadata(FACTS, prototype, handler) ?? {}) as OperationFacts;
  return {
    ...common,
    ...own,
    params: { ...common.params, ...own.params },
    also: { ...common.also, ...own.also },
  };
}

/** The parts of `/openapi.json` about the whole service. */
export interface ApiFacts {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** Descriptions of the tags, in order; health and metrics follow. */
  readonly tags?: Readonly<Record<string, string>>;
  /** OpenAPI security schemes, by the name that `security` of an operation uses. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** Routes of Fastify plugins, such as files: `GET /assets/{file}`. */
  readonly routes?: Readonly<Record<string, OperationFacts>>;
}
