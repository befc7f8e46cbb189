import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { catalogue } from '../src/catalogue.module.ts';
import { CatalogueConfig } from '../src/config.ts';

/** `now`: the clock by which kept answers age. Without one, nothing is kept: every request asks the database. */
export function startCatalogue(
  databaseUrl: string,
  service = new ServiceUnderTest(),
  now?: () => number,
): Promise<ServiceUnderTest> {
  const kept = now ? {} : { CACHE_MS: '0' };
  const config = CatalogueConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl, ...kept });
  return service.begin(catalogue(config, now));
}
