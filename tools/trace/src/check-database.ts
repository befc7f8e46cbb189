import type { Data } from './data.ts';
import { isDatabase, text, title } from './facts.ts';
import type { Findings } from './finding.ts';
import type { Node } from './forest.ts';

/** Databases that run in the process that asks them. */
const EMBEDDED = new Set([
  'sqlite',
  'h2',
  'h2database',
  'hsqldb',
  'derby',
  'duckdb',
  'in_memory',
  'in-memory',
  'memory',
]);

/** Names that were used before, or by products. */
const SYSTEMS: Readonly<Record<string, string>> = {
  mssql: 'microsoft.sql_server',
  sqlserver: 'microsoft.sql_server',
  oracle: 'oracle.db',
  postgres: 'postgresql',
  mongo: 'mongodb',
  db2: 'ibm.db2',
  h2: 'h2database',
  spanner: 'gcp.spanner',
  dynamodb: 'aws.dynamodb',
  redshift: 'aws.redshift',
  cosmosdb: 'azure.cosmosdb',
  hanadb: 'sap.hana',
  other_sql: 'other_sql',
};

/** Whether spans of databases have the attributes, names and kinds of the conventions. */
export function checkDatabase(data: Data, found: Findings): void {
  for (const trace of data.traces)
    for (const node of trace.nodes) {
      const { span } = node;
      if (!isDatabase(span)) continue;
      attributes(node, found);
      name(node, found);
      kind(node, found);
      if (hasLiterals(node)) found.add('T09b', title(span), node);
    }
}

function attributes(node: Node, found: Findings): void {
  const { span } = node;
  const system = text(span, 'db.system.name');
  if (system === undefined && text(span, 'db.system') === undefined)
    found.add('T09a', `db.system.name is missing: ${title(span)}`, node);
  const what = [
    ...['db.operation.name', 'db.query.summary', 'db.query.text', 'db.statement', 'db.operation'],
    ...['db.operation.batch.size', 'db.stored_procedure.name'],
  ];
  if (text(span, ...what) === undefined)
    found.add('T09a', `db.operation.name and db.query.text are missing: ${title(span)}`, node);
  const isServer = span.kind === 'CLIENT' && !EMBEDDED.has(system ?? '');
  const where = [
    'server.address',
    'net.peer.name',
    'network.peer.address',
    'db.connection_string',
    'net.peer.ip',
  ];
  if (isServer && system !== undefined && text(span, ...where) === undefined && !span.remote)
    found.add('T09a', `server.address is missing: ${title(span)}`, node);
  if (system === undefined) return;
  const better = SYSTEMS[system.toLowerCase()];
  if (better !== undefined && better !== system)
    found.add('T09d', `${system} instead of ${better}`, node);
  else if (system !== system.toLowerCase())
    found.add('T09d', `${system} instead of ${system.toLowerCase()}`, node);
}

function name(node: Node, found: Findings): void {
  const { span } = node;
  if (text(span, 'db.system.name') === undefined) return; // an old convention has other names
  const summary = text(span, 'db.query.summary')?.toLowerCase();
  const operation = text(span, 'db.operation.name')?.toLowerCase();
  const given = span.name.toLowerCase();
  if (summary === undefined && operation === undefined) {
    if (given.length > 100)
      found.add('T10', `a name of ${given.length} signs on ${span.service}`, node);
    return;
  }
  if (
    given === summary ||
    (operation !== undefined && (given === operation || given.startsWith(`${operation} `)))
  )
    return;
  const wanted =
    summary ??
    `${operation ?? ''} ${text(span, 'db.collection.name', 'db.namespace') ?? ''}`.trim();
  found.add('T10', `${title(span)} instead of \`${wanted}\``, node);
}

function kind(node: Node, found: Findings): void {
  const { span } = node;
  const system = text(span, 'db.system.name', 'db.system')?.toLowerCase() ?? '';
  const address = text(span, 'server.address', 'net.peer.name');
  if (EMBEDDED.has(system)) {
    if (span.kind === 'CLIENT' && (span.form === 'otlp' || span.remote?.name !== undefined))
      found.add('T11b', title(span), node);
    else if (span.kind !== 'CLIENT' && span.kind !== 'INTERNAL')
      found.add('T11a', title(span), node);
  } else if (
    span.kind !== 'CLIENT' &&
    (span.kind !== 'INTERNAL' || address !== undefined || span.remote)
  )
    found.add('T11a', title(span), node);
}

/** A statement with placeholders may have constants beside them; one without has its values in it. */
function hasLiterals({ span }: Node): boolean {
  const statement = text(span, 'db.query.text', 'db.statement')?.slice(0, 10_000);
  if (statement === undefined) return false;
  if (/\?|\$\d|(?<![:\w]):[a-z_]\w*|@\w|%s/i.test(statement)) return false;
  if (/^\s*[{[]/.test(statement)) return /:\s*"[^"?$][^"]*"/.test(statement);
  return /(?:=|<|>|\blike|\bin\s*\(|\bvalues\s*\(|,)\s*(?:'[^']+'|\d+)/i.test(statement);
}
