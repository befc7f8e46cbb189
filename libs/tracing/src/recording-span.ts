import {
  type Attributes,
  type Exception,
  type HrTime,
  type Link,
  type Logger,
  ROOT_CONTEXT,
  SeverityNumber,
  type Span,
  type SpanContext,
  type SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
  trace,
} from '@opentelemetry/api';
import {
  AddAttributeDecision,
  cleanAttributes,
  cleanSimpleAttributes,
  hrTimeDuration,
  isTimeInput,
  maybeAddAttribute,
  timeInputToHrTime,
} from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan, SpanProcessor, TimedEvent } from '@opentelemetry/sdk-trace';
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from '@opentelemetry/semantic-conventions';
import { now, wallOffset } from './clock.ts';
import type { ExceptionSignal, SpanLimits } from './tracing-config.ts';

/** What all spans of a service have in common. */
export interface SpanOrigin {
  readonly resource: Resource;
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
  readonly processors: readonly SpanProcessor[];
  readonly limits: SpanLimits;
  /** Takes log records of the service; undefined where they go nowhere. */
  readonly logger: Logger | undefined;
  /** Where exceptions are recorded. */
  readonly exceptions: ExceptionSignal;
}

export interface SpanBeginning {
  readonly name: string;
  readonly kind: SpanKind;
  readonly spanContext: SpanContext;
  readonly parentSpanContext: SpanContext | undefined;
  readonly startTime: TimeInput | undefined;
  readonly attributes: Attributes | undefined;
  readonly links: readonly Link[] | undefined;
  readonly shared?: boolean;
  /** That of the parent, if this process has it. */
  readonly clockOffset?: number | undefined;
}

type Facts = Partial<Exclude<Exception, string>>;

/**
 * A span that is recorded, as the SDK's. Most attributes are texts and numbers, which need no deep check and copy; and a span starts and
 * ends to the microsecond, so that a child never seems to start before its parent.
 */
export class RecordingSpan implements Span, ReadableSpan {
  name: string;
  readonly kind: SpanKind;
  readonly parentSpanContext?: SpanContext;
  readonly startTime: HrTime;
  endTime: HrTime = [0, 0];
  ended = false;
  status: SpanStatus = UNSET;
  attributes: Attributes;
  readonly events: TimedEvent[] = [];
  readonly links: Link[] = [];
  droppedAttributesCount = 0;
  droppedEventsCount = 0;
  droppedLinksCount = 0;
  /** Whether its id is that of its caller's span as well. */
  readonly shared: boolean;
  /** The span ends, and its children begin, by the monotonic clock: a step of the wall clock changes no duration. */
  readonly clockOffset: number;
  private readonly context: SpanContext;
  private attributeCount: number;

  constructor(
    private readonly origin: SpanOrigin,
    beginning: SpanBeginning,
  ) {
    const { startTime, attributes, links, parentSpanContext } = beginning;
    this.name = beginning.name;
    this.kind = beginning.kind;
    this.context = beginning.spanContext;
    this.shared = beginning.shared ?? false;
    if (parentSpanContext) this.parentSpanContext = parentSpanContext;
    if (startTime === undefined) {
      this.clockOffset = beginning.clockOffset ?? wallOffset();
      this.startTime = now(this.clockOffset);
    } else {
      this.clockOffset = wallOffset(); // of the clock that the caller has read
      this.startTime = timeInputToHrTime(startTime);
    }
    const { limits } = this.origin;
    this.attributes = { ...cutAll(attributes, limits) };
    this.attributeCount = plainCount(this.attributes, limits);
    if (this.attributeCount === NOT_PLAIN) this.clean(this.attributes);
    if (links) this.addLinks([...links]);
  }

  get resource(): Resource {
    return this.origin.resource;
  }

  get instrumentationScope(): ReadableSpan['instrumentationScope'] {
    return this.origin.instrumentationScope;
  }

  get duration(): HrTime {
    return this.ended ? hrTimeDuration(this.startTime, this.endTime) : [-1, -1];
  }

  spanContext(): SpanContext {
    return this.context;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: Attributes[string]): this {
    if (this.ended) return this;
    const { attributes, attributeCount: currentAttributesCount } = this;
    const { limits } = this.origin;
    const kept = limits.valueLength === Infinity ? value : cut(value, limits.valueLength);
    if (isPlain(kept) && key !== '' && currentAttributesCount < limits.attributes) {
      if (!Object.hasOwn(attributes, key)) this.attributeCount += 1;
      attributes[key] = kept;
      return this;
    }
    const decision = maybeAddAttribute({
      key,
      value: kept,
      attributes,
      limits: countLimit(limits.attributes),
      currentAttributesCount,
    });
    if (decision === AddAttributeDecision.ADD_NEW) this.attributeCount += 1;
    if (decision === AddAttributeDecision.DROP_LIMIT_REACHED) this.droppedAttributesCount += 1;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined) this.setAttribute(key, value);
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (this.ended) return this;
    const { limits } = this.origin;
    if (!this.hasRoom(this.events, limits.events)) this.droppedEventsCount += 1;
    if (limits.events === 0) return this;
    const timed = isTimeInput(attributesOrTime);
    const at = time ?? (timed ? attributesOrTime : undefined);
    const attributes = timed ? undefined : attributesOrTime;
    this.events.push({
      name,
      time: at === undefined ? now(this.clockOffset) : timeInputToHrTime(at),
      ...cleanSimpleAttributes(cutAll(attributes, limits), countLimit(limits.eventAttributes)),
    });
    return this;
  }

  addLink({ context, attributes }: Link): this {
    if (this.ended) return this;
    const { limits } = this.origin;
    if (!this.hasRoom(this.links, limits.links)) this.droppedLinksCount += 1;
    if (limits.links === 0) return this;
    this.links.push({
      context,
      ...cleanAttributes(cutAll(attributes, limits), countLimit(limits.linkAttributes)),
    });
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** OK is final, and nothing returns to UNSET. */
  setStatus({ code, message }: SpanStatus): this {
    if (this.ended || code === SpanStatusCode.UNSET || this.status.code === SpanStatusCode.OK)
      return this;
    const said = code === SpanStatusCode.ERROR && typeof message === 'string';
    this.status = said ? { code, message } : { code };
    return this;
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const facts: Facts = typeof exception === 'string' ? { message: exception } : exception;
    const { code, name, message, stack } = facts;
    const type = code ? String(code) : name;
    if (!type && !message) return;
    const attributes = {
      ...(type && { [ATTR_EXCEPTION_TYPE]: type }),
      ...(message && { [ATTR_EXCEPTION_MESSAGE]: message }),
      ...(stack && { [ATTR_EXCEPTION_STACKTRACE]: stack }),
    };
    const { exceptions, logger } = this.origin;
    if (exceptions !== 'logs' || logger === undefined) {
      this.addEvent('exception', attributes, time);
    }
    if (exceptions === 'events') return;
    logger?.emit({
      eventName: 'exception',
      severityNumber: SeverityNumber.ERROR,
      severityText: 'error',
      attributes,
      context: trace.setSpan(ROOT_CONTEXT, this),
      ...(time !== undefined && { timestamp: time }),
    });
  }

  /** An end before the start becomes the start: the caller's clock was set between. */
  end(time?: TimeInput): void {
    if (this.ended) return;
    const end = time === undefined ? now(this.clockOffset) : timeInputToHrTime(time);
    const [seconds, nanos] = this.startTime;
    const early = end[0] < seconds || (end[0] === seconds && end[1] < nanos);
    this.endTime = early ? [seconds, nanos] : end;
    this.ended = true;
    for (const processor of this.origin.processors) processor.onEnd(this);
  }

  /** Whether one more fits; if not, the oldest one goes. */
  private hasRoom(list: unknown[], most: number): boolean {
    if (list.length < most) return true;
    list.shift();
    return false;
  }

  /** The SDK's whole check, for attributes that are not all texts, numbers and truth values. */
  private clean(attributes: Attributes): void {
    const cleaned = cleanAttributes(attributes, countLimit(this.origin.limits.attributes));
    this.attributes = cleaned.attributes ?? {};
    this.attributeCount = Object.keys(this.attributes).length;
    this.droppedAttributesCount = cleaned.droppedAttributesCount ?? 0;
  }
}

const UNSET: SpanStatus = { code: SpanStatusCode.UNSET };
const NOT_PLAIN = -1;

/** How many there are, or NOT_PLAIN. */
function plainCount(attributes: Attributes, limits: SpanLimits): number {
  const keys = Object.keys(attributes);
  const plain =
    keys.length <= limits.attributes && keys.every((key) => key !== '' && isPlain(attributes[key]));
  return plain ? keys.length : NOT_PLAIN;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The SDK's check does not know a length of 0, so texts are cut here. */
function countLimit(attributeCountLimit: number) {
  return { attributeCountLimit, attributeValueLengthLimit: Infinity };
}

function cutAll(attributes: Attributes | undefined, limits: SpanLimits): Attributes | undefined {
  if (limits.valueLength === Infinity || attributes === undefined) return attributes;
  const cuts = Object.entries(attributes).map(([key, value]) => [
    key,
    cut(value, limits.valueLength),
  ]);
  return Object.fromEntries(cuts) as Attributes; // the same keys, and values of the same types
}

function cut<T>(value: T, length: number): T {
  if (typeof value === 'string') return value.slice(0, length) as T;
  return Array.isArray(value) ? (value.map((each: unknown) => cut(each, length)) as T) : value;
}
