import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { traceFields } from '@sockshop/telemetry';
import { activeSpan, failSpan } from '@sockshop/tracing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { JsonLog } from './json-log.ts';
import type { AllowedMethods } from './allowed-methods.ts';
import { type Problem, problemOf, type ProblemShape, ShopError } from './problem.ts';

export const PROBLEM_TYPE = { 'content-type': 'application/problem+json; charset=utf-8' };

interface ProblemFacts {
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly method?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** The one place where an error becomes a response. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: JsonLog,
    private readonly allowed: AllowedMethods,
    private readonly shape: ProblemShape = () => ({}),
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Handles errors that Nest does not reach, too. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const found = problemOf(error, request.routeOptions.bodyLimit);
    let { status, detail, headers } = found;
    if (request.is404 && !(error instanceof ShopError)) {
      const methods = this.allowed.of(request.url);
      // The path and its method may exist although the resource does not: a missing file in a folder of files.
      const wrongMethod = methods.length > 0 && !methods.includes(request.method);
      status = wrongMethod ? 405 : 404;
      detail = wrongMethod
        ? `${request.method} is not possible here; use ${methods.join(', ')}`
        : 'no such path; /openapi.json lists all paths';
      if (wrongMethod) headers = { ...headers, allow: methods.join(', ') };
    }
    if (status >= 500) this.report(error, status);
    if (reply.sent) return; // the response is being sent: too late for a problem
    const instance = request.url.split('?', 1)[0] ?? '/';
    const { fields } = found;
    const text = this.textOf({ status, detail, instance, fields, method: request.method });
    void reply.status(status).headers(headers).headers(PROBLEM_TYPE).send(text);
  }

  /** The body of a response. Without `instance` there was no request that could be read. */
  textOf({ status, detail, instance, fields, method }: ProblemFacts): string {
    const problem: Problem = {
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      message: detail,
      ...(instance !== undefined && { instance }),
      ...traceId(),
      ...fields,
    };
    return JSON.stringify({ ...problem, ...this.shape(problem, method) });
  }

  private report(error: unknown, status: number): void {
    const span = activeSpan();
    if (span) failSpan(span, error);
    if (status === 500) this.log.error('request failed', { error });
    else this.log.warn('request failed', { error, status });
  }
}

function traceId(): { trace_id?: string } {
  const fields = traceFields();
  return fields ? { trace_id: fields.trace_id } : {};
}
