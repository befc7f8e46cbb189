import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly examples?: readonly unknown[];
  readonly description?: string;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { content: { 'application/json': { schema: Schema } } };
}
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** One request, and whether the document allows it. */
interface BorderCase {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly allowed: boolean;
}

/** What may stand where a schema names a pattern and no example. */
const SAMPLES = [
  '1',
  'a',
  'border',
  'a'.repeat(16),
  'a'.repeat(24),
  'a'.repeat(32),
  '5544154011345918',
  '2026-01-01',
];
/** Values that schemas and services may see differently. */
const STRANGE: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1.5, 1e15, 1e308, -1e308, 2 ** 53],
  ...['', ' ', '0', '1', '-1', '1.5', '0x10', 'NaN', 'Infinity', '999', '1000'],
  ...['a', 'a:b', 'a\nb', '\u0085', '漢', '😀', '__proto__', '%'],
  ...[[], ['a'], {}],
];

/** Makes requests with the values at and beyond each border of a document's schemas. */
export class BorderValues {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: ApiDocument) {
    this.ajv.addSchema(document, 'document');
  }

  /** One part of each request has a border value, the others have usual ones. */
  *cases(): Generator<BorderCase> {
    for (const [template, operations] of Object.entries(this.document.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        yield* this.ofParameters(template, method, operation);
        yield* this.ofBody(template, method, operation);
      }
    }
  }

  private *ofParameters(template: string, method: string, operation: Operation) {
    for (const { name, in: place, schema } of operation.parameters ?? []) {
      for (const value of this.borders(schema)) {
        const isText = typeof value === 'string' || typeof value === 'number';
        if (!isText && typeof value !== 'boolean') continue;
        const text = String(value);
        if (!isSendable(place, text)) continue;
        const usual = this.usual(template, method, operation, { [name]: text });
        yield { ...usual, allowed: this.allowsText(schema, text) };
      }
    }
  }

  private *ofBody(template: string, method: string, operation: Operation) {
    const schema = this.bodyOf(operation);
    if (!schema) return;
    const allows = this.validator(schema);
    const whole = this.sample(schema);
    const bodies = [...STRANGE.filter((value) => value !== undefined)];
    const seen = new Set<string>();
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const { description: _text, ...rule } = property;
      const text = JSON.stringify(rule);
      if (seen.has(text)) continue; // the same rule for another property of this body
      seen.add(text);
      const rest = Object.entries(whole as object).filter(([key]) => key !== name);
      bodies.push(Object.fromEntries(rest));
      for (const value of this.borders(property)) {
        bodies.push({ ...Object.fromEntries(rest), [name]: value });
      }
    }
    for (const body of bodies) {
      yield { ...this.usual(template, method, operation, {}), body, allowed: allows(body) };
    }
  }

  private usual(
    template: string,
    method: string,
    operation: Operation,
    given: Record<string, string>,
  ): Omit<BorderCase, 'allowed'> {
    const { parameters = [] } = operation;
    const textOf = ({ name, schema }: Parameter) => given[name] ?? String(this.sample(schema));
    const of = (place: Parameter['in']) =>
      parameters
        .filter((one) => one.in === place && (one.required || given[one.name] !== undefined))
        .map((one): [string, string] => [one.name, textOf(one)]);
    const named = new Map(of('path'));
    const path = template.replace(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(named.get(name) ?? 'x'),
    );
    const query = new URLSearchParams(of('query')).toString();
    const schema = this.bodyOf(operation);
    return {
      method: method.toUpperCase(),
      path: query === '' ? path : `${path}?${query}`,
      headers: Object.fromEntries(of('header')),
      body: schema && this.sample(schema),
    };
  }

  private bodyOf({ requestBody }: Operation): Schema | undefined {
    return requestBody && this.resolved(requestBody.content['application/json'].schema);
  }

  /** A value that the schema allows. */
  private sample(given: Schema): unknown {
    const schema = this.resolved(given);
    const allows = this.validator(schema);
    const made = [
      schema.const,
      ...(schema.enum ?? []),
      ...(schema.examples ?? []),
      ...(schema.anyOf ?? []).map((one) => this.sample(one)),
      ...SAMPLES,
      schema.minimum ?? 1,
      true,
      null,
      Array.from({ length: schema.minItems ?? 0 }, () => this.sample(schema.items ?? {})),
      Object.fromEntries(
        (schema.required ?? []).map((name) => [name, this.sample(schema.properties?.[name] ?? {})]),
      ),
    ];
    const found = made.find((value) => value !== undefined && allows(value));
    if (found === undefined) throw new Error(`no value for ${JSON.stringify(schema)}`);
    return found;
  }

  private borders(given: Schema): unknown[] {
    const schema = this.resolved(given);
    const { minLength = 1, maxLength } = schema;
    const lengths = [minLength - 1, minLength, ...(maxLength ? [maxLength, maxLength + 1] : [])];
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    const ends = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].filter(
      (end) => end !== undefined,
    );
    return [
      ...lengths.map((length) => 'a'.repeat(Math.max(0, length))),
      ...ends.flatMap((end) => [end - 1, end, end + 1]),
      ...(schema.enum ?? []),
      ...(schema.anyOf ?? []).flatMap((one) => this.borders(one)),
      ...STRANGE,
    ];
  }

  /** A text in a path, a query or a header stands for what it spells. */
  private allowsText(schema: Schema, text: string): boolean {
    const allows = this.validator(schema);
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? [Number(text)] : [];
    const truth = text === 'true' || text === 'false' ? [text === 'true'] : [];
    return [text, ...number, ...truth].some((value) => allows(value));
  }

  private validator(schema: Schema): ValidateFunction {
    const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
    const known = this.validators.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.validators.set(text, known);
    return known;
  }

  private resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    let found: unknown = this.document;
    for (const part of schema.$ref.slice(2).split('/'))
      found = (found as Record<string, unknown>)[part];
    return found as Schema;
  }
}

/** What a client can send there at all. */
function isSendable(place: Parameter['in'], text: string): boolean {
  if (place === 'path') return text !== '' && !/^\.+$|\//.test(text);
  return place === 'query' || (/^[\u0020-\u007e]*$/.test(text) && text === text.trim());
}
