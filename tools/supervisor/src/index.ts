export { endProcesses, ends } from './end-processes.ts';
export { freePort } from './free-port.ts';
export { greet } from './greet.ts';
export { keepRunning } from './keep-running.ts';
export {
  lastLines,
  launch,
  ServerStartError,
  type Launch,
  type OnSpawn,
  type ServerProcess,
} from './launch.ts';
export { memoryOf, type ProcessId, processOf, runs } from './processes.ts';
export type { Say } from './say.ts';
export { spawnLogged, type Spawned } from './spawn-logged.ts';
export { type Part, readState, removeState, type State, writeState } from './state.ts';
