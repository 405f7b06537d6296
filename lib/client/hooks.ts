import type { BreadcrumbDraft } from '../context/breadcrumb-buffer';
import type { Attachment } from './attachment';
import type { CaptureContext } from './capture-context';
import type { RavenEvent } from '../protocol/event';

/** What is known of an event beside itself. */
export interface EventHint {
  /** What was thrown, as it was thrown; absent for messages. */
  originalException?: unknown;
  /** Where the error was raised, if the module saw it by itself or through a decorator. */
  captureContext?: CaptureContext;
  /** What goes along with the event. A hook may take some out, or put others in; they are read after it. */
  attachments?: Attachment[];
}

/**
 * Sees each event last, after the processors.
 *
 * @returns the event to send, or null to drop it; a promise of either. `undefined` keeps the event.
 *   A hook that throws, rejects, returns anything else or takes longer than 30 s loses the event: a half-done
 *   redaction must not leave the process. The log says so.
 */
export type BeforeSend = (
  event: RavenEvent,
  hint: EventHint,
) => RavenEvent | null | undefined | void | Promise<RavenEvent | null | undefined | void>;

/**
 * Sees each breadcrumb when it is recorded.
 *
 * @returns the crumb to keep, or null to drop it; `undefined` keeps it. A hook that throws or returns
 *   anything else, a promise too, loses the crumb. The log says so.
 */
export type BeforeBreadcrumb = (crumb: BreadcrumbDraft) => BreadcrumbDraft | null | undefined | void;

/**
 * Decides whether an error that the module sees by itself is reported.
 *
 * @param exception - what was thrown
 * @param context - where, and what came of it: `context.handled` is what the rule says
 * @returns true to report it, false not to; anything else leaves it to the rule
 */
export type CaptureFilter = (exception: unknown, context: CaptureContext) => boolean | undefined | void;
