export { BackOff, type Waits } from './back-off.ts';
export { FailureWindows } from './failure-windows.ts';
export { keepTrying, type KeepTryingOptions } from './keep-trying.ts';
export { within } from './within.ts';
