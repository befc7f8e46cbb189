export { FREE_PORT, type LogLine, ServiceUnderTest } from './service-under-test.ts';
