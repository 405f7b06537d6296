import type { ExecutionContext } from '@nestjs/common';
import type { InterceptorFilter, InterceptorOptions } from '../sentry/interceptor-options';
import type { Scope } from '../sentry/scope';

/** Says which errors of a class are not reported. @typeParam T - what it is given */
export type IRavenFilterFunction<T = unknown> = (exception: T) => boolean;

/** Errors that a {@link RavenInterceptor} does not report. @typeParam T - what `filter` is given */
export interface IRavenInterceptorOptionsFilter<T = unknown> extends Omit<InterceptorFilter, 'filter'> {
  /** As {@link InterceptorFilter.filter}. */
  filter?(exception: T): boolean;
}

/** Adds to an event what is known where the error passed. One that throws loses what it had not said yet. */
export type IRavenScopeTransformerFunction = (scope: Scope, context: ExecutionContext) => void;

/** What a {@link RavenInterceptor} reports, and what it says of it. @typeParam T - what functions of `filters` are given */
export interface IRavenInterceptorOptions<T = unknown> extends Omit<InterceptorOptions, 'filters'> {
  /** As {@link InterceptorOptions.filters}. */
  filters?: readonly IRavenInterceptorOptionsFilter<T>[] | undefined;
  /** Called for each error that is reported, in this order, those of `@RavenTransformer` last. */
  transformers?: readonly IRavenScopeTransformerFunction[] | undefined;
  /** Has no effect: what kind of handler it is, Nest tells. */
  context?: 'Http' | 'Ws' | 'GraphQL' | undefined;
  /** Has no effect: GraphQL is known by itself. */
  withGraphQL?: boolean | undefined;
}
