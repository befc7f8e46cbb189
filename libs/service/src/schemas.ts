import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A piece of an OpenAPI document. */
export type Json = Record<string, unknown>;

/** The schema of an object whose properties become parameters. */
export interface ObjectSchema extends Json {
  properties?: Record<string, Json>;
  required?: string[];
}

/** Turns Zod schemas into schemas of OpenAPI 3.1. One with an `id` appears once under `components`; other places refer to it. */
export class Components {
  readonly schemas: Record<string, unknown> = {};

  /** `input` is what a caller may send, `output` what it gets. @throws Error when two schemas have the same name. */
  schema(schema: z.ZodType, io: 'input' | 'output'): Json {
    const { $defs = {}, ...own } = converted(schema, io);
    for (const [name, definition] of Object.entries($defs as Json)) {
      const found = this.schemas[name];
      if (found !== undefined && !isDeepStrictEqual(found, definition)) {
        throw new Error(`two schemas are called ${name}`);
      }
      this.schemas[name] = definition;
    }
    return own;
  }

  /** Converts an object whose properties become parameters. */
  inline(schema: z.ZodType): ObjectSchema {
    return this.schema(schema, 'input');
  }
}

function converted(schema: z.ZodType, io: 'input' | 'output'): Json {
  const options = { io, target: 'draft-2020-12', unrepresentable: 'any' } as const;
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    ...options,
    override: ({ jsonSchema }) => {
      if (io === 'input') return; // a caller must know each bound
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum; // the default
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text) as Json;
}
