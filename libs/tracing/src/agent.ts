import {
  type Attributes,
  type Context,
  createContextKey,
  type Exception,
  isSpanContextValid,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  type TimeInput,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { unsuppressTracing } from '@opentelemetry/core';
import { ActiveSpans } from './active-span.ts';
import { baggageAttributes } from './baggage.ts';
import { context } from './context.ts';
import { redactedAttributes } from './redaction.ts';
import { SCOPE } from './scope.ts';

const AGENT_SPAN = createContextKey('span that an agent made for the request or message');

/**
 * Where the context of a request or message begins in a process with a foreign agent: its values stay, and its span is kept for the
 * SERVER or CONSUMER span to come.
 */
export function agentContext(): Context {
  const active = unsuppressTracing(context.active());
  const span = trace.getSpan(active);
  return span ? trace.deleteSpan(active).setValue(AGENT_SPAN, span) : active;
}

/** Whether another instrumentation has wrapped this function of a driver, and so makes its spans. */
export function isInstrumented(method: unknown): boolean {
  return typeof method === 'function' && (method as { __wrapped?: unknown }).__wrapped === true;
}

/**
 * Starts spans with a foreign agent's tracer, so that the agent samples and exports all of a trace. Where the agent has made the span of
 * a request or message already, that one gets the name and the attributes of ours.
 */
export class AgentTracer extends ActiveSpans {
  private readonly tracer: Tracer;
  private readonly adopted = new WeakSet<Span>();

  constructor(
    agent: TracerProvider,
    private readonly baggageTags: readonly string[] = [],
  ) {
    super();
    this.tracer = agent.getTracer(SCOPE.name, SCOPE.version, { schemaUrl: SCOPE.schemaUrl });
  }

  startSpan(name: string, options: SpanOptions = {}, from: Context = context.active()): Span {
    const { links = [] } = options;
    const fromBaggage = baggageAttributes(from, options.kind, this.baggageTags);
    const attributes = { ...options.attributes, ...fromBaggage };
    const theirs = this.adoptable(options.kind, from);
    if (!theirs) {
      const redacted = { ...options, attributes: redactedAttributes(attributes) };
      return new AgentSpan(this.tracer.startSpan(name, redacted, from), true);
    }
    this.adopted.add(theirs);
    return new AgentSpan(theirs, false).updateName(name).setAttributes(attributes).addLinks(links);
  }

  /** The agent's span of this very request or message. It may not have read the caller's headers: then its trace is another one. */
  private adoptable(kind: SpanKind | undefined, from: Context): Span | undefined {
    if (kind !== SpanKind.SERVER && kind !== SpanKind.CONSUMER) return undefined;
    const theirs = from.getValue(AGENT_SPAN) as Span | undefined; // only set above
    if (!theirs || this.adopted.has(theirs) || (kindOf(theirs) ?? kind) !== kind) return undefined;
    const caller = trace.getSpanContext(from);
    const own = theirs.spanContext();
    if (!isSpanContextValid(own) || own.isRemote) return undefined;
    return caller && isSpanContextValid(caller) && caller.traceId !== own.traceId
      ? undefined
      : theirs;
  }
}

/** Undefined for one that is not recorded: it has nothing but ids. */
function kindOf(span: Span): SpanKind | undefined {
  return (span as { kind?: SpanKind }).kind;
}

/** A span of an agent. It has no secrets in its URLs, and ends here only if it began here. */
class AgentSpan implements Span {
  constructor(
    private readonly span: Span,
    private readonly ours: boolean,
  ) {}

  spanContext(): SpanContext {
    return this.span.spanContext();
  }

  setAttribute(key: string, value: Attributes[string]): this {
    return this.setAttributes({ [key]: value });
  }

  setAttributes(attributes: Attributes): this {
    this.span.setAttributes(redactedAttributes(attributes));
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    this.span.addEvent(name, attributesOrTime, time);
    return this;
  }

  addLink(link: Link): this {
    return this.addLinks([link]);
  }

  /** Agents before version 1.9 of the API cannot. */
  addLinks(links: Link[]): this {
    if (links.length > 0) (this.span as Partial<Span>).addLinks?.(links);
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.span.setStatus(status);
    return this;
  }

  updateName(name: string): this {
    this.span.updateName(name);
    return this;
  }

  end(time?: TimeInput): void {
    if (this.ours) this.span.end(time);
  }

  isRecording(): boolean {
    return this.span.isRecording();
  }

  recordException(exception: Exception, time?: TimeInput): void {
    this.span.recordException(exception, time);
  }
}
