import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { JsonLog, ShopError } from '@sockshop/service';
import { Telemetry } from '@sockshop/telemetry';
import { untraced } from '@sockshop/tracing';
import { Upstream, type UpstreamRequest, type UpstreamResponse } from '@sockshop/upstream';
import { FrontEndConfig } from '../config.ts';
import { type ZipkinSpan, ZipkinTrace, ZipkinTraces } from './zipkin-span.ts';

/** What `GET /api/v2/traces` takes; times in milliseconds, `minDuration` in microseconds, as in Zipkin. */
export interface TraceSearch {
  readonly serviceName?: string | undefined;
  readonly remoteServiceName?: string | undefined;
  readonly spanName?: string | undefined;
  /** Tags that some span of the service must have. */
  readonly tags?: Readonly<Record<string, string | true>>;
  readonly minDuration?: number | undefined;
  readonly endTs: number;
  readonly lookback: number;
  /** Traces. */
  readonly limit: number;
}

/** Bounds one question to the trace store. */
const TIMEOUT_MS = 2000;

/** Where traces are read: Zipkin's v2 API. These calls are not traced. */
@Injectable()
export class TraceStoreClient implements OnModuleDestroy {
  private readonly store: Upstream | undefined;

  constructor({ tracesUrl: baseUrl }: FrontEndConfig, telemetry: Telemetry, log: JsonLog) {
    if (baseUrl === undefined) return;
    const timeoutMs = TIMEOUT_MS;
    this.store = new Upstream({ name: 'trace-store', baseUrl, timeoutMs, telemetry, log });
  }

  /** Newest first. @throws UpstreamError 503 while the store is unavailable. */
  async search({ tags = {}, ...search }: TraceSearch): Promise<ZipkinSpan[][]> {
    const annotationQuery = Object.entries(tags)
      .map(([name, value]) => (value === true ? name : `${name}=${value}`))
      .join(' and ');
    const query = { ...search, ...(annotationQuery !== '' && { annotationQuery }) };
    const response = await this.get({ path: '/api/v2/traces', query });
    return response.json(ZipkinTraces);
  }

  /** Empty for an unknown trace. @throws UpstreamError 503 while the store is unavailable. */
  async trace(traceId: string): Promise<ZipkinSpan[]> {
    if (!TRACE_ID.test(traceId)) return [];
    const response = await this.get({ path: '/api/v2/trace/{traceId}', params: { traceId } });
    return response.status === 404 ? [] : response.json(ZipkinTrace);
  }

  async onModuleDestroy(): Promise<void> {
    await this.store?.close();
  }

  private async get(request: Omit<UpstreamRequest, 'method'>): Promise<UpstreamResponse> {
    const { store } = this;
    if (!store) {
      throw new ShopError(503, 'no trace store is configured', {
        headers: { 'retry-after': '60' },
      });
    }
    const response = await untraced(() => store.request({ method: 'GET', ...request }));
    return response.status === 404 ? response : store.expectOk(response);
  }
}

const TRACE_ID = /^[0-9a-f]{16}([0-9a-f]{16})?$/;
