export { readTrace } from './read-trace.ts';
export { traceTree } from './trace-tree.ts';
