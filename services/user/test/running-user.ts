import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { basic } from '@sockshop/testing';
import { UserConfig } from '../src/config.ts';
import { user } from '../src/user.module.ts';

export function startUser(
  databaseUrl: string,
  service = new ServiceUnderTest(),
): Promise<ServiceUnderTest> {
  const config = UserConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl });
  return service.begin(user(config), 'debug');
}

export function logIn(
  service: ServiceUnderTest,
  username: string,
  password: string,
): Promise<Response> {
  return service.fetch('/login', { headers: { authorization: basic(username, password) } });
}
