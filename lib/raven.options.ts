import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import type { BeforeBreadcrumb, BeforeSend, CaptureFilter } from './client/hooks';
import type { StormGuardOptions } from './client/storm-guard';
import type { BreadcrumbSources } from './integrations/breadcrumb-sources';
import type { IgnoredException } from './event/ignored-exceptions';
import type { Processor, ProcessorFunction } from './processors/processor';
import type { SpoolOption } from './transport/spool-option';
import type { Transport } from './transport/transport';

/** A class, whatever its constructor takes. */
export type ClassOf<T> = new (...args: never[]) => T;

/**
 * A processor as options take it: raven's name (`'raven.processors.SanitizePasswordsProcessor'`), a class,
 * an instance, or a plain function. A class that is a provider comes from Nest's container with what it
 * injects; any other is made with `new Class(client)`.
 */
export type ProcessorOption = string | ClassOf<Processor> | Processor | ProcessorFunction;

/**
 * Everything a client can be told. Only `dsn` matters to begin with.
 *
 * Names and meanings are raven-python's in camelCase, with what Nest adds. Defaults stand in
 * {@link DEFAULT_OPTIONS}; an unknown option or a wrong value stops the app at start-up.
 */
export interface RavenOptions {
  /** Where events go: `https://PUBLIC_KEY@HOST/PROJECT_ID`. Default `SENTRY_DSN`; none disables the client. */
  dsn?: string | undefined;
  /** False disables the client whatever the DSN. Default true. */
  enabled?: boolean | undefined;
  /** Name of the client to inject it by: `@InjectRaven('billing')`. None: it is injected as `RavenClient`. */
  name?: string | undefined;
  /** `server_name` of events; raven-python's `name`. Default `SENTRY_NAME`, else the host name. */
  serverName?: string | undefined;
  /** Becomes the tag `site` unless the event has one. */
  site?: string | undefined;
  /** Version of the app; wins over `data.release`. Default `SENTRY_RELEASE`, `HEROKU_SLUG_COMMIT`, else detected: the platform's commit, package.json, git (docs/events.md). */
  release?: string | undefined;
  /** Build of the release; goes along with a release only; wins over `data.dist`. Default `SENTRY_DIST`. */
  dist?: string | undefined;
  /** For example `staging`; wins over `data.environment`. Default `SENTRY_ENVIRONMENT`, else detected: the platform's, `NODE_ENV`. */
  environment?: string | undefined;
  /** Tags of every event, the lowest in precedence. */
  tags?: Record<string, unknown> | undefined;
  /** Extra of every event, the lowest in precedence. Default the process's arguments as `process.argv`. */
  context?: Record<string, unknown> | undefined;
  /** Path prefixes or package names whose frames count as the app's own although they would not. */
  includePaths?: string[] | undefined;
  /** Path prefixes or package names whose frames do not count as the app's own; they win over `includePaths`. */
  excludePaths?: string[] | undefined;
  /** Errors that are never reported. */
  ignoreExceptions?: IgnoredException[] | undefined;
  /** Share of events that is sent, 0 to 1; a capture's own `sampleRate` wins. Default 1. */
  sampleRate?: number | undefined;
  /** Longest string in extra, params and the like, in characters. Default 400. */
  stringMaxLength?: number | undefined;
  /** Longest list or mapping there, in entries. Default 50. */
  listMaxLength?: number | undefined;
  /** How deep lists and mappings there are followed, 10 at most. Default 6. */
  normalizeDepth?: number | undefined;
  /** Longest message of an error and of an event, in characters; servers keep no more than 8192. Default 8192. */
  maxValueLength?: number | undefined;
  /** Whether messages carry the stack of the call. Default false. */
  autoLogStacks?: boolean | undefined;
  /** Lines of source before and after the line of a frame; 0 sends none. Default 5. */
  frameContextLines?: number | undefined;
  /** Whether frames of compiled and bundled code are shown as the source they were made of, where source maps are found. Default true. */
  sourceMaps?: boolean | undefined;
  /** Whether of several frames in a row of Nest and what it runs on only the outermost and the innermost are sent. Default true. */
  collapseFrames?: boolean | undefined;
  /** Whether properties of errors (`code`, `response` …) are sent as a context of their own. Default true. */
  errorDetails?: boolean | undefined;
  /** Whether frames carry their local variables: of errors that nobody catches (`uncaught`), of all, or none. Read its cost in docs/events.md. Default false. */
  captureLocals?: false | 'uncaught' | 'all' | undefined;
  /** Whether errors and messages whose texts differ only in ids and numbers are one issue, on every server. Default false. */
  groupMessages?: boolean | undefined;
  /** What every event passes through, in order. Default the SanitizePasswordsProcessor alone. */
  processors?: ProcessorOption[] | undefined;
  /** What the SanitizeKeysProcessor masks: any key that contains one of these, in any case. */
  sanitizeKeys?: string[] | undefined;
  /** Whether breadcrumbs are kept and sent. Default true. */
  enableBreadcrumbs?: boolean | undefined;
  /** How many breadcrumbs are kept. Default 100. */
  maxBreadcrumbs?: number | undefined;
  /** Most bytes of breadcrumbs that one request, message or job keeps, as far as they can be told. Default 64 KiB. */
  maxBreadcrumbBytes?: number | undefined;
  /** What leaves breadcrumbs by itself: `{ console: false }` switches one off, false all. Default `console`, `logger`, `request`, `http`, `queries` and `events` are on. */
  breadcrumbSources?: false | BreadcrumbSources | undefined;
  /** Whether events name the versions of the app's packages (`modules`). Default true. */
  includeVersions?: boolean | undefined;
  /** Repository of a path of the code: `{ 'src': { type: 'git', name: 'acme/shop' } }`; travels among the extra, as `repos`. */
  repos?: Record<string, Record<string, string>> | undefined;
  /** Whether a failed delivery rejects `send`, `flush` and `close` instead of being logged and retried. Default false. */
  raiseSendErrors?: boolean | undefined;
  /** Takes the place of delivery over HTTP by axios: `NodeHttpTransport`, `WorkerHttpTransport`, or an instance or a class of your own, made with `new Class(options)`. */
  transport?: Transport | ClassOf<Transport> | undefined;
  /** Decides on each error that the module sees by itself: true reports it, false does not, anything else leaves it to the rule. */
  captureFilter?: CaptureFilter | undefined;
  /** Whether each failed attempt of a job in a queue is reported, and not the last one alone. Default false. */
  captureRetries?: boolean | undefined;
  /** Sees each event last and may change it, or drop it by returning null. One that throws loses the event. */
  beforeSend?: BeforeSend | undefined;
  /** Sees each breadcrumb when it is recorded and may change it, or drop it by returning null. */
  beforeBreadcrumb?: BeforeBreadcrumb | undefined;
  /** Whether personal data is sent: bodies, cookies, IP addresses, name and e-mail of the user. Default false. */
  sendDefaultPii?: boolean | undefined;
  /** Whether what is captured and sent is logged, at level debug. Default false. */
  debug?: boolean | undefined;
  /** How long a shutdown waits for what is not delivered yet, in milliseconds. Default 2000. */
  shutdownTimeoutMs?: number | undefined;
  /** Whether a reported 5xx answer carries the event's id in the header `x-sentry-id`. Default true. */
  exposeEventId?: boolean | undefined;
  /** Whether uncaught exceptions and unhandled rejections are reported before the process ends, and what is undelivered then is delivered or spooled. Default true. */
  installProcessHandlers?: boolean | undefined;
  /** Copies every event to Spotlight: true for `http://localhost:8969/stream`, or its URL. Default `SENTRY_SPOTLIGHT`. */
  spotlight?: boolean | string | undefined;
  /** `store` for servers that do not know envelopes. Default `envelope`. */
  protocol?: 'envelope' | 'store' | undefined;
  /** An axios instance, or configuration for one (proxy, CA, agents). */
  axios?: AxiosInstance | AxiosRequestConfig | undefined;
  /** Most bytes of events in memory, with the copies that sending makes; from 64 KiB. Default 32 MiB. */
  maxQueueBytes?: number | undefined;
  /** Most events in memory. Default 10 000. */
  maxQueueLength?: number | undefined;
  /** Beyond `limit` events of the same kind within `windowMs` further ones are counted, and the next one sent carries the count; false sends all. Default `{ limit: 1000, windowMs: 10000 }`. */
  stormGuard?: false | StormGuardOptions | undefined;
  /** Most bytes of the attachments of one event; those beyond are left out. Default 10 MiB. */
  maxAttachmentBytes?: number | undefined;
  /** Keeps on disk what cannot be sent, in `directory`: at most `maxBytes` (100 MiB) for at most `maxAgeMs` (7 days), read back one every `pauseMs` (100); `durability` is `shutdown`, or `crash` to lose none in a killed process. Recommended in production. Default false. */
  spool?: false | SpoolOption | undefined;
  /** Whether the server is told how many events were lost and why (Sentry's client reports). Default true. */
  sendClientReports?: boolean | undefined;
  /** Sentry's id of the organisation; default the digits of a DSN host `o<digits>.…`. Traces of another one are not continued. */
  orgId?: string | undefined;
  /** Whether an incoming trace is continued only if it names this organisation. Default false. */
  strictTraceContinuation?: boolean | undefined;
}

/** What holds where an option is not given. What comes from the environment is not here but in `resolve-options.ts`. */
export const DEFAULT_OPTIONS = {
  enabled: true,
  sampleRate: 1,
  stringMaxLength: 400,
  listMaxLength: 50,
  normalizeDepth: 6,
  maxValueLength: 8192,
  autoLogStacks: false,
  frameContextLines: 5,
  sourceMaps: true,
  collapseFrames: true,
  errorDetails: true,
  captureLocals: false,
  groupMessages: false,
  processors: ['raven.processors.SanitizePasswordsProcessor'],
  enableBreadcrumbs: true,
  maxBreadcrumbs: 100,
  maxBreadcrumbBytes: 64 * 1024,
  breadcrumbSources: { console: true, logger: true, request: true, http: true, queries: true, events: true },
  includeVersions: true,
  raiseSendErrors: false,
  captureRetries: false,
  sendDefaultPii: false,
  debug: false,
  shutdownTimeoutMs: 2000,
  exposeEventId: true,
  installProcessHandlers: true,
  protocol: 'envelope',
  maxQueueBytes: 32 * 1024 * 1024,
  maxQueueLength: 10_000,
  maxAttachmentBytes: 10 * 1024 * 1024,
  sendClientReports: true,
  stormGuard: { limit: 1000, windowMs: 10_000 },
  strictTraceContinuation: false,
} as const satisfies RavenOptions;

/** What an option is once it is resolved, where that is less than what may be given. */
interface ResolvedValues {
  spool: SpoolOption;
  breadcrumbSources: Required<BreadcrumbSources>;
}

/** Each option under its own docstring. */
type Narrowed = {
  [Name in keyof RavenOptions]: Name extends keyof ResolvedValues ? ResolvedValues[Name] : RavenOptions[Name];
};

/** Options that have a value, whatever is given. */
type AlwaysThere =
  | keyof typeof DEFAULT_OPTIONS
  | 'serverName'
  | 'tags'
  | 'context'
  | 'includePaths'
  | 'excludePaths'
  | 'ignoreExceptions';

/** The options in force: given ones, the environment's, and the defaults, in this order. */
export type ResolvedOptions = Readonly<
  Narrowed &
    Required<Pick<Narrowed, AlwaysThere>> & {
      /** What nobody said but was found out: what an event's data says wins over it. */
      isDetected: { readonly release: boolean; readonly environment: boolean };
    }
>;
