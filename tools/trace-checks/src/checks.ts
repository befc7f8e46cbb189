import type { Check } from './check.ts';
import { DATABASE_CHECKS } from './database.checks.ts';
import { ERROR_CHECKS } from './error.checks.ts';
import { EXPORT_CHECKS } from './export.checks.ts';
import { HTTP_CHECKS } from './http.checks.ts';
import { MESSAGING_CHECKS } from './messaging.checks.ts';
import { METRICS_CHECKS } from './metrics.checks.ts';
import { PROPAGATION_CHECKS } from './propagation.checks.ts';
import { WHOLE_TRACE_CHECKS } from './whole-trace.checks.ts';
import { ZIPKIN_CHECKS } from './zipkin.checks.ts';

/** What every span and every whole trace satisfies. */
export const CHECKS: readonly Check[] = [
  ...HTTP_CHECKS,
  ...DATABASE_CHECKS,
  ...MESSAGING_CHECKS,
  ...ERROR_CHECKS,
  ...PROPAGATION_CHECKS,
  ...EXPORT_CHECKS,
  ...ZIPKIN_CHECKS,
  ...METRICS_CHECKS,
  ...WHOLE_TRACE_CHECKS,
];
