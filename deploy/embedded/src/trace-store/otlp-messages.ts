import type { Message } from './protobuf.ts';

// OpenTelemetry's trace.proto, as far as Zipkin has a place for it. Names are those of the JSON form.

const VALUE: Message = {
  1: { name: 'stringValue', type: 'text' },
  2: { name: 'boolValue', type: 'flag' },
  3: { name: 'intValue', type: 'long' },
  4: { name: 'doubleValue', type: 'double' },
  5: { name: 'arrayValue', type: () => ARRAY },
  6: { name: 'kvlistValue', type: () => PAIRS },
  7: { name: 'bytesValue', type: 'bytes' },
};
const ARRAY: Message = { 1: { name: 'values', type: VALUE, list: true } };
const PAIR: Message = { 1: { name: 'key', type: 'text' }, 2: { name: 'value', type: VALUE } };
const PAIRS: Message = { 1: { name: 'values', type: PAIR, list: true } };
const RESOURCE: Message = { 1: { name: 'attributes', type: PAIR, list: true } };
const SCOPE: Message = {
  1: { name: 'name', type: 'text' },
  2: { name: 'version', type: 'text' },
};
const EVENT: Message = {
  1: { name: 'timeUnixNano', type: 'fixed' },
  2: { name: 'name', type: 'text' },
  3: { name: 'attributes', type: PAIR, list: true },
};
const LINK: Message = {
  1: { name: 'traceId', type: 'hex' },
  2: { name: 'spanId', type: 'hex' },
  4: { name: 'attributes', type: PAIR, list: true },
};
const STATUS: Message = { 2: { name: 'message', type: 'text' }, 3: { name: 'code', type: 'int' } };
const SPAN: Message = {
  1: { name: 'traceId', type: 'hex' },
  2: { name: 'spanId', type: 'hex' },
  4: { name: 'parentSpanId', type: 'hex' },
  5: { name: 'name', type: 'text' },
  6: { name: 'kind', type: 'int' },
  7: { name: 'startTimeUnixNano', type: 'fixed' },
  8: { name: 'endTimeUnixNano', type: 'fixed' },
  9: { name: 'attributes', type: PAIR, list: true },
  10: { name: 'droppedAttributesCount', type: 'int' },
  11: { name: 'events', type: EVENT, list: true },
  12: { name: 'droppedEventsCount', type: 'int' },
  13: { name: 'links', type: LINK, list: true },
  14: { name: 'droppedLinksCount', type: 'int' },
  15: { name: 'status', type: STATUS },
  16: { name: 'flags', type: 'bits' },
};
const SCOPE_SPANS: Message = {
  1: { name: 'scope', type: SCOPE },
  2: { name: 'spans', type: SPAN, list: true },
};
const RESOURCE_SPANS: Message = {
  1: { name: 'resource', type: RESOURCE },
  2: { name: 'scopeSpans', type: SCOPE_SPANS, list: true },
};

/** `ExportTraceServiceRequest`. */
export const TRACES: Message = { 1: { name: 'resourceSpans', type: RESOURCE_SPANS, list: true } };
