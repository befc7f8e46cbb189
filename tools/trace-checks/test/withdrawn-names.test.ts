import { expect, it } from '@jest/globals';
import { sources } from '../src/workspace.ts';

/** Names that the conventions withdrew before their present release. */
const WITHDRAWN = [
  ...['http.method', 'http.status_code', 'http.url', 'http.target', 'http.scheme', 'http.host'],
  ...['http.flavor', 'http.user_agent', 'http.client_ip', 'net.peer.name', 'net.peer.ip'],
  ...['net.peer.port', 'net.host.name', 'net.host.port', 'net.transport', 'peer.service'],
  ...['db.system', 'db.statement', 'db.name', 'db.user', 'db.operation', 'db.sql.table'],
  ...['db.mongodb.collection', 'db.connection_string', 'messaging.destination'],
  ...['messaging.destination_kind', 'messaging.operation', 'messaging.url', 'messaging.message_id'],
  ...['messaging.protocol', 'messaging.rabbitmq.routing_key', 'exception.escaped', 'enduser.role'],
];
/** What redacts, reads or shows attributes of other libraries. */
const READERS = /^libs\/tracing\/src\/redaction\.ts$|^services\/front-end\/src\/traces\//;

it('no source of ours uses a withdrawn name of an attribute', () => {
  const found = [...sources()].flatMap(([file, text]) =>
    READERS.test(file)
      ? []
      : WITHDRAWN.filter((name) => text.includes(`'${name}'`)).map((name) => `${file}: ${name}`),
  );
  expect(found).toEqual([]);
});
