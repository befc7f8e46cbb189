export {
  Argument,
  command,
  CommandError,
  InvalidArgumentError,
  Option,
  run,
  UsageError,
} from './command.ts';
export { fileProblem } from './file-problem.ts';
export { path, text, whole } from './readers.ts';
export { aligned } from './text-table.ts';
