import 'reflect-metadata';
import type { z } from 'zod';

/** What a status of a route means. */
export interface Answer {
  /** Default: the schema's own description, else the status' name. */
  readonly description?: string;
  /** Absent: the answer has no body. */
  readonly body?: z.ZodType;
  /** Default `application/json`; any type (`*` on both sides of the slash) for an answer without content type. */
  readonly mediaType?: string | readonly string[];
  /** The answer's own headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A schema alone is a JSON body; a text alone describes an answer without a body, or from 400 on a problem. */
export type AnswerShort = Answer | z.ZodType | string;

export interface ParameterFacts {
  readonly description: string;
  readonly example: string;
}

/** What the code of a route cannot tell `/openapi.json`. Given for a controller, it holds for each of its routes that does not say otherwise. */
export interface OperationFacts {
  /** A few words. */
  readonly summary?: string;
  readonly description?: string;
  /** Default: the controller's name. */
  readonly tag?: string;
  /** Names of the security schemes of which all are needed; each brings a 401. */
  readonly security?: readonly string[];
  /** What parameters of the path and headers mean. */
  readonly params?: Readonly<Record<string, string | ParameterFacts>>;
  /** The query, where the handler takes it as it comes. */
  readonly query?: z.ZodObject;
  /** The good answer; its status is the handler's. */
  readonly answer?: AnswerShort;
  /** Every other one but those that follow from the code: 400, 413 and 415 where something is read and checked, 401 of `security`. */
  readonly also?: Readonly<Record<number, AnswerShort>>;
}

const FACTS = Symbol('facts of an operation');

/** Describes a route, or what all routes of a controller have in common. */
export function Operation(facts: OperationFacts): ClassDecorator & MethodDecorator {
  return (target: object, key?: string | symbol): void => {
    if (key === undefined) Reflect.defineMetadata(FACTS, facts, target);
    else Reflect.defineMetadata(FACTS, facts, target, key);
  };
}

/** The facts of a handler, with those of its controller. */
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

/** What `/openapi.json` says of a service as a whole. */
export interface ApiFacts {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  /** What the tags stand for, in their order; health and metrics follow. */
  readonly tags?: Readonly<Record<string, string>>;
  /** OpenAPI's own objects, by the name that `security` of an operation uses. */
  readonly securitySchemes?: Readonly<Record<string, object>>;
  /** Routes that are not Nest's, such as files: `GET /assets/{file}`. */
  readonly routes?: Readonly<Record<string, OperationFacts>>;
}
