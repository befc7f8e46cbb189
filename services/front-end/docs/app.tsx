import { useEffect, useState } from 'react';
import { Switches } from '../storefront/frame/switches.tsx';
import { useTitle } from '../storefront/frame/use-title.ts';
import { text } from '../storefront/i18n/text.ts';
import { type Document, type Group, groupsOf } from './openapi.ts';
import { Prose } from './prose.tsx';
import { RouteView } from './route-view.tsx';

const t = text.docs;

export function App() {
  const [document, setDocument] = useState<Document | 'failed'>();
  useEffect(() => {
    load().then(setDocument, () => {
      setDocument('failed');
    });
  }, []);
  return (
    <>
      <a className="skip" href="#main">
        {text.frame.skip}
      </a>
      <header className="docs-head">
        <div className="container bar">
          <a className="docs-brand" href="/docs">
            {text.frame.brand} <span>API</span>
          </a>
          <nav aria-label={t.elsewhere}>
            <a href="/openapi.json">openapi.json</a>
            <a href="/">{t.toShop}</a>
          </nav>
          <Switches />
        </div>
      </header>
      {typeof document === 'object' ? (
        <Reference document={document} />
      ) : (
        <main id="main" className="container" tabIndex={-1}>
          <h1>{t.title}</h1>
          <p role="status">{document === 'failed' ? t.notThere : t.loading}</p>
        </main>
      )}
    </>
  );
}

function Reference({ document }: { document: Document }) {
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([location.hash.slice(1)]));
  const [at, setAt] = useState('');
  const groups = groupsOf(document, search);
  useTitle(placeAt(document, at), t.title);
  const toggle = (id: string, shown: boolean) => {
    setOpen((before) => (shown ? new Set(before).add(id) : without(before, id)));
  };
  useEffect(() => {
    const follow = () => {
      const id = location.hash.slice(1);
      setAt(id);
      setOpen((before) => new Set(before).add(id));
      window.document.getElementById(id)?.scrollIntoView();
    };
    follow(); // the address may name a route
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return (
    <div className="container with-side">
      <aside className="docs-side">
        <label>
          {t.search}
          <input
            type="search"
            value={search}
            onChange={({ target }) => {
              setSearch(target.value);
            }}
          />
        </label>
        <Contents groups={groups} />
      </aside>
      <main id="main" tabIndex={-1}>
        <h1>{t.title}</h1>
        <p className="muted">{t.version(document.info.version)}</p>
        <Prose text={document.info.description} />
        <Access document={document} />
        {groups.length === 0 && <p role="status">{t.nothing}</p>}
        {groups.map((group) => (
          <section key={group.name} className="group" aria-labelledby={`tag-${group.name}`}>
            <h2 id={`tag-${group.name}`} lang="en">
              {group.name}
            </h2>
            <Prose text={group.description} className="muted" />
            {group.routes.map((route) => (
              <RouteView
                key={route.operationId}
                route={route}
                document={document}
                open={open.has(route.operationId)}
                onToggle={(shown) => {
                  toggle(route.operationId, shown);
                }}
              />
            ))}
          </section>
        ))}
      </main>
    </div>
  );
}

function Contents({ groups }: { groups: Group[] }) {
  return (
    <details className="contents" open={matchMedia('(min-width: 56rem)').matches}>
      <summary>{t.contents}</summary>
      <nav aria-label={t.contents} lang="en">
        {groups.map(({ name, routes }) => (
          <div key={name}>
            <a className="tag" href={`#tag-${name}`}>
              {name}
            </a>
            <ul>
              {routes.map(({ operationId, method, path }) => (
                <li key={operationId}>
                  <a href={`#${operationId}`}>
                    <span className={`method ${method.toLowerCase()}`}>{method}</span> {path}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </details>
  );
}

/** How a caller is known. */
function Access({ document }: { document: Document }) {
  const schemes = Object.values(document.components.securitySchemes ?? {});
  return (
    <section className="access" aria-labelledby="access">
      <h2 id="access">{t.access}</h2>
      <ul>
        {schemes.map(({ type, scheme, name, description }) => (
          <li key={name ?? scheme ?? type}>
            <code>{name ?? `Authorization: ${scheme ?? type}`}</code>
            {description !== undefined && <span lang="en"> {description}</span>}
          </li>
        ))}
      </ul>
      <pre tabIndex={0} aria-label={t.loginExample}>
        {`curl -u 'user:password' -c cookies.txt '${location.origin}/login'
curl -b cookies.txt '${location.origin}/orders'`}
      </pre>
    </section>
  );
}

/** What the address leads to: a route, or those of a tag. */
function placeAt(document: Document, id: string): string | undefined {
  const all = groupsOf(document, '');
  const route = all.flatMap(({ routes }) => routes).find(({ operationId }) => operationId === id);
  if (route) return `${route.method} ${route.path}`;
  return all.find(({ name }) => `tag-${name}` === id)?.name;
}

async function load(): Promise<Document> {
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`openapi.json: ${response.status}`);
  return (await response.json()) as Document; // held against the OpenAPI standard by the server's tests
}

function without(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before);
  after.delete(id);
  return after;
}
