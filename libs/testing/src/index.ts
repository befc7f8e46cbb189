export { Documented, noting } from './documented.ts';
export { TcpProxy } from './tcp-proxy.ts';
export { ended, until } from './until.ts';
export { withoutIds } from './without-ids.ts';
