import type { SeverityLevel } from './severity';

/** Errors that an interceptor does not report. */
export interface InterceptorFilter {
  /** Their class. */
  type: abstract new (...args: never[]) => unknown;
  /** Which of them; none given, all. One that throws takes out none. */
  filter?(exception: unknown): boolean;
}

/** What an interceptor reports, and what it says of it. */
export interface InterceptorOptions {
  /** Errors that are not reported: by this interceptor, and by the module where it stands. */
  filters?: readonly InterceptorFilter[] | undefined;
  /** Tags of the events, over those of decorators. */
  tags?: Record<string, unknown> | undefined;
  /** Extra of the events, over that of decorators. */
  extra?: Record<string, unknown> | undefined;
  /** What groups the events; `{{ default }}` stands for the server's own. */
  fingerprint?: string[] | undefined;
  /** How bad they are. Default `error`. */
  level?: SeverityLevel | undefined;
  /** Has no effect: the module tells of the request by itself. */
  request?: boolean | undefined;
  /** Has no effect: the module tells of request and user by itself, and of more with its option `sendDefaultPii`. */
  include?: Record<string, unknown> | undefined;
  /** Has no effect: the module's option `serverName` says it. */
  serverName?: boolean | undefined;
  /** Has no effect: events are named by their route, field, pattern or event. */
  transaction?: boolean | 'path' | 'methodPath' | 'handler' | undefined;
  /** Has no effect: the user's id is sent; name, e-mail and address with the module's option `sendDefaultPii`. */
  user?: boolean | string[] | undefined;
  /** Has no effect: the runtime's version is sent. */
  version?: boolean | undefined;
}
