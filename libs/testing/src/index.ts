export { TcpProxy } from './tcp-proxy.ts';
export { ended, until } from './until.ts';
