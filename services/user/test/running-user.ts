import { FREE_PORT, ServiceUnderTest } from '@sockshop/service-testing';
import { basic } from '@sockshop/testing';
import { UserConfig } from '../src/config.ts';
import { user } from '../src/user.module.ts';

export function startUser(
  databaseUrl: string,
  service = new ServiceUnderTest(),
  env: Record<string, string> = {},
): Promise<ServiceUnderTest> {
  const config = UserConfig.read({ ...FREE_PORT, DATABASE_URL: databaseUrl, ...env });
  return service.begin(user(config), 'debug');
}

export function logIn(
  service: ServiceUnderTest,
  username: string,
  password: string,
  init: { from?: string; signal?: AbortSignal } = {},
): Promise<Response> {
  const { from, ...rest } = init;
  const headers = {
    authorization: basic(username, password),
    ...(from !== undefined && { 'x-forwarded-for': from }), // as front-end sends it
  };
  return service.fetch('/login', { headers, ...rest });
}
