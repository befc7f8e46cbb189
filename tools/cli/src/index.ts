export { aligned } from './text-table.ts';
export { UsageError } from './usage-error.ts';
