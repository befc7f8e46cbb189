import { type Attributes, type Logger, SeverityNumber } from '@opentelemetry/api';
import { activeSpan, context } from './context.ts';

/** What a provider of feature flags answered. */
export interface FlagEvaluation {
  readonly key: string;
  /** Name of the provider. */
  readonly provider: string;
  /** The name of the value, such as `on`; one of the two must be there. */
  readonly variant?: string;
  readonly value?: string | number | boolean;
}

const NAME = 'feature_flag.evaluation';

/**
 * Records which variant of a feature flag the work in the active span got: as the log record `feature_flag.evaluation`, or where log records go
 * nowhere as an event of the span. A trace then says why it differs from others.
 */
export function recordFlagEvaluation(
  { logger }: { readonly logger: Logger | undefined },
  { key, provider, variant, value }: FlagEvaluation,
): void {
  const attributes: Attributes = {
    'feature_flag.key': key,
    'feature_flag.provider.name': provider,
    ...(variant !== undefined && { 'feature_flag.result.variant': variant }),
    ...(value !== undefined && { 'feature_flag.result.value': value }),
  };
  if (logger === undefined) activeSpan()?.addEvent(NAME, attributes);
  else {
    logger.emit({
      eventName: NAME,
      severityNumber: SeverityNumber.INFO,
      severityText: 'info',
      attributes,
      context: context.active(),
    });
  }
}
