export { filesAt, type LogFile } from './log-files.ts';
export { isLevel, LEVELS, type LogLevel, type LogLine, parseLine } from './log-line.ts';
export { inOrder } from './in-order.ts';
export { linesOf, type Wanted } from './lines-of.ts';
