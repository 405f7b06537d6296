import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { ClassOf } from '../raven.options';
import { noteException } from './note-exception';

/**
 * Sees the errors of the handlers it stands on, of their pipes and of the interceptors inside it.
 *
 * RavenModule sees them by itself: this is for who wants it to be written down where. An error seen by
 * both is reported once, by the same rule.
 */
@Injectable()
export class RavenInterceptor implements NestInterceptor {
  /** Lets everything through as it is, and reports an error by the module's rule on its way. */
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return new Observable((subscriber) =>
      next.handle().subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => {
          const handler = context.getHandler() as (...args: never[]) => unknown;
          noteException(
            error,
            { type: context.getClass<unknown>() as ClassOf<unknown>, handler, handlerName: handler.name },
            false,
          );
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      }),
    );
  }
}
