import type { ContextSnapshot } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { isErrorLike } from '../event/exception-values';
import { safeRead } from '../event/safe-read';
import { currentStackTrace, stackTrace, stackTraceOf } from '../event/stack-trace';
import { forget, isThenable } from '../event/thenable';
import type { FrameOptions } from '../event/stack-frames';
import type { RavenEvent, StackTrace } from '../protocol/event';
import { SDK } from '../protocol/sdk';
import type { PropagationContext } from '../protocol/trace';
import type { ResolvedOptions } from '../raven.options';
import { breadcrumbValues } from './breadcrumb-values';
import type { CaptureOptions } from './capture-options';
import { withDeepStacks } from './deep-stacks';
import { cutEvent, plainEvent } from './event-limits';
import { levelOf } from './event-level';
import type { EventTypeFunction } from './event-types';
import { flagsContext } from './flags-context';
import { grouped } from './grouped-event';
import { merged } from '../event/plain-members';
import type { Surroundings } from './surroundings';
import { timeOf } from './time-of';

/** What an event is made of. */
export interface EventSource {
  eventId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  type: EventTypeFunction;
  /** Whether the type is an exception, which has a stack of its own. */
  isException: boolean;
  options: CaptureOptions;
  /** What was known of the work in progress. */
  known: ContextSnapshot;
  trace: PropagationContext;
}

/** Makes events of what was captured: raven-python's `build_msg`, up to the processors. */
export class EventBuilder {
  constructor(
    private readonly options: ResolvedOptions,
    private readonly frames: FrameOptions,
    private readonly surroundings: Surroundings,
  ) {}

  /**
   * The event as plain JSON data of bounded size; processors have not seen it yet.
   *
   * @param described - what the work in progress adds, below everything that was set on purpose
   */
  build(source: EventSource, described: Record<string, unknown>): RavenEvent {
    const { options, known } = source;
    const base = merged(described, known.data, safeCopy(options.data));
    const fields = fieldsOf(source.type(options));
    for (const [key, value] of Object.entries(fields)) {
      if (base[key] === undefined) base[key] = value;
    }

    base.stacktrace ??= this.stackTrace(source);
    base.contexts = this.givenContexts(source, fields, described);
    base.tags = this.tags(described.tags, base.tags, options.tags);
    base.extra = merged(
      ...[this.options.context, described.extra, fields.extra, base.extra, options.extra].map(safeCopy),
    );
    base.level = levelOf(base.level ?? options.level) ?? 'error';
    const { release, environment, dist, isDetected } = this.options;
    base.release = isDetected.release ? (base.release ?? release) : release;
    base.environment = isDetected.environment ? (base.environment ?? environment) : environment;
    base.dist = base.release === undefined ? undefined : (dist ?? base.dist);
    base.server_name ??= this.options.serverName;
    base.culprit ??= known.transaction;
    base.fingerprint = options.fingerprint ?? base.fingerprint;
    base.time_spent ??= wholeMs(options.timeSpent);
    if (this.options.repos) base.repos ??= this.options.repos;
    base.event_id = source.eventId;
    base.timestamp ??= (timeOf(options.date) ?? source.nowMs) / 1000;
    base.platform ??= 'node';
    const event = plainEvent(base, source.isException ? fields.exception : undefined);
    // What is made here is plain already.
    if (this.options.enableBreadcrumbs && event.breadcrumbs === undefined) {
      const values = breadcrumbValues(known.breadcrumbs, this.limits);
      if (values.length > 0) event.breadcrumbs = { values };
    }
    event.sdk ??= { ...SDK };
    event.contexts = { ...this.ownContexts(source), ...event.contexts };
    return event;
  }

  /** What holds of the finished event after the processors: raven's string and list lengths, the protocol's field lengths, and its fingerprint. */
  finish(event: RavenEvent): RavenEvent {
    const cut = cutEvent(event, this.limits, this.options.maxValueLength);
    return grouped(cut, this.options.groupMessages);
  }

  private get limits(): { maxDepth: number; maxListLength: number; maxStringLength: number } {
    return {
      maxDepth: this.options.normalizeDepth,
      maxListLength: this.options.listMaxLength,
      maxStringLength: this.options.stringMaxLength,
    };
  }

  private tags(...lowestFirst: unknown[]): Record<string, unknown> {
    const tags = merged(...[this.options.tags, ...lowestFirst].map(safeCopy));
    return this.options.site !== undefined && !('site' in tags) ? { ...tags, site: this.options.site } : tags;
  }

  /** The machine's, the trace, feature flags. What is given goes above them. */
  private ownContexts({ known, trace }: EventSource): NonNullable<RavenEvent['contexts']> {
    const contexts: NonNullable<RavenEvent['contexts']> = this.surroundings.contexts();
    contexts.trace = traceContext(trace);
    const flags = flagsContext(known.flags);
    if (flags) contexts.flags = { ...flags };
    return contexts;
  }

  /** Contexts merge by their name: the work's, the event type's, the context's, the call's. */
  private givenContexts(
    { known, options }: EventSource,
    fields: Record<string, unknown>,
    described: Record<string, unknown>,
  ): Record<string, unknown> {
    const given = [
      described.contexts,
      fields.contexts,
      known.data.contexts,
      safeRead(options.data, 'contexts'),
    ];
    return merged(...given.map(safeCopy));
  }

  private stackTrace({ options, isException }: EventSource): StackTrace | undefined {
    const { stack } = options;
    if (isException) return undefined;
    if (typeof stack === 'string') return stackTrace(stack, this.frames);
    if (isErrorLike(stack)) return stackTraceOf(stack, this.frames);
    if (!(stack ?? this.options.autoLogStacks)) return undefined;
    return withDeepStacks(() => currentStackTrace(this.frames));
  }
}

/** What an event type gives; a promise comes too late to be part of the event. */
function fieldsOf(given: unknown): Record<string, unknown> {
  if (!isThenable(given)) return safeCopy(given);
  forget(given);
  return {};
}

/** Servers take whole milliseconds only; clocks give fractions. */
function wholeMs(given: unknown): number | undefined {
  return typeof given === 'number' && Number.isFinite(given) ? Math.round(given) : undefined;
}

function traceContext(trace: PropagationContext): Record<string, string> {
  return {
    trace_id: trace.traceId,
    span_id: trace.spanId,
    ...(trace.parentSpanId !== undefined && { parent_span_id: trace.parentSpanId }),
  };
}
