import {
  type Attributes,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { semconv, type Tracing } from '@sockshop/tracing';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';

/** The service that the roots of traces belong to. */
export const LOAD_GENERATOR = 'load-generator';

/** In development in the semantic conventions; `test` is what they call such a load. */
const USER_AGENT_SYNTHETIC_TYPE = 'user_agent.synthetic.type';
const JOURNEY = 'sockshop.journey';

const SYNTHETIC = { synthetic: true, [USER_AGENT_SYNTHETIC_TYPE]: 'test' };

/** What each service of the shop can read of a synthetic request. */
const BAGGAGE = propagation.createBaggage({
  synthetic: { value: 'true' },
  [USER_AGENT_SYNTHETIC_TYPE]: { value: 'test' },
});

/** A request as a span. */
export interface RequestSpan {
  readonly traceId: string;
  /** To be sent with it. */
  readonly headers: Readonly<Record<string, string>>;
  /** `status` is 0 without a response; `errorType` is that of a failed request. */
  end: (status: number, errorType?: string) => void;
}

/** A visit as the root span of a trace. */
export interface VisitSpan {
  /** `name`: method and path without ids. */
  request: (name: string, path: string) => RequestSpan;
  end: (failed: boolean) => void;
}

/** Makes each visit the root of a trace, marked as synthetic, and each of its requests a span below. */
export class VisitSpans {
  private readonly target: Attributes;

  constructor(
    private readonly tracing: Tracing,
    private readonly shop: URL,
  ) {
    const { hostname, port, protocol } = shop;
    this.target = {
      [ATTR_SERVER_ADDRESS]: hostname,
      [ATTR_SERVER_PORT]: Number(port || (protocol === 'https:' ? 443 : 80)),
    };
  }

  begin(journey: string): VisitSpan {
    const from = propagation.setBaggage(ROOT_CONTEXT, BAGGAGE);
    const attributes = { [JOURNEY]: journey, ...SYNTHETIC };
    const root = this.tracing.tracer.startSpan(journey, { attributes, root: true }, from);
    const context = trace.setSpan(from, root);
    return {
      request: (name, path) => this.request(name, path, context),
      end: (failed) => {
        if (failed) fail(root, 'failed_request');
        root.end();
      },
    };
  }

  private request(name: string, path: string, visit: Context): RequestSpan {
    const { tracing, target, shop } = this;
    const [method = '', template = ''] = name.split(' ');
    const attributes = {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [semconv.URL_TEMPLATE]: template,
      [ATTR_URL_FULL]: shop.origin + path,
      ...target,
      ...SYNTHETIC,
    };
    const span = tracing.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, visit);
    const headers: Record<string, string> = {};
    tracing.inject(trace.setSpan(visit, span), headers);
    return {
      traceId: span.spanContext().traceId,
      headers,
      end: (status, errorType) => {
        if (status > 0) span.setAttribute(ATTR_HTTP_RESPONSE_STATUS_CODE, status);
        if (errorType !== undefined) fail(span, errorType);
        span.end();
      },
    };
  }
}

function fail(span: Span, errorType: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, errorType);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
