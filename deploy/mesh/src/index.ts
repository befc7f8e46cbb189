export { type ControlServer, serveControl } from './control-server.ts';
export { SOCKET_FILE } from './control-socket.ts';
export { Mesh } from './mesh.ts';
export type { Build, InstanceSpec, Limits, Processes, RunningInstance } from './processes.ts';
export type { MeshView, ServiceView } from './view.ts';
