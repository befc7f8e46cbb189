import { isLevel } from '@sockshop/log-lines';
import type { JsonLog } from '@sockshop/service';
import type { Telemetry } from '@sockshop/telemetry';
import { untraced } from '@sockshop/tracing';
import { Upstream } from '@sockshop/upstream';
import { z } from 'zod';
import { type LogStore, MAX_LINES, type StoredLine } from './log-store.ts';

/** Bounds one question. */
const TIMEOUT_MS = 2000;

/** A line as VictoriaLogs has it from OTLP. All values are texts. */
const Line = z
  .looseObject({
    _time: z.string(),
    _msg: z.string().default(''),
    'service.name': z.string().default('unknown'),
    severity_text: z.string().default('info'),
    span_id: z.string().optional(),
  })
  .transform(({ _time, _msg, severity_text, span_id, 'service.name': service, ...fields }) => {
    const level = severity_text.toLowerCase();
    return {
      atMs: Date.parse(_time),
      level: isLevel(level) ? level : 'info',
      service,
      message: _msg,
      spanId: span_id,
      fields,
    } satisfies StoredLine;
  });

/** The log store of containers, to which services send their lines by OTLP. */
export class VictoriaLogs implements LogStore {
  private readonly store: Upstream;

  constructor(baseUrl: string, telemetry: Telemetry, log: JsonLog) {
    const options = { name: 'log-store', baseUrl, timeoutMs: TIMEOUT_MS, telemetry, log };
    this.store = new Upstream(options);
  }

  async linesOf(traceId: string, fromMs: number, toMs: number): Promise<StoredLine[]> {
    const query = {
      query: `trace_id:="${traceId}" | sort by (_time) limit ${MAX_LINES}`, // the caller has checked that it is hex digits
      start: new Date(fromMs).toISOString(),
      end: new Date(toMs).toISOString(),
    };
    const { store } = this;
    const response = await untraced(() =>
      store.request({ method: 'GET', path: '/select/logsql/query', query }),
    );
    const lines = store.expectOk(response).text().split('\n');
    return lines.filter((line) => line !== '').map((line) => Line.parse(JSON.parse(line)));
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
