import type { ExecutionContext } from '@nestjs/common';
import type { InterceptorFilter, InterceptorOptions } from '../sentry/interceptor-options';
import type { Scope } from '../sentry/scope';

/** Says which errors of a class are not reported. */
export type IRavenFilterFunction = NonNullable<InterceptorFilter['filter']>;

/** Errors that a {@link RavenInterceptor} does not report. */
export type IRavenInterceptorOptionsFilter = InterceptorFilter;

/** Adds to an event what is known where the error passed. One that throws loses what it had not said yet. */
export type IRavenScopeTransformerFunction = (scope: Scope, context: ExecutionContext) => void;

/** What a {@link RavenInterceptor} reports, and what it says of it. */
export interface IRavenInterceptorOptions extends InterceptorOptions {
  /** Called for each error that is reported, in this order, those of `@RavenTransformer` last. */
  transformers?: readonly IRavenScopeTransformerFunction[];
  /** Has no effect: what kind of handler it is, Nest tells. */
  context?: 'Http' | 'Ws' | 'GraphQL';
  /** Has no effect: GraphQL is known by itself. */
  withGraphQL?: boolean;
}
