export { SentryModule } from './sentry.module';
export type {
  SentryCloseOptions,
  SentryModuleAsyncOptions,
  SentryModuleOptions,
  SentryOptionsFactory,
} from './sentry-module.options';
export { SentryService } from './sentry.service';
export type { CaptureContext, CaptureHint, SentryApi } from './sentry-api';
export { InjectSentry, SENTRY_TOKEN } from './inject-sentry.decorator';
export { GraphqlInterceptor } from './graphql.interceptor';
export { SentryInterceptor } from './sentry.interceptor';
export type {
  SentryFilterFunction,
  SentryInterceptorOptions,
  SentryInterceptorOptionsFilter,
} from './sentry-interceptor.options';
export type { Scope, ScopeBreadcrumb } from '../sentry/scope';
export type { EventProcessor, EventProcessorHint } from '../sentry/event-processor';
export type { InterceptorFilter, InterceptorOptions } from '../sentry/interceptor-options';
export type { InitialScope, SentryOptions } from '../sentry/sentry-options';
export { Severity } from '../sentry/severity';
export type { SeverityLevel } from '../sentry/severity';
