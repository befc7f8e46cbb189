import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';

/** A method of a controller that handles requests. */
export interface Handler {
  /** Of the method. */
  readonly name: string;
  readonly method: object;
  /** In small letters. */
  readonly verb: string;
  /** `/carts/{id}`; a handler may have several. */
  readonly paths: readonly string[];
}

/** Finds the handlers of a controller in Nest's metadata. */
export function handlersOf(controller: Type): Handler[] {
  const prototype = controller.prototype as Record<string, object>;
  const base = pathsIn(controller);
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const method = prototype[name];
    const verb = method && (Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod);
    if (method === undefined || verb === undefined) return [];
    const paths = base.flatMap((one) => pathsIn(method).map((path) => joined(one, path)));
    return [{ name, method, verb: RequestMethod[verb].toLowerCase(), paths }];
  });
}

/** The controllers of an application, the service's own before those that all services have. */
export function controllersOf(modules: ModulesContainer): Type[] {
  return [...modules.values()].reverse().flatMap(
    (module) => [...module.controllers.values()].map(({ metatype }) => metatype as Type), // a controller is a class
  );
}

/** Class and method that handle a request, `CartsController.getCart`, by `GET /carts/{id}`. */
export function handlerNames(modules: ModulesContainer): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const controller of controllersOf(modules).reverse()) {
    for (const { name, verb, paths } of handlersOf(controller)) {
      for (const path of paths)
        names.set(`${verb.toUpperCase()} ${path}`, `${controller.name}.${name}`);
    }
  }
  return names;
}

function pathsIn(target: object): string[] {
  return [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();
}

function joined(...parts: string[]): string {
  const path = parts.flatMap((part) => part.split('/')).filter((part) => part !== '');
  return `/${path.map((part) => part.replace(/^:(\w+)$/, '{$1}')).join('/')}`;
}
