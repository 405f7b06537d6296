const TRACING =
  'there is no tracing here; remove it, or keep OpenTelemetry for it: events belong to its active span';
const PROFILING = 'there is no profiling here; remove it';
const LOGS = 'lines of a log become breadcrumbs and events: use RavenLogger or nestjs-raven/pino';
const HTTP = 'what delivers is axios: give its configuration as "axios"';
const PAGES = 'it is about pages in a browser; use "ignoreExceptions" or "captureFilter"';
const SESSIONS = 'no sessions are sent; remove it';
const SDK = "it is about the inside of Sentry's own client; remove it";

/** Options of @sentry/node and @sentry/nestjs that have no counterpart, and what to do about each. */
export const OPTIONS_WITHOUT_EFFECT = {
  integrations:
    'what integrations do is built in; "breadcrumbSources" and "installProcessHandlers" switch parts of it off',
  defaultIntegrations:
    'what integrations do is built in; "breadcrumbSources" and "installProcessHandlers" switch parts of it off',
  tracesSampleRate: TRACING,
  tracesSampler: TRACING,
  enableTracing: TRACING,
  tracePropagationTargets: TRACING,
  propagateTraceparent: TRACING,
  beforeSendTransaction: TRACING,
  beforeSendSpan: TRACING,
  ignoreTransactions: TRACING,
  ignoreSpans: TRACING,
  traceLifecycle: TRACING,
  instrumenter: TRACING,
  skipOpenTelemetrySetup: TRACING,
  registerEsmLoaderHooks: TRACING,
  openTelemetryInstrumentations: TRACING,
  openTelemetrySpanProcessors: TRACING,
  profilesSampleRate: PROFILING,
  profilesSampler: PROFILING,
  profileSessionSampleRate: PROFILING,
  profileLifecycle: PROFILING,
  autoSessionTracking: SESSIONS,
  enableLogs: LOGS,
  beforeSendLog: LOGS,
  enableMetrics: 'there are no metrics here; remove it',
  beforeSendMetric: 'there are no metrics here; remove it',
  logLevel: 'use "debug"',
  allowUrls: PAGES,
  denyUrls: PAGES,
  includeLocalVariables: 'set "captureLocals" once you have read its cost in docs/events.md',
  transportOptions: HTTP,
  tunnel: HTTP,
  httpProxy: HTTP,
  httpsProxy: HTTP,
  caCerts: HTTP,
  keepAlive: HTTP,
  stackParser: SDK,
  clientReportFlushInterval: SDK,
  attachScreenshot: SDK,
  normalizeMaxBreadth: 'use "listMaxLength"',
  enableRewriteFrames: SDK,
  _metadata: SDK,
  _experiments: SDK,
} as const satisfies Record<string, string>;

export type OptionWithoutEffect = keyof typeof OPTIONS_WITHOUT_EFFECT;
