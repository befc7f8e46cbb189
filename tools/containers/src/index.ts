export { composeClient } from './compose-client.ts';
