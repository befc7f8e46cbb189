import { afterAll, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { ServiceUnderTest } from '@sockshop/service-testing';
import { mysql } from '@sockshop/testing/real-servers';
import { mysqlDatabase, sqliteDatabase, type TestDatabase } from './databases.ts';
import { startCatalogue } from './running-catalogue.ts';

export interface SockJson {
  id: string;
  name: string;
  tag: string[];
}

export const HOLY = '03fef6ac-1896-4ce8-bd69-b798f85c6e0b';
export const NAMES_BY_ID = [
  ...['Holy', 'Colourful', 'SuperSport XL', 'Weave special', 'Crossed'],
  ...['Figueroa', 'Cat socks', 'Nerd leg', 'YouTube.sock', 'Classic'],
];
export const FORMAL = ['SuperSport XL', 'Crossed', 'Figueroa', 'Cat socks', 'YouTube.sock'];

/** The service on one kind of database. */
export interface CatalogueContext {
  readonly system: 'sqlite' | 'mysql';
  readonly service: ServiceUnderTest;
  /** The service's database, there once the tests run. */
  database: TestDatabase;
  /** A moment passes: no answer from memory is fresh any more. */
  readonly later: () => void;
  /** The names in a list of socks. */
  readonly names: (path: string) => Promise<string[]>;
}

/** The tests on SQLite and on MySQL, there in a database of this name. The service runs once the tests do. */
export function onEachDatabase(name: string, tests: (context: CatalogueContext) => void): void {
  describe('catalogue on SQLite', () => {
    contract(sqliteDatabase, 'sqlite', tests);
  });
  mysql.suite('catalogue on MySQL', () => {
    contract(() => mysqlDatabase(name), 'mysql', tests);
  });
}

function contract(
  open: () => Promise<TestDatabase>,
  system: 'sqlite' | 'mysql',
  tests: (context: CatalogueContext) => void,
): void {
  const service = new ServiceUnderTest();
  const names = async (path: string): Promise<string[]> => {
    const response = await service.fetch(path);
    expect(response.status).toBe(200);
    return ((await response.json()) as SockJson[]).map(({ name }) => name);
  };
  let clockMs = 0;
  const later = (): void => {
    clockMs += 1000;
  };
  const context = { system, service, later, names } as CatalogueContext; // its database is opened below
  beforeAll(async () => {
    const database = await open();
    const execute = async (...statements: string[]): Promise<void> => {
      await database.execute(...statements);
      later();
    };
    context.database = { ...database, execute };
    await context.database.remove().catch(() => undefined); // left by an interrupted run
    await startCatalogue(context.database.url, service, () => clockMs);
    await service.ready();
  });
  afterAll(async () => {
    await service.close();
    await context.database.remove();
  });
  beforeEach(() => {
    later();
    service.spans.reset();
  });
  tests(context);
}
