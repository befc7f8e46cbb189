import { describe, expect, it } from '@jest/globals';
import { traceJson, summaryJson } from '../src/traces/trace-json.ts';
import { TrafficWindow } from '../src/traces/traffic-window.ts';
import { ZipkinTrace } from '../src/traces/zipkin-span.ts';

/** As Zipkin returns a span: its name is in small letters, its tags are as they were sent. */
const spans = (name: string, tags: Record<string, string>) =>
  ZipkinTrace.parse([{ traceId: 'a'.repeat(32), id: 'b'.repeat(16), name, tags }]);

describe('the name of a span', () => {
  it.each([
    [
      'a route',
      'post /paymentauth',
      { 'http.request.method': 'POST', 'http.route': '/paymentAuth' },
      'POST /paymentAuth',
    ],
    [
      'a call',
      'get /orders/search/customerid',
      { 'http.request.method': 'GET', 'url.template': '/orders/search/customerId' },
      'GET /orders/search/customerId',
    ],
    ['no route', 'get', { 'http.request.method': 'GET' }, 'GET'],
    [
      'a query',
      'select customer_order',
      { 'db.query.summary': 'SELECT customer_order' },
      'SELECT customer_order',
    ],
    [
      'a command',
      'findandmodify customerorder',
      { 'db.operation.name': 'findAndModify', 'db.collection.name': 'customerOrder' },
      'findAndModify customerOrder',
    ],
    [
      'a message',
      'send shipping-task',
      { 'messaging.operation.name': 'send', 'messaging.destination.name': 'shipping-task' },
      'send shipping-task',
    ],
    [
      'the load of a page',
      'documentload',
      { 'sockshop.browser.path': '/category.html' },
      'documentLoad /category.html',
    ],
    ['web vitals', 'webvitals', {}, 'webVitals'],
    ['a route without tags', 'get /cart', {}, 'GET /cart'],
    ['a name of its own', 'ship', { 'http.route': '/Other' }, 'ship'],
  ])('of %s has its own case', (_of, stored, tags, name) => {
    const trace = spans(stored, tags);
    const window = new TrafficWindow();
    window.add(trace);
    expect([
      traceJson(trace).spans[0]?.name,
      summaryJson(trace).name,
      window.spans()[0]?.name,
    ]).toEqual([name, name, name]);
  });
});
