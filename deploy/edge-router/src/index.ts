export type { InstanceFigures, ServiceFigures, VersionFigures } from './figures.ts';
export { RouterError } from './router-error.ts';
export type { Breaker, Instance, ServiceState, Variant } from './router-state.ts';
export { Router } from './router.ts';
export type { RouterPorts } from './router-ports.ts';
export { type RouterOptions, startRouter } from './start-router.ts';
