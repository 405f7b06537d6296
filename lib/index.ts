import 'reflect-metadata';

export { RavenModule } from './raven.module';
export type { RavenModuleExtras, RavenOptionsFactory } from './raven.module-definition';
export { DEFAULT_OPTIONS } from './raven.options';
export type { ClassOf, ProcessorOption, RavenOptions, ResolvedOptions } from './raven.options';
export { getRavenToken, InjectRaven } from './raven.tokens';
export { InvalidOptionsError } from './validate-options';

export { RavenClient } from './client/raven.client';
export type { RavenStats } from './client/raven-stats';
export { recordBreadcrumb } from './client/record-breadcrumb';
export type { ErrorTypes } from './client/raven.client';
export type { ArgumentsHostLike, CaptureContext } from './client/capture-context';
export type { Attachment, AttachmentData } from './client/attachment';
export type { Feedback } from './client/feedback';
export type {
  BreadcrumbOptions,
  CaptureOptions,
  EventOptions,
  ExceptionOptions,
  MessageOptions,
  QueryOptions,
} from './client/capture-options';
export type { ClientEnvironment, ClientLogger } from './client/client-environment';
export type { EventType, EventTypeFunction, EventTypeOption } from './client/event-types';
export type { BeforeBreadcrumb, BeforeSend, CaptureFilter, EventHint } from './client/hooks';
export type { StormGuardOptions } from './client/storm-guard';
export type { IgnoredException } from './event/ignored-exceptions';
export { Context } from './context/context';
export type { ContextData, EnteredContext } from './context/context';
export type { BreadcrumbDraft, RecordedBreadcrumb } from './context/breadcrumb-buffer';
export { TransactionStack } from './context/transaction-stack';

export { CaptureErrors } from './decorators/capture-errors.decorator';
export { Extra } from './decorators/extra.decorator';
export { Fingerprint } from './decorators/fingerprint.decorator';
export { IgnoreErrors } from './decorators/ignore-errors.decorator';
export { Level } from './decorators/level.decorator';
export { Tag, Tags } from './decorators/tag.decorator';
export type { TagValue } from './decorators/tag.decorator';
export type { CaptureErrorsOptions, ReportValueFunction } from './decorators/report-metadata';
export type { ReportDecorator } from './decorators/report-decorator';
export type { ValueDecorator } from './decorators/value-decorator';

export { RavenLogger } from './logger/raven.logger';
export type { RavenLoggerOptions } from './logger/raven.logger';
export type { LogLine } from './logger/log-line';
export type { LogOptions } from './logger/log-options';

export type { RavenFeatureOptions } from './nest/features/feature-options';
export { RavenExceptionFilter } from './nest/raven-exception.filter';
export { RavenInterceptor } from './nest/raven.interceptor';

export type { Processor, ProcessorClient, ProcessorFunction } from './processors/processor';
export { RemovePostDataProcessor } from './processors/remove-post-data.processor';
export { RemoveStackLocalsProcessor } from './processors/remove-stack-locals.processor';
export { SanitizeKeysProcessor } from './processors/sanitize-keys.processor';
export { SanitizePasswordsProcessor } from './processors/sanitize-passwords.processor';

export { InvalidDsnError } from './protocol/dsn';
export type { Envelope, EnvelopeItem } from './protocol/envelope';
export type {
  BreadcrumbValue,
  ExceptionValue,
  Level as EventLevel,
  LogEntry,
  Mechanism,
  RavenEvent,
  RequestInterface,
  SdkInfo,
  StackFrame,
  StackTrace,
  User,
} from './protocol/event';
export type { PropagationContext } from './protocol/trace';

export { HttpTransport } from './transport/http.transport';
export { NodeHttpTransport } from './transport/node-http.transport';
export type { NodeHttpTransportOptions } from './transport/node-http.transport';
export { WorkerHttpTransport } from './transport/worker-http.transport';
export { RecordingTransport } from './transport/recording.transport';
export type { Transport } from './transport/transport';
export { QueuedTransport } from './transport/queued.transport';
export type { TransportStatus } from './transport/queued.transport';
export type { DropReason } from './transport/account';
export type { RetryPolicy, Verdict } from './transport/retry-policy';
export type { Sender } from './transport/sender';
export type { SendResult } from './transport/send-result';
export type { SpoolOption } from './transport/spool-option';
export type { StateListener, TransportState } from './transport/transport-state';
