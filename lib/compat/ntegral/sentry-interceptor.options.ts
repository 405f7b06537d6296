import type { InterceptorFilter, InterceptorOptions } from '../sentry/interceptor-options';

/** What a `SentryInterceptor` reports, and what it says of it. */
export type SentryInterceptorOptions = InterceptorOptions;

/** Errors that a `SentryInterceptor` does not report. */
export type SentryInterceptorOptionsFilter = InterceptorFilter;

/** Says which errors of a class are not reported. */
export type SentryFilterFunction = NonNullable<InterceptorFilter['filter']>;
