import type { Attributes, Context, Link, SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import { b3Decision } from './b3.ts';
import type { SamplerConfig } from './tracing-config.ts';

/** The sampler of this name in OpenTelemetry's specification. A parent's decision, or a B3 decision without ids, has priority. */
export function samplerOf({
  name = 'parentbased_always_on',
  ratio = 1,
}: Partial<SamplerConfig> = {}): Sampler {
  const root = new B3DecisionSampler(rootSampler({ name, ratio }));
  return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
}

function rootSampler({ name, ratio }: SamplerConfig): Sampler {
  if (name.endsWith('always_on')) return new AlwaysOnSampler();
  if (name.endsWith('always_off')) return new AlwaysOffSampler();
  return new TraceIdRatioBasedSampler(ratio);
}

/** A caller that sent `b3: 0`, `1` or `d` without ids has already decided about the trace that starts here. */
class B3DecisionSampler implements Sampler {
  constructor(private readonly otherwise: Sampler) {}

  shouldSample(
    context: Context,
    traceId: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    links: Link[],
  ): SamplingResult {
    const decision = b3Decision(context);
    if (decision === 'deny') return { decision: SamplingDecision.NOT_RECORD };
    if (decision) return { decision: SamplingDecision.RECORD_AND_SAMPLED };
    return this.otherwise.shouldSample(context, traceId, name, kind, attributes, links);
  }

  toString(): string {
    return `B3Decision{${this.otherwise.toString()}}`;
  }
}
