import { z } from 'zod';

const text = z.string();
const traceId = text.meta({ examples: ['0af7651916cd43dd8448eb211c80319c'] });
const startMs = z.number().meta({ description: 'Milliseconds since 1970.' });
const ms = z.number().meta({ description: 'Milliseconds.' });
const us = z.number().meta({ description: 'Microseconds.' });
const share = z.number().min(0).max(1).meta({ description: 'Of failed ones, 0 to 1.' });

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
const Trace = z
  .object({
    traceId,
    startMs,
    durationMs: ms.meta({ description: 'Milliseconds until the last span ended.' }),
    spans: z.array(Span).meta({ description: 'By start, parents before their children.' }),
    omittedSpans: z
      .int()
      .optional()
      .meta({ description: 'Further spans, beyond 1000 or below 100 levels.' }),
  })
  .meta({ id: 'Trace' });
const Summary = z
  .object({
    traceId,
    startMs,
    durationMs: ms.meta({ description: 'Milliseconds that the caller waited.' }),
    name: text.meta({ examples: ['post /orders'] }),
    service: text,
    spans: z.int(),
    services: z
      .array(text)
      .meta({ description: 'In the order in which the trace reached them; 100 at most.' }),
    errors: z.int().meta({ description: 'Spans marked as failed.' }),
    status: text.optional().meta({ description: 'The HTTP status of the answer.' }),
  })
  .meta({ id: 'TraceSummary' });

const measured = { perSecond: z.number(), avgMs: ms, p95Ms: ms };
const listed = { ...measured, name: text, count: z.int(), errors: z.int(), maxMs: ms };
const part = z.enum(['service', 'database', 'broker', 'browser']);
const Traffic = z
  .object({
    windowS: z.number(),
    coveredS: z.number().meta({ description: 'Seconds of which there are figures.' }),
    spans: z.int().meta({ description: 'How many the figures are made from.' }),
    services: z.array(
      z.object({
        ...measured,
        name: text,
        version: text.optional(),
        kind: part,
        errorShare: share,
      }),
    ),
    edges: z.array(z.object({ ...measured, from: text, to: text, errorShare: share })),
    routes: z.array(z.object({ ...listed, service: text, kind: z.literal('http') })),
    calls: z.array(
      z.object({ ...listed, service: text, target: text, kind: z.enum(['database', 'broker']) }),
    ),
  })
  .meta({ id: 'Traffic' });

const zipkinUrl = z.string().optional().meta({ description: "Of Zipkin's own pages." });

/** The responses about traces: `/openapi.json` describes them by these schemas, and the pages take their types from here. */
export const responses = {
  drawer: z.object({ drawer: z.literal(true), zipkinUrl }),
  settings: z.object({ zipkinUrl, version: text }),
  me: z.object({ pseudoId: text.optional() }),
  trace: Trace,
  traces: z.object({ traces: z.array(Summary) }),
  traffic: Traffic,
};

export const STORE_UNAVAILABLE = 'the trace store is unavailable';
