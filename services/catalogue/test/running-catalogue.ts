import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { catalogue } from '../src/catalogue.module.ts';
import { CatalogueConfig } from '../src/config.ts';

export function startCatalogue(
  databaseUrl: string,
  service = new ServiceUnderTest(),
): Promise<ServiceUnderTest> {
  const config = CatalogueConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl });
  return service.begin(catalogue(config));
}
