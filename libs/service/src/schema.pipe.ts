import {
  type ArgumentMetadata,
  Injectable,
  type PipeTransform,
  StandardSchemaValidationPipe,
} from '@nestjs/common';
import { ShopError } from './problem.ts';

/** Checks bodies, queries and path parameters by their Zod schemas. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  private readonly pipe = new StandardSchemaValidationPipe({ exceptionFactory: invalid });

  /** A promise only where there is something to check: most path parameters have no schema. */
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    return metadata.schema === undefined ? value : this.checked(value, metadata);
  }

  private async checked(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await this.pipe.transform(value, metadata);
    } catch (error) {
      if (metadata.type !== 'body' || value !== undefined) throw error;
      throw new ShopError(400, 'this needs a body: send it as JSON', { cause: error });
    }
  }
}

/** A body of 100 KiB can have some ten thousand mistakes. */
const MAX_ISSUES = 20;

function invalid(
  issues: readonly {
    message: string;
    path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
  }[],
): ShopError {
  const errors = issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => ({
    field: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message,
  }));
  const detail = errors
    .map(({ field, message }) => (field ? `${field}: ${message}` : message))
    .join('; ');
  return new ShopError(400, detail, { fields: { errors } });
}
