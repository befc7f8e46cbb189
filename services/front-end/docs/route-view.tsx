import { useState } from 'react';
import { text } from '../storefront/i18n/text.ts';
import { curlOf, exampleFor, firstValues, urlOf, type Values } from './curl.ts';
import { type Answer, type Document, exampleOf, type Route, type Schema } from './openapi.ts';
import { Prose } from './prose.tsx';
import { SchemaView, typeOf } from './schema-view.tsx';
import { TryIt } from './try-it.tsx';

const t = text.docs;

export function RouteView({
  route,
  document,
  open,
  onToggle,
}: {
  route: Route;
  document: Document;
  open: boolean;
  onToggle: (open: boolean) => void;
}) {
  return (
    <details
      id={route.operationId}
      className="route"
      open={open}
      onToggle={(event) => {
        onToggle(event.currentTarget.open);
      }}
    >
      <summary>
        <span className={`method ${route.method.toLowerCase()}`}>{route.method}</span>
        <code>{route.path}</code>
        <span className="summary" lang="en">
          {route.summary}
        </span>
      </summary>
      {open && <Details route={route} document={document} />}
    </details>
  );
}

function Details({ route, document }: { route: Route; document: Document }) {
  const [values, setValues] = useState<Values>(() => firstValues(route));
  const schemes = (route.security ?? []).flatMap((each) => Object.keys(each));
  const body = route.requestBody?.content['application/json']?.schema;
  const tried = route.method === 'GET' && !schemes.includes('basic');
  return (
    <div className="details">
      {route.description !== undefined && <Prose text={route.description} />}
      {schemes.length > 0 && (
        <p className="needs">{schemes.includes('basic') ? t.needsBasic : t.needsLogin}</p>
      )}
      {route.parameters && (
        <section>
          <h3>{t.parameters}</h3>
          <ul className="fields">
            {route.parameters.map((parameter) => {
              const id = `${route.operationId}-${parameter.name}`;
              return (
                <li key={parameter.name}>
                  <label htmlFor={id}>
                    <code className="name">{parameter.name}</code>{' '}
                    <span className="type">
                      {t.places[parameter.in]}, {typeOf(parameter.schema, document)}
                    </span>
                    {!parameter.required && <span className="optional"> {t.optional}</span>}
                  </label>
                  <input
                    id={id}
                    value={values[parameter.name] ?? ''}
                    placeholder={exampleFor(parameter)}
                    spellCheck={false}
                    autoComplete="off"
                    onChange={({ target }) => {
                      setValues({ ...values, [parameter.name]: target.value });
                    }}
                  />
                  {parameter.description !== undefined && (
                    <Prose text={parameter.description} className="muted" />
                  )}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      {body && (
        <section>
          <h3>
            {t.body}{' '}
            {!route.requestBody?.required && <span className="optional">{t.optional}</span>}
          </h3>
          <SchemaView schema={body} document={document} />
        </section>
      )}
      <section>
        <h3>{t.request}</h3>
        <pre tabIndex={0} aria-label={t.request}>
          {curlOf(route, values, document, location.origin)}
        </pre>
        {tried && <TryIt url={urlOf(route, values)} />}
      </section>
      <section>
        <h3>{t.answers}</h3>
        {Object.entries(route.responses).map(([status, answer]) => (
          <AnswerView key={status} status={status} answer={answer} document={document} />
        ))}
      </section>
    </div>
  );
}

function AnswerView({
  status,
  answer,
  document,
}: {
  status: string;
  answer: Answer;
  document: Document;
}) {
  const [type, content] = Object.entries(answer.content ?? {})[0] ?? [];
  const types = Object.keys(answer.content ?? {}).join(', ');
  const head = (
    <>
      <span className={`status s${status.charAt(0)}`}>{status}</span>
      <span lang="en">{answer.description}</span>
      <span className="type">{types === '' ? t.noBody : types.replace('*/*', t.noType)}</span>
    </>
  );
  if (!content?.schema || !/json|\*/.test(type ?? '')) return <p className="answer">{head}</p>;
  return (
    <details className="answer">
      <summary>{head}</summary>
      <AnswerBody schema={content.schema} document={document} />
    </details>
  );
}

function AnswerBody({ schema, document }: { schema: Schema; document: Document }) {
  return (
    <div className="body">
      <SchemaView schema={schema} document={document} />
      <pre tabIndex={0} aria-label={t.example}>
        {JSON.stringify(exampleOf(schema, document), null, 2)}
      </pre>
    </div>
  );
}
