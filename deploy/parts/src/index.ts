export {
  callersFirst,
  DEFAULT_PORT,
  environmentOf,
  HIGHEST_PORT,
  portOf,
  startOrder,
  type Surroundings,
} from './launch.ts';
export { type Colour, type Service, SERVICE_NAMES, type ServiceName, SERVICES } from './parts.ts';
