import { z } from 'zod';

const text = z.string();
const traceId = text.meta({ examples: ['0af7651916cd43dd8448eb211c80319c'] });
const startMs = z.number().meta({ description: 'Milliseconds since 1970.' });
const ms = z.number().meta({ description: 'Milliseconds.' });
const us = z.number().meta({ description: 'Microseconds.' });

const Span = z
  .object({
    id: text,
    parentId: text.optional(),
    name: text,
    kind: z.enum(['CLIENT', 'SERVER', 'PRODUCER', 'CONSUMER']).optional(),
    service: text,
    remoteService: text.optional(),
    startUs: us.meta({ description: 'Microseconds since the start of the trace.' }),
    durationUs: us,
    error: text
      .optional()
      .meta({ description: "A word that says what; '' where it is only marked." }),
    tags: z.record(text, text),
    logs: z.array(z.object({ atUs: us, value: text })),
  })
  .meta({ id: 'Span' });
const Summary = z
  .object({
    traceId,
    startMs,
    durationMs: ms.meta({ description: 'Milliseconds that the caller waited.' }),
    wholeMs: ms.meta({ description: 'Milliseconds until the last span ended.' }),
    name: text.meta({ examples: ['post /orders'] }),
    service: text,
    spans: z.int(),
    services: z
      .array(text)
      .meta({ description: 'In the order in which the trace reached them; 100 at most.' }),
    errors: z.int().meta({ description: 'Spans marked as failed.' }),
    status: text.optional().meta({ description: 'The HTTP status of the answer.' }),
    state: z.enum(['finished', 'running', 'queued']).meta({
      description: '`running`: spans are missing. `queued`: only the consumer of a message is.',
    }),
  })
  .meta({ id: 'TraceSummary' });
const Trace = z
  .object({
    traceId,
    summary: Summary.meta({ description: 'Of all its spans, as in lists.' }),
    startMs: startMs.meta({ description: 'Of the first span, milliseconds since 1970.' }),
    spans: z.array(Span).meta({ description: 'By start, parents before their children.' }),
    omittedSpans: z
      .int()
      .optional()
      .meta({ description: 'Further spans, beyond 1000 or below 100 levels.' }),
  })
  .meta({ id: 'Trace' });

const Logs = z
  .object({
    kept: z.boolean().meta({ description: 'Whether this front-end knows where logs are.' }),
    lines: z.array(
      z.object({
        atMs: startMs,
        spanId: text,
        service: text,
        level: z.enum(['debug', 'info', 'warn', 'error']),
        message: text.meta({ description: "'' where it is not one of the fixed messages." }),
        fields: z.record(text, text),
      }),
    ),
  })
  .meta({ id: 'TraceLogs' });

const measured = {
  count: z.int(),
  errors: z.int().meta({ description: 'Answers of 500 or more, and calls without an answer.' }),
  perSecond: z.number(),
  avgMs: ms,
  p95Ms: ms,
};
const listed = { name: text, ...measured, maxMs: ms };
const part = z.enum(['service', 'database', 'broker', 'browser']);
const Traffic = z
  .object({
    windowS: z.number(),
    coveredS: z.number().meta({ description: 'Seconds of which there are figures.' }),
    spans: z.int().meta({ description: 'How many the figures are made from.' }),
    requests: z.object(measured).meta({ description: 'From outside, measured at the shop.' }),
    services: z
      .array(
        z.object({
          ...measured,
          name: text,
          version: text.optional(),
          kind: part,
          versions: z
            .array(
              z.object({
                ...measured,
                version: text,
                instances: z.array(z.object({ ...measured, name: text })),
              }),
            )
            .optional()
            .meta({ description: 'Of a service whose spans name their version.' }),
        }),
      )
      .meta({ description: 'What each part handled, measured there.' }),
    edges: z
      .array(z.object({ ...measured, from: text, to: text }))
      .meta({ description: 'Calls and messages, measured at the caller: the sums of `calls`.' }),
    routes: z
      .array(z.object({ ...listed, service: text }))
      .meta({ description: 'Requests by route, measured at the service.' }),
    calls: z
      .array(
        z.object({
          ...listed,
          from: text,
          to: text,
          kind: z.enum(['http', 'database', 'broker']),
          inProcess: z.boolean().meta({ description: 'Part of no edge.' }),
        }),
      )
      .meta({ description: 'Calls and messages by name, measured at the caller.' }),
  })
  .meta({ id: 'Traffic' });

const found = {
  traces: z.array(Summary),
  looked: z.int().meta({ description: 'How many traces were looked through, from the newest.' }),
  complete: z.boolean().meta({ description: 'No others meet the conditions in that time.' }),
};

const zipkinUrl = z.string().optional().meta({ description: "Of Zipkin's own pages." });

/** The responses about traces: `/openapi.json` describes them by these schemas, and the pages take their types from here. */
export const responses = {
  drawer: z.object({ drawer: z.literal(true), zipkinUrl }),
  settings: z.object({
    zipkinUrl,
    version: text,
    mesh: z.literal(true).optional().meta({ description: 'The caller may give its commands.' }),
  }),
  me: z.object({ pseudoId: text.optional() }),
  trace: Trace,
  logs: Logs,
  traces: z.object({ traces: z.array(Summary) }),
  found: z.object(found),
  traffic: Traffic,
};

export const LOGS_UNAVAILABLE = 'the trace store or the log store is unavailable';
export const STORE_UNAVAILABLE = 'the trace store is unavailable';
