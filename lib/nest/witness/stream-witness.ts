import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Observable } from 'rxjs';

/**
 * Sees the errors of a handler's stream of server-sent events. Nest turns them into a message of type
 * `error` and asks no filter. It stands on such handlers only.
 */
export class StreamWitness implements NestInterceptor {
  /** @param onError - told of each; must not throw */
  constructor(private readonly onError: (error: unknown) => void) {}

  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    return new Observable((subscriber) =>
      next.handle().subscribe({
        next: (value) => subscriber.next(value),
        error: (error: unknown) => {
          this.onError(error);
          subscriber.error(error);
        },
        complete: () => subscriber.complete(),
      }),
    );
  }
}
