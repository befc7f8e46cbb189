export { binomial, type Figure } from './figures.ts';
export { isFailed, timed, Traffic } from './traffic.ts';
export { versionsIn } from './versions-in-traces.ts';
