export { endProcesses, ends } from './end-processes.ts';
export { freePort } from './free-port.ts';
export { greet } from './greet.ts';
export { keepServer } from './keep-server.ts';
export {
  lastLines,
  launch,
  ServerStartError,
  type Launch,
  type Say,
  type ServerProcess,
  type Spawned,
} from './launch.ts';
export { memoryOf } from './processes.ts';
export {
  type Part,
  type ProcessId,
  processOf,
  readState,
  removeState,
  runs,
  type State,
  writeState,
} from './state.ts';
export { SupervisedProcess } from './supervised-process.ts';
