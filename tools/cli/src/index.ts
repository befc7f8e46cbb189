export { type CommandLine, parse } from './command-line.ts';
export { CommandError, UsageError } from './errors.ts';
export { flag, option, optional, repeatable, type Option, type Values } from './option.ts';
export { oneOf, path, text, whole } from './readers.ts';
export { command, run } from './run.ts';
export { aligned } from './text-table.ts';
