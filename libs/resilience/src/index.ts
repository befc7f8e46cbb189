export { BackOff, type Waits } from './back-off.ts';
export { keepTrying, type KeepTryingOptions } from './keep-trying.ts';
export { within } from './within.ts';
