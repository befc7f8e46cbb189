/** As much of a JSON schema as the shop's document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  items?: Schema;
  anyOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  example?: string;
  schema: Schema;
}

type Content = Record<string, { schema?: Schema }>;

export interface Answer {
  description: string;
  content?: Content;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, Answer>;
}

interface SecurityScheme {
  type: string;
  scheme?: string;
  in?: string;
  name?: string;
  description?: string;
}

export interface Document {
  info: { title: string; version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    securitySchemes?: Record<string, SecurityScheme>;
  };
}

/** An operation with its place. */
export interface Route extends Operation {
  method: string;
  path: string;
}

export interface Group {
  name: string;
  description: string;
  routes: Route[];
}

/** The routes by tag, those that have all words of the search. */
export function groupsOf(document: Document, search: string): Group[] {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
  const words = search.toLowerCase().split(/\s+/);
  const found = routes.filter(({ method, path, summary, tags }) => {
    const all = [method, path, summary, ...tags].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
  return document.tags
    .map((tag) => ({ ...tag, routes: found.filter(({ tags }) => tags[0] === tag.name) }))
    .filter((group) => group.routes.length > 0);
}

/** A schema where a name may stand for it, and that name. */
export function resolved(schema: Schema, document: Document): { schema: Schema; name?: string } {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? undefined : document.components.schemas[name];
  if (name === undefined || !found) return { schema };
  return { schema: { ...found, ...schema }, name };
}

/** A value of the schema, from its own examples where it has some. */
export function exampleOf(given: Schema, document: Document): unknown {
  const { schema } = resolved(given, document);
  if (schema.examples?.length) return schema.examples[0];
  if ('const' in schema) return schema.const;
  if (schema.enum?.length) return schema.enum[0];
  if ('default' in schema) return schema.default;
  if (schema.anyOf?.[0]) return exampleOf(schema.anyOf[0], document);
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties).map(([name, part]) => [name, exampleOf(part, document)]),
    );
  }
  const type = [schema.type].flat()[0];
  if (type === 'array') {
    return schema.items && schema.maxItems !== 0 ? [exampleOf(schema.items, document)] : [];
  }
  if (type === 'number' || type === 'integer') return schema.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return type === 'object' ? {} : '…';
}
