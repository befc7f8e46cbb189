import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ATTR_CODE_FUNCTION_NAME } from '@opentelemetry/semantic-conventions';
import { activeSpan } from '@sockshop/tracing';
import type { Observable } from 'rxjs';
import { USER_NAME, userName } from './log.ts';

/** Spring's names for the class and the method that handle a request: those who read its traces know them. */
const MVC_CLASS = 'mvc.controller.class';
const MVC_METHOD = 'mvc.controller.method';

/** Writes the names of the handler on the SERVER span, and the user's. */
export class HandlerNames implements NestInterceptor {
  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    const [controller, method] = [execution.getClass().name, execution.getHandler().name];
    const span = activeSpan();
    span?.setAttributes({
      [ATTR_CODE_FUNCTION_NAME]: `${controller}.${method}`,
      [MVC_CLASS]: controller,
      [MVC_METHOD]: method,
    });
    const user = userName();
    if (user !== undefined) span?.setAttribute(USER_NAME, user);
    return next.handle();
  }
}
