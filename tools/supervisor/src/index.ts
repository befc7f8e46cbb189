export {
  claimFolder,
  DEFAULT_DIR,
  FolderInUseError,
  forgetEnded,
  LOCK_FILE,
  requireUnclaimed,
  shellWord,
  stopCommand,
} from './claim.ts';
export { endProcess, endProcesses, ends } from './end-processes.ts';
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
export { type Memory, memoryOf, type ProcessId, processOf, runs } from './processes.ts';
export { type Profile, PROFILES, serviceFlags } from './node-flags.ts';
export { keepPrivate, makePrivate, makePrivateFolder } from './private-files.ts';
export { portInUse, requireFreePorts, type WantedPort } from './require-free-ports.ts';
export type { Say } from './say.ts';
export { spawnLogged, type Spawned } from './spawn-logged.ts';
export {
  AT_WORK,
  type Part,
  readState,
  removeState,
  type State,
  STATE_FILE,
  type WayName,
  writeState,
} from './state.ts';
