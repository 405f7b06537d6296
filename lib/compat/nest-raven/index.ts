export { RavenModule } from './raven.module';
export { RavenInterceptor } from './raven.interceptor';
export { RAVEN_LOCAL_TRANSFORMERS_METADATA, RavenTransformer } from './raven-transformer.decorator';
export type {
  IRavenFilterFunction,
  IRavenInterceptorOptions,
  IRavenInterceptorOptionsFilter,
  IRavenScopeTransformerFunction,
} from './raven.interfaces';
export type { Scope, ScopeBreadcrumb } from '../sentry/scope';
export type { EventProcessor, EventProcessorHint } from '../sentry/event-processor';
export type { InterceptorFilter, InterceptorOptions } from '../sentry/interceptor-options';
export type { InitialScope, SentryOptions } from '../sentry/sentry-options';
export { Severity } from '../sentry/severity';
export type { SeverityLevel } from '../sentry/severity';
