import { saidWithPage } from '../said-with-page.ts';
import { actionOf, parseTraceParent, templateOf, traceParentText } from './call-names.ts';
import { type FinishedSpan, sendSpans, type SpanEvent } from './otlp.ts';
import { eventsOfLoad, fetches, navigation, urlAttributes } from './page-load.ts';
import { randomHex } from './random-hex.ts';
import { forgetActions, noteAction } from './recent.ts';

// The browser's own spans. The load of a page is the root of the trace that the server began with the page: in `server-timing` the server
// names the trace, and the id of the span that is its own request's parent, `documentFetch`. What the shopper does there begins a trace of
// its own. Only a page whose trace is sampled has the header: without it nothing is traced here.

/** Something that calls are made for. */
interface Cause {
  traceId: string;
  id: string;
  /** In the shopper's words. */
  name: string;
  page: boolean;
  startMs: number;
  /** End of the latest call so far. */
  endMs: number;
  /** Calls under way. */
  open: Set<() => void>;
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

const server = parseTraceParent(saidWithPage('traceparent') ?? '');
/** Without it the page's request has a parent already: then the load is a trace of its own, with a link. */
const fetchId = saidWithPage('document-fetch');

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
  ...cause(`page load ${location.pathname}`, fetchId ? server.traceId : undefined),
  page: true,
  startMs: performance.timeOrigin,
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
  const attributes: FinishedSpan['attributes'] = {
    'http.request.method': method,
    'url.template': template,
    ...urlAttributes(new URL(path, location.href)),
  };
  let done = false;
  const end = (status: number, failure?: string): void => {
    if (done) return;
    done = true;
    const error = failure ?? (status >= 400 ? String(status) : undefined);
    if (status > 0) attributes['http.response.status_code'] = status;
    if (error !== undefined) attributes['error.type'] = error;
    const endMs = Math.max(startMs, now());
    const finished: FinishedSpan = {
      traceId,
      id,
      parentId: within?.id,
      name: `${method} ${template}`,
      kind: 'CLIENT',
      startMs,
      endMs,
      attributes,
      failed: error !== undefined,
    };
    record(finished);
    if (!within) {
      const failed = error !== undefined;
      const durationMs = endMs - startMs;
      noteAction({ traceId, name: finished.name, startMs, durationMs, failed, page: false });
      return;
    }
    within.open.delete(leaveOpen);
    within.endMs = endMs;
    if (error !== undefined && name !== undefined) {
      within.error = error;
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
  note(action);
  return action;
}

function cause(name: string, traceId = randomHex(16)): Cause {
  const id = randomHex(8);
  const startMs = now();
  const rest = { page: false, open: new Set<() => void>(), sent: false };
  return { traceId, id, name, startMs, endMs: startMs, inputs, ...rest };
}

/** Whatever has come to its end. */
function settle(): void {
  const over = ({ open, endMs }: Cause) => open.size === 0 && now() - endMs >= quietMs;
  if (action && over(action)) {
    finish(action);
    action = undefined;
  }
  if (!page || page.sent || !navigation || navigation.loadEventEnd === 0 || !over(page)) return;
  finish(page);
  void import('./vitals.ts').then(({ watchVitals }) => {
    watchVitals(recordVitals);
  });
}

function finish(done: Cause): void {
  if (done.sent) return;
  done.sent = true;
  const { traceId, id, name, error } = done;
  if (done.page) {
    // A page is there once it is loaded and its first calls are answered.
    const loadedMs = done.startMs + (navigation?.loadEventEnd ?? 0);
    done.endMs = Math.max(done.endMs, loadedMs);
    for (const span of fetches(
      done,
      fetchId ?? randomHex(8),
      fetchId ? undefined : server,
      done.endMs,
    ))
      record(span);
  }
  note(done);
  record({
    traceId,
    id,
    name: done.page ? 'documentLoad' : name,
    startMs: done.startMs,
    endMs: done.endMs,
    attributes: {
      ...(done.page ? pageAttributes() : { 'sockshop.browser.action': name }),
      ...(error !== undefined && { 'error.type': error }),
    },
    failed: error !== undefined,
    ...(done.page && { events: eventsOfLoad() }),
  });
}

function pageAttributes(): Record<string, string> {
  const { origin, pathname } = location;
  return { 'sockshop.browser.path': pathname, 'url.full': origin + pathname };
}

/** They are known when the page is left: a span at the end of its load has them, so that the trace does not last as long as the page. */
function recordVitals(events: SpanEvent[]): void {
  if (!page) return;
  const { traceId, id: parentId, endMs } = page;
  const attributes = { 'sockshop.browser.path': location.pathname };
  const id = randomHex(8);
  const when = { startMs: endMs, endMs };
  record({ traceId, id, parentId, name: 'webVitals', ...when, attributes, events });
  send();
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

function send(): void {
  clearTimeout(timer);
  sendSpans(queue);
  queue = [];
}

/** Since 1970, in parts of a millisecond where the page's own clock was not put to sleep meanwhile. */
function now(): number {
  const fine = performance.timeOrigin + performance.now();
  const coarse = Date.now();
  return Math.abs(fine - coarse) < 50 ? fine : coarse;
}
