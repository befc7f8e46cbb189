import { type Metric, onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals';
import type { SpanEvent } from './otlp.ts';

/** Loaded late: no page waits for it. `report` is called once, when the page is first hidden or left, with OpenTelemetry's events. */
export function watchVitals(report: (events: SpanEvent[]) => void): void {
  const latest = new Map<string, Metric>();
  const note = (metric: Metric): void => {
    latest.set(metric.name, metric);
  };
  for (const watch of [onTTFB, onFCP, onLCP, onCLS, onINP]) watch(note, { reportAllChanges: true });
  let reported = false;
  const end = (): void => {
    if (reported || latest.size === 0) return;
    reported = true;
    report([...latest.values()].map(eventOf));
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) end();
  });
  addEventListener('pagehide', end);
}

function eventOf(metric: Metric): SpanEvent {
  const { name, value, delta, id, rating, navigationType } = metric;
  const since = name === 'CLS' || name === 'INP' ? performance.now() : value;
  return {
    name: 'browser.web_vital',
    atMs: performance.timeOrigin + since,
    attributes: {
      'browser.web_vital.name': name.toLowerCase(),
      'browser.web_vital.value': value,
      'browser.web_vital.delta': delta,
      'browser.web_vital.id': id,
      'browser.web_vital.rating': rating,
      'browser.web_vital.navigation_type': navigationType,
    },
  };
}
