/** Nest's `ArgumentsHost`, as far as the client names it; the client itself knows nothing of Nest. */
export interface ArgumentsHostLike {
  getArgs(): unknown[];
  getArgByIndex(index: number): unknown;
  getType(): string;
}

/**
 * Where an error was raised: what value functions of decorators, `captureFilter` and `beforeSend` are given.
 *
 * It is made only when something is about to be reported.
 */
export interface CaptureContext {
  /**
   * Kind of work: `http` and the like for requests; `schedule`, `event`, `queue`, `command`, `cqrs`, `lifecycle` for what
   * runs without one; `method` for a decorated method outside of any.
   */
  readonly type: string;
  /** The class whose handler or decorated method was running; unknown in middleware and for unknown routes. */
  readonly class?: new (...args: never[]) => unknown;
  /** That handler or method. */
  readonly handler?: (...args: never[]) => unknown;
  /** Name of that method. */
  readonly handlerName?: string;
  /** The method's arguments after pipes where it was reached and is decorated, else those of the host: request, response. */
  readonly args: readonly unknown[];
  /** The framework's request (Express's or Fastify's); over WebSockets the one that the connection began with. */
  readonly request?: unknown;
  /** The framework's response. */
  readonly response?: unknown;
  /** `request.user`; over WebSockets the client's `user` or `data.user` before that. */
  readonly user?: unknown;
  /** What filters and interceptors get. */
  readonly host?: ArgumentsHostLike;
  /** The status that is being answered; undefined where there is no answer. */
  readonly statusCode?: number;
  /** Whether the error counts as handled, and is therefore not reported by the rule. */
  readonly handled: boolean;
}
