export { Documented, noting } from './documented.ts';
export { Launcher, OWN_SERVERS } from './launcher.ts';
export { call, logIn, newCustomer, orderOnce } from './shopping.ts';
export { TcpProxy } from './tcp-proxy.ts';
export { ended, until } from './until.ts';
export { withoutIds } from './without-ids.ts';
