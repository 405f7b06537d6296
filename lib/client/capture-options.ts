import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import type { Level, Mechanism, RavenEvent } from '../protocol/event';
import type { Attachment } from './attachment';
import type { CaptureContext } from './capture-context';

/** What goes along with one event; it wins over the context. */
export interface EventOptions {
  /** Parts of the event by their key on the wire; each replaces the context's whole value of that key. */
  data?: Record<string, unknown> | undefined;
  /** When it happened; default now. */
  date?: Date | undefined;
  /** How long what failed had taken, in milliseconds. */
  timeSpent?: number | undefined;
  /** Merged over the client's `context` and the event's extra. */
  extra?: Record<string, unknown> | undefined;
  /**
   * True records the stack of the call, a string or an Error gives one. By default messages have one where
   * `autoLogStacks` is on, and exceptions their own.
   */
  stack?: boolean | string | Error | undefined;
  /** Merged over the client's tags and the event's. Values become strings. */
  tags?: Record<string, unknown> | undefined;
  /** Share of such events that is sent, 0 to 1, in place of the client's. */
  sampleRate?: number | undefined;
  /** What groups the event; `{{ default }}` stands for the server's own. */
  fingerprint?: string[] | undefined;
  /** How bad it is, where neither data nor context says it. Default `error`. */
  level?: Level | undefined;
  /** Bytes and files that go along with the event: at most 30, and `maxAttachmentBytes` in all. */
  attachments?: readonly Attachment[] | undefined;
  /**
   * Sees the event before the client's processors and may change it, or drop it by returning null; `undefined` keeps it.
   * One that throws, or returns a promise, loses the event.
   */
  processor?: ((event: RavenEvent) => RavenEvent | null | undefined | void) | undefined;
}

/** Options of a message. */
export interface MessageOptions extends EventOptions {
  /** Values of the message's placeholders. They travel beside it; the client does not interpolate. */
  params?: unknown;
  /** The message with its parameters filled in: what is shown. */
  formatted?: string | undefined;
}

/** Options of an exception. */
export interface ExceptionOptions extends EventOptions {
  /** How it came to be captured; default `{ type: 'generic', handled: true }`. */
  mechanism?: Mechanism | undefined;
  /** Where it was raised: given to `beforeSend`. */
  captureContext?: CaptureContext | undefined;
  /** More options, worked out only once it is clear that an event is built. */
  details?: (() => EventOptions) | undefined;
  /** Whether the event may be built a moment later: once who caused it was served. */
  isPutOff?: boolean | undefined;
}

/** Options of a query. */
export interface QueryOptions extends EventOptions {
  /** Values of the query's placeholders. */
  params?: unknown;
  /** The database, for example `postgres`. */
  engine?: string | undefined;
}

/** Options of {@link RavenClient.capture}: common ones, and those of the event type. */
export interface CaptureOptions extends EventOptions {
  [specific: string]: unknown;
}

/** A breadcrumb to record; one of message, data and processor is needed. */
export interface BreadcrumbOptions {
  /** Cut at 1024 characters. */
  message?: string | undefined;
  data?: Record<string, unknown> | undefined;
  /** Cut at 128 characters, for example `db`. */
  category?: string | undefined;
  /** Cut at 16 characters, in lower case. */
  level?: string | undefined;
  /** `default`, `http`, `query`, `navigation`, `user`, `debug`, `error`, `info`. Default `default`. */
  type?: string | undefined;
  /** When; default now. */
  timestamp?: Date | undefined;
  /** Fills the crumb in when an event is built, for what is costly to format. */
  processor?: ((crumb: BreadcrumbDraft) => void) | undefined;
}
