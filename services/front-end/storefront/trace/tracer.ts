import { saidWithPage } from '../said-with-page.ts';
import { actionOf, parseTraceParent, templateOf, traceParentText } from './call-names.ts';
import { forgetActions, noteAction } from './recent.ts';

// The browser's own spans. A page's belong to the trace of the page, which the server names in `server-timing`; what the
// shopper does there begins a trace of its own. Whether they are sampled the server decided with the page. Without its word
// nothing is traced here.

/** As `POST /trace/spans` takes it. */
interface FinishedSpan {
  traceId: string;
  id: string;
  parentId?: string;
  name: string;
  kind?: 'CLIENT';
  /** Since 1970. */
  startMs: number;
  durationMs: number;
  tags: Record<string, string>;
  error?: string;
}

/** Something that calls are made for. */
interface Cause {
  traceId: string;
  id: string;
  parentId?: string;
  name: string;
  page: boolean;
  startMs: number;
  /** End of the latest call so far. */
  endMs: number;
  /** Calls under way. */
  open: Set<() => void>;
  tags: Record<string, string>;
  error?: string;
  /** How often the shopper had touched the page when it began. */
  inputs: number;
  sent: boolean;
}

/** A call under way. */
export interface CallSpan {
  /** To be sent with it. */
  headers: Record<string, string>;
  /** `failure` is the name of an error where there was no answer. */
  end: (status: number, failure?: string) => void;
}

/** So long after its last call an action is over; what a page asks in between belongs to it. */
const quietMs = 200;
/** Calls without an action belong to the page for so long, also when it looks at an order again and again. */
const pageMs = 30_000;
/** A call so soon after a key or a click was caused by it. */
const causedMs = 500;
const sendAfterMs = 700;
const batchSize = 50;

const navigation = performance.getEntriesByType('navigation')[0] as
  PerformanceNavigationTiming | undefined; // as the name asks for
const server = parseTraceParent(saidWithPage('traceparent') ?? '');

/** Whether the server takes part. */
export const tracing = server !== undefined;

let action: Cause | undefined;
/** Keys and clicks so far. */
let inputs = 0;
let inputAtMs = 0;
let forgotten = false;
let queue: FinishedSpan[] = [];
let timer = 0;

const page: Cause | undefined = server && {
  ...cause(`page load ${location.pathname}`, server.traceId),
  parentId: server.spanId,
  page: true,
  startMs: performance.timeOrigin,
  tags: { 'browser.page': location.pathname },
};

/** Begins with the page: its load becomes a span, and what is recorded gets sent, at the latest when the page is left. */
export function tracePage(): void {
  if (!page) return;
  note(page);
  for (const type of ['pointerdown', 'keydown']) {
    const onInput = () => {
      inputs += 1;
      inputAtMs = performance.now();
    };
    addEventListener(type, onInput, { capture: true, passive: true });
  }
  addEventListener('load', () => setTimeout(settle, quietMs));
  addEventListener('pagehide', leave);
  addEventListener('visibilitychange', () => {
    if (document.hidden) send();
  });
}

export function startCall(method: string, path: string): CallSpan {
  if (!page || !server) return { headers: {}, end: () => undefined };
  const template = templateOf(path);
  const name = actionOf(method, template);
  const within = causeOf(name);
  const { traceId } = within ?? { traceId: randomHex(16) };
  const id = randomHex(8);
  const startMs = now();
  // No path: it may hold ids, and that of `/customers/…` is the login itself.
  const tags: Record<string, string> = { 'http.request.method': method, 'url.template': template };
  let done = false;
  const end = (status: number, failure?: string): void => {
    if (done) return;
    done = true;
    const error = failure ?? (status >= 400 ? String(status) : undefined);
    if (status > 0) tags['http.response.status_code'] = String(status);
    if (error !== undefined) tags['error.type'] = error;
    const durationMs = Math.max(0, now() - startMs);
    const finished: FinishedSpan = {
      traceId,
      id,
      ...(within && { parentId: within.id }),
      name: `${method} ${template}`,
      kind: 'CLIENT',
      startMs,
      durationMs,
      tags,
      ...(error !== undefined && { error }),
    };
    record(finished);
    if (!within) {
      const failed = error !== undefined;
      noteAction({ traceId, name: finished.name, startMs, durationMs, failed, page: false });
      return;
    }
    within.open.delete(leaveOpen);
    within.endMs = startMs + durationMs;
    if (error !== undefined && name !== undefined) {
      within.error = error;
      within.tags['error.type'] = error;
      note(within);
    }
    if (name === 'log out' && error === undefined && status > 0) {
      forgetActions();
      forgotten = true;
    }
    setTimeout(settle, quietMs);
  };
  const leaveOpen = (): void => {
    end(0);
  };
  within?.open.add(leaveOpen);
  const parent = { traceId, spanId: id, sampled: server.sampled };
  return { headers: { traceparent: traceParentText(parent) }, end };
}

/** What a call is made for. Undefined for one that stands for itself. */
function causeOf(name: string | undefined): Cause | undefined {
  const going = action && (action.open.size > 0 || now() - action.endMs < quietMs) && action;
  if (name === undefined) {
    if (going) return going;
    const caused = inputs > 0 && performance.now() - inputAtMs < causedMs;
    return performance.now() < pageMs && !caused ? page : undefined;
  }
  // The same again without another click, such as line after line of the cart: one action.
  if (going && going.name === name && going.inputs === inputs) return going;
  if (action) finish(action);
  action = cause(name);
  action.tags['browser.action'] = name;
  note(action);
  return action;
}

function cause(name: string, traceId = randomHex(16)): Cause {
  const id = randomHex(8);
  const startMs = now();
  const rest = { page: false, tags: {}, open: new Set<() => void>(), sent: false };
  return { traceId, id, name, startMs, endMs: startMs, inputs, ...rest };
}

/** Whatever has come to its end. */
function settle(): void {
  const over = ({ open, endMs }: Cause) => open.size === 0 && now() - endMs >= quietMs;
  if (action && over(action)) {
    finish(action);
    action = undefined;
  }
  if (page && navigation && navigation.loadEventEnd > 0 && over(page)) finish(page);
}

function finish(done: Cause): void {
  if (done.sent) return;
  done.sent = true;
  if (done.page) endOfLoad(done);
  note(done);
  const { traceId, id, parentId, name, startMs, tags, error } = done;
  record({
    traceId,
    id,
    ...(parentId !== undefined && { parentId }),
    name,
    startMs,
    durationMs: Math.max(0, done.endMs - startMs),
    tags,
    ...(error !== undefined && { error }),
  });
}

/** A page is there once it is loaded and its first calls are answered. Timings since the shopper set out for it. */
function endOfLoad(load: Cause): void {
  const { responseStart, domContentLoadedEventEnd, loadEventEnd } = navigation ?? {};
  load.endMs = Math.max(load.endMs, load.startMs + (loadEventEnd ?? 0));
  const timings: Record<string, number | undefined> = {
    ttfb: responseStart,
    dom: domContentLoadedEventEnd,
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    load: loadEventEnd,
  };
  for (const [name, ms] of Object.entries(timings)) {
    if (ms !== undefined && ms > 0) load.tags[`sockshop.page.${name}_ms`] = ms.toFixed(1);
  }
}

/** For the drawer. Not after a logout: the next shopper must not see what this visit did. */
function note({ traceId, name, startMs, endMs, error, page: isPage, sent }: Cause): void {
  if (forgotten) return;
  const durationMs = sent ? endMs - startMs : undefined;
  noteAction({ traceId, name, startMs, durationMs, failed: error !== undefined, page: isPage });
}

function record(span: FinishedSpan): void {
  if (!server?.sampled) return;
  queue.push(span);
  clearTimeout(timer);
  timer = window.setTimeout(send, sendAfterMs);
}

/** The page goes: calls under way end with it, which is no failure of theirs. */
function leave(): void {
  for (const each of [action, page]) {
    if (!each) continue;
    for (const end of [...each.open]) end();
    finish(each);
  }
  action = undefined;
  send();
}

/** A failed transfer loses its spans: nothing depends on them. */
function send(): void {
  clearTimeout(timer);
  for (; queue.length > 0; queue = queue.slice(batchSize)) {
    void fetch('/trace/spans', {
      method: 'POST',
      keepalive: true, // also when the page is left
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(queue.slice(0, batchSize)),
    }).catch(() => undefined);
  }
}

/** Since 1970, in parts of a millisecond where the page's own clock was not put to sleep meanwhile. */
function now(): number {
  const fine = performance.timeOrigin + performance.now();
  const coarse = Date.now();
  return Math.abs(fine - coarse) < 50 ? fine : coarse;
}

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
