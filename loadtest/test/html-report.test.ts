import { describe, expect, it } from '@jest/globals';
import { htmlReport } from '../src/html-report.ts';
import { aDocument } from './documents.ts';

const trace = 'ab'.repeat(16);
const run = aDocument(
  [
    { ms: 12 },
    { ms: 340, route: 'POST /orders', status: '201', traceId: trace },
    {
      route: 'GET /catalogue',
      status: '503',
      outcome: 'error',
      detail: '<script>alert("no")</script>',
    },
  ],
  { thresholds: [{ name: 'p95', limit: '300 ms', found: '340.0 ms', held: false }] },
);
const page = htmlReport(run, (id) => `http://localhost:9411/zipkin/traces/${id}`);

/** The names of elements that are open at the end, or closed without having been opened. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, close, name = '', empty] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (empty || ['meta', 'path'].includes(name)) continue;
    if (!close) open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}

describe('the report as a page', () => {
  it('is whole HTML', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(unbalanced(page)).toEqual([]);
  });

  it('has charts of throughput, latency, shoppers and arrivals, which a screen reader can name', () => {
    const names = [...page.matchAll(/<svg role="img" aria-label="([^:]+): [^"]+"/g)];
    expect(names.map(([, name]) => name)).toEqual([
      'Throughput',
      'Latency',
      'Shoppers in the shop',
      'Arrivals',
    ]);
    const drawings = [...page.matchAll(/<path class="line [a-z]+" d="([^"]*)"/g)];
    expect(drawings).toHaveLength(2 + 3 + 1 + 2);
    for (const [, drawing = ''] of drawings) expect(drawing).toMatch(/^M[\d.]+ [\d.]+[ML\d. h]*$/);
  });

  it('loads nothing, and fits light and dark, wide and narrow', () => {
    expect(page).not.toMatch(/<(?:script|link|img|iframe)\b|src=|url\(|@import/);
    expect(page).toContain('color-scheme: light dark');
    expect(page).toContain('name="viewport"');
  });

  it('shows figures, promises, journeys with their steps, and the trace of what was slow', () => {
    expect(page).toContain('<span class="bad">broken</span>');
    expect(page).toContain('<td>buy</td>');
    expect(page).toContain('<tr class="step"><td>POST /orders</td>');
    expect(page).toContain(`<a href="http://localhost:9411/zipkin/traces/${trace}">trace</a>`);
  });

  it('takes what a shop answers for text', () => {
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;alert(&quot;no&quot;)&lt;/script&gt;');
  });
});
