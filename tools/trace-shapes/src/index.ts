export { verdictOn } from './golden.ts';
export { JOURNEYS } from './journeys.ts';
export { recordedRun } from './recorded-run.ts';
export { recovery } from './recovery.ts';
