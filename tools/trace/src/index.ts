export { unexplainedTimes } from './gaps.ts';
export { readSpansOfFile, readSpansOfText } from './read-spans.ts';
export { type Span, traceKey } from './span.ts';
