/**
 * The event as a server takes it: the attributes of Sentry's event payload that an error client writes.
 * Source: https://develop.sentry.dev/sdk/data-model/event-payloads/
 */

/** A value that is JSON as it stands. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The levels of the wire, the worst first. */
export const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug'] as const;

/** How bad it is; nothing else is a level on the wire. */
export type Level = (typeof LEVELS)[number];

/** One frame of a stack trace; the caller comes before the called. */
export interface StackFrame {
  /** Path relative to the project's root: stable between machines, used for grouping. */
  filename?: string;
  /** Full path or URL, as the runtime named it. */
  abs_path?: string;
  /** File path without extension in dotted or package form. */
  module?: string;
  function?: string;
  /** From 1. */
  lineno?: number;
  /** From 1. */
  colno?: number;
  /** Whether the frame is the app's own code. */
  in_app?: boolean;
  pre_context?: string[];
  context_line?: string;
  post_context?: string[];
  /** Local variables. */
  vars?: Record<string, unknown>;
  /** First frame of an async part. */
  stack_start?: true;
}

/** A stack trace; never empty, the frame that threw is the last. */
export interface StackTrace {
  frames: StackFrame[];
}

/** How an exception came to be captured. */
export interface Mechanism {
  /** `generic` for the app's own calls, else `auto.<category>.<integration>`. */
  type: string;
  /** False where nobody caught the exception. */
  handled?: boolean;
  /** True where the error was made only to carry a stack. */
  synthetic?: boolean;
  exception_id?: number;
  parent_id?: number;
  is_exception_group?: boolean;
  /** Property of the parent it came from: `cause`, `errors[0]` … */
  source?: string;
  data?: Record<string, unknown>;
}

/** One exception of a chain. */
export interface ExceptionValue {
  type?: string;
  value?: string;
  module?: string;
  stacktrace?: StackTrace;
  mechanism?: Mechanism;
}

/** The incoming HTTP request. */
export interface RequestInterface {
  /** Without query, fragment and credentials. */
  url?: string;
  method?: string;
  /** Raw, without the leading question mark. */
  query_string?: string | Record<string, string> | [string, string][];
  data?: unknown;
  cookies?: string | Record<string, string>;
  headers?: Record<string, string>;
  env?: Record<string, string>;
  [key: string]: unknown;
}

/** Who it happened to; at least one of id, username, email, ip_address. */
export interface User {
  id?: string | number | undefined;
  username?: string | undefined;
  email?: string | undefined;
  ip_address?: string | undefined;
  [key: string]: unknown;
}

/** One step that led to the event. */
export interface BreadcrumbValue {
  /** Seconds since the epoch. */
  timestamp: number;
  type: string;
  level?: string | null;
  message?: string | null;
  category?: string | null;
  data?: Record<string, unknown> | null;
}

/** A message with its template and parameters. */
export interface LogEntry {
  message: string;
  params?: unknown;
  formatted?: string;
}

/** The name and version of the client that made the event. */
export interface SdkInfo {
  name: string;
  version: string;
}

/** The tags of an event. On the wire keys and values are strings. */
export type Tags = Record<string, string>;

/** A file of code that has an id, by which a server finds the source map that was uploaded for it. */
export interface DebugImage {
  type: 'sourcemap';
  /** As `abs_path` of the frames. */
  code_file: string;
  /** A UUID. */
  debug_id: string;
}

/** An event. Keys are those of the wire, so that what a hook sees is what is sent. */
export interface RavenEvent {
  /** 32 lower-case hex digits. */
  event_id: string;
  /** Seconds since the epoch, with fraction; when it happened. */
  timestamp: number;
  platform: string;
  level: Level;
  logger?: string;
  transaction?: string;
  transaction_info?: { source: 'custom' | 'url' | 'route' | 'component' | 'task' };
  culprit?: string;
  server_name?: string;
  release?: string;
  dist?: string;
  environment?: string;
  message?: string;
  tags: Record<string, unknown>;
  extra: Record<string, unknown>;
  modules?: Record<string, string>;
  fingerprint?: string[];
  /** Milliseconds. */
  time_spent?: number;
  exception?: { values: ExceptionValue[] };
  threads?: { values: { id: number; current?: boolean; crashed?: boolean; stacktrace?: StackTrace }[] };
  logentry?: LogEntry;
  request?: RequestInterface;
  user?: User;
  breadcrumbs?: { values: BreadcrumbValue[] };
  contexts?: Record<string, Record<string, unknown>>;
  sdk?: SdkInfo;
  debug_meta?: { images: DebugImage[] };
  [key: string]: unknown;
}
