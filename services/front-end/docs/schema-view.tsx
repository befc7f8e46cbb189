import { text } from '../storefront/i18n/text.ts';
import { type Document, resolved, type Schema } from './openapi.ts';
import { Prose } from './prose.tsx';

const t = text.docs;

/** The parts of a schema, one inside the other. */
export function SchemaView({ schema: given, document }: { schema: Schema; document: Document }) {
  const { schema } = resolved(given, document);
  const inner = innerOf(schema, document);
  return (
    <div className="schema">
      <p className="type">{typeOf(given, document)}</p>
      {schema.description !== undefined && <Prose text={schema.description} className="muted" />}
      {inner && <Parts schema={inner} document={document} />}
    </div>
  );
}

function Parts({ schema, document }: { schema: Schema; document: Document }) {
  if (schema.anyOf) {
    return (
      <ul className="parts">
        {schema.anyOf.map((each, index) => (
          <li key={index}>
            <SchemaView schema={each} document={document} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <ul className="parts">
      {Object.entries(schema.properties ?? {}).map(([name, part]) => (
        <Part
          key={name}
          name={name}
          needed={schema.required?.includes(name) === true}
          part={part}
          document={document}
        />
      ))}
    </ul>
  );
}

function Part({
  name,
  needed,
  part,
  document,
}: {
  name: string;
  needed: boolean;
  part: Schema;
  document: Document;
}) {
  const { schema } = resolved(part, document);
  const inner = innerOf(schema, document);
  const head = (
    <>
      <code className="name">{name}</code> <span className="type">{typeOf(part, document)}</span>
      {!needed && <span className="optional"> {t.optional}</span>}
    </>
  );
  return (
    <li>
      {inner ? (
        <details>
          <summary>{head}</summary>
          {schema.description !== undefined && (
            <Prose text={schema.description} className="muted" />
          )}
          <Parts schema={inner} document={document} />
        </details>
      ) : (
        <>
          {head}
          {schema.description !== undefined && (
            <Prose text={schema.description} className="muted" />
          )}
        </>
      )}
    </li>
  );
}

/** What there is to see inside: the parts of an object, of a list's elements, or of alternatives. */
function innerOf(schema: Schema, document: Document): Schema | undefined {
  if (schema.items) {
    const { schema: items } = resolved(schema.items, document);
    return innerOf(items, document);
  }
  if (schema.anyOf?.some((each) => innerOf(resolved(each, document).schema, document))) {
    return schema;
  }
  return schema.properties && Object.keys(schema.properties).length > 0 ? schema : undefined;
}

/** `Sock[]`, `integer, 1 to 999`, `string | null`. */
export function typeOf(given: Schema, document: Document): string {
  const { schema, name } = resolved(given, document);
  if (name !== undefined && !schema.enum) return name;
  if (schema.items) return `${typeOf(schema.items, document)}[]`;
  if (schema.anyOf) return schema.anyOf.map((each) => typeOf(each, document)).join(' | ');
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const type = [schema.type ?? t.any].flat().join(' | ');
  return [type, ...limitsOf(schema)].join(', ');
}

function limitsOf(schema: Schema): string[] {
  const { minimum, exclusiveMinimum, maximum, minLength, maxLength, pattern } = schema;
  return [
    ...(minimum === undefined ? [] : [`≥ ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`> ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`≤ ${maximum}`]),
    ...(minLength === undefined ? [] : [t.atLeast(minLength)]),
    ...(maxLength === undefined ? [] : [t.atMost(maxLength)]),
    ...(pattern === undefined ? [] : [pattern]),
    ...('default' in schema ? [`= ${JSON.stringify(schema.default)}`] : []),
  ];
}
