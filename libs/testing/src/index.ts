export { basic, CookieClient } from './cookie-client.ts';
export { Documented, noting } from './documented.ts';
export { Launcher, OWN_SERVERS } from './launcher.ts';
export { RunningProcess } from './running-process.ts';
export { logIn, newCustomer, orderOnce } from './shopping.ts';
export { type Answer, type Behaviour, CUT, HANG, type Received, StandIn } from './stand-in.ts';
export { TcpProxy } from './tcp-proxy.ts';
export { ended, until } from './until.ts';
export { withoutIds } from './without-ids.ts';
