import { z } from 'zod';

/** Counts before each one is checked: Zod itself checks the length last. */
function atMost<T extends z.ZodType>(most: number, what: string, schema: T) {
  return z.preprocess((value, context) => {
    const count = Array.isArray(value) ? value.length : 0;
    if (count > most) context.addIssue(`more than ${most} ${what}`);
    return value;
  }, schema);
}

/** Spans of one request. */
export const MOST_SPANS = 50;

const traceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
const spanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);
/** JSON has 64 bits as text. */
const nanoseconds = z
  .string()
  .regex(/^\d{1,19}$/)
  .meta({ examples: ['1750000000000000000'] });
const shortText = z.string().max(200);

const Value = z.object({
  stringValue: shortText.optional(),
  boolValue: z.boolean().optional(),
  intValue: z.union([z.int(), z.string().regex(/^-?\d{1,15}$/)]).optional(),
  doubleValue: z.number().optional(),
  arrayValue: z
    .object({ values: z.array(z.object({ stringValue: shortText })).max(10) })
    .optional(),
});
const attributes = atMost(
  32,
  'attributes',
  z.array(z.object({ key: z.string().max(60), value: Value })),
).default([]);
export type OtlpAttributes = z.output<typeof attributes>;

const printable = z.string().regex(/^[ -~]{1,100}$/);
const Event = z.object({ name: printable, timeUnixNano: nanoseconds, attributes });
const Link = z.object({ traceId, spanId });
const Span = z.object({
  traceId,
  spanId,
  parentSpanId: spanId.optional(),
  name: printable,
  /** Browsers have INTERNAL and CLIENT spans. */
  kind: z.union([z.literal(1), z.literal(3)]).default(1),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  events: atMost(32, 'events', z.array(Event)).default([]),
  links: atMost(8, 'links', z.array(Link)).default([]),
  status: z.object({ code: z.int().min(0).max(2).optional() }).default({}),
});
export type OtlpSpan = z.output<typeof Span>;

const Scope = z.object({ spans: atMost(MOST_SPANS, 'spans', z.array(Span)) });
const Resource = z.object({
  resource: z.object({ attributes }).default({ attributes: [] }),
  scopeSpans: atMost(10, 'scopes', z.array(Scope)),
});

/** OTLP's `ExportTraceServiceRequest` in JSON, as far as a browser needs it. */
export const OtlpRequest = z.object({
  resourceSpans: atMost(5, 'resources', z.array(Resource)),
});
export type OtlpRequest = z.output<typeof OtlpRequest>;

/** OTLP's `ExportTraceServiceResponse`: what was dropped, and why. */
export const OtlpResponse = z.object({
  partialSuccess: z
    .object({ rejectedSpans: z.string(), errorMessage: z.string() })
    .optional()
    .meta({ description: 'Spans that were dropped, as more came than one second allows.' }),
});
