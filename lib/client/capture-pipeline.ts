import type { Context, ContextSnapshot } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { currentScope, runInScope, runQuietly } from '../context/scope';
import { SeenErrors } from '../context/seen-errors';
import { newEventId } from '../event/event-id';
import { safeString } from '../event/safe-read';
import { isIgnored } from '../event/ignored-exceptions';
import type { FrameOptions } from '../event/stack-frames';
import { activeSpan } from '../integrations/active-span';
import { processLocals, type LocalsLease } from '../locals/process-locals';
import { contextOfSpan, newTrace, type PropagationContext } from '../protocol/trace';
import type { RavenEvent } from '../protocol/event';
import type { ResolvedOptions } from '../raven.options';
import { Account, type DropReason } from '../transport/account';
import { MEMORY_SHARES } from '../transport/memory-shares';
import type { Attachment } from './attachment';
import { attachmentItems } from './attachment-items';
import { AttachmentReader } from './attachment-reader';
import type { CaptureOptions, EventOptions, ExceptionOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { captureFingerprint } from './capture-fingerprint';
import type { Enrichment } from './enrichment';
import { errorText } from './error-text';
import { EventBuilder, type EventSource } from './event-builder';
import { plainEvent } from './event-limits';
import { EventProcessing } from './event-processing';
import { EventTypeRegistry } from './event-type-registry';
import type { EventTypeFunction, EventTypeOption } from './event-types';
import type { Feedback } from './feedback';
import { FeedbackCapture } from './feedback-capture';
import { frameOptions } from './frame-options';
import type { EventHint } from './hooks';
import { FrameSources } from './frame-sources';
import { LastSteps } from './last-steps';
import { LaterWork } from './later-work';
import { Outbox } from './outbox';
import { PackageVersions } from './package-versions';
import type { Instantiate } from './processor-chain';
import type { LeftOver } from './left-over';
import type { RavenClient } from './raven.client';
import type { RavenStats } from './raven-stats';
import { readableText } from './readable-text';
import type { Repetition } from './repetition';
import { hasStackRoom } from './stack-room';
import { StormGuard } from './storm-guard';
import { Surroundings } from './surroundings';
import { WithoutRoom } from './without-room';

/** How much of the time that closing may take is for hooks. */
const SHARE_OF_HOOKS = 0.7;

/** What is known of an event before it is built. */
interface Capture {
  eventId: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
  type: EventTypeFunction;
  asked: CaptureOptions & ExceptionOptions;
  known: ContextSnapshot;
  trace: PropagationContext;
  isSampled: boolean;
  repetition: Repetition | undefined;
}

/**
 * From a capture to the outbox: ignore, build, sample, process, deliver. Source: raven-python's `Client.capture`.
 *
 * Nothing in it throws to the caller; what goes wrong is logged and counted.
 */
export class CapturePipeline {
  readonly account: Account;
  readonly outbox: Outbox;
  private readonly types: EventTypeRegistry;
  private readonly builder: EventBuilder;
  private readonly lastSteps: LastSteps;
  private readonly feedback: FeedbackCapture;
  private readonly storms: StormGuard | undefined;
  private readonly locals: LocalsLease | undefined;
  private readonly processing: EventProcessing;
  private readonly later = new LaterWork();
  /** Whether events may be built a moment later: what must survive a crash is written before `capture` returns, and tests look then. */
  private readonly mayPutOff: boolean;
  private readonly everReported: SeenErrors;
  private readonly withoutRoom = new WithoutRoom();
  /** Whether something was captured since the last flush. */
  hasUnflushed = false;
  /** Whether a flush has ended without delivering everything, and nothing was captured since. */
  hasWaitedInVain = false;

  constructor(
    private readonly client: RavenClient,
    private readonly environment: ClientEnvironment,
  ) {
    const { options } = client;
    this.account = new Account(environment.now);
    this.everReported = new SeenErrors(environment.now);
    this.storms = options.stormGuard ? new StormGuard(options.stormGuard, environment) : undefined;
    this.outbox = new Outbox(options, environment, this.account);
    if (options.captureLocals && this.outbox.isOpen) {
      this.locals = processLocals.take(options.captureLocals, (message) => environment.logger.warn(message));
    }
    this.processing = new EventProcessing(options.processors, this.instantiate);
    const frames = frameOptions(options, environment.root, this.locals);
    this.types = new EventTypeRegistry({ ...options, frames }, this.instantiate);
    this.builder = new EventBuilder(options, frames, new Surroundings(environment));
    const survivesCrash = options.spool?.durability === 'crash';
    this.mayPutOff = !survivesCrash && !environment.buildsAtOnce;
    this.lastSteps = new LastSteps({
      beforeSend: options.beforeSend,
      limits: {
        maxLength: options.maxQueueLength,
        maxBytes: options.maxQueueBytes * MEMORY_SHARES.hooks,
      },
      enrichments: enrichmentsOf(options, environment, frames),
      attachments: new AttachmentReader({
        maxBytes: options.maxAttachmentBytes,
        warn: (message) => environment.logger.warn(message),
      }),
      waitsForEnrichments: this.mayPutOff,
      waitsForAttachments: !survivesCrash,
      lost: (reason, message) => this.lose(reason, message),
      warn: (message) => environment.logger.warn(message),
    });
    this.feedback = new FeedbackCapture({
      client,
      environment,
      account: this.account,
      builder: this.builder,
      lastSteps: this.lastSteps,
      outbox: this.outbox,
      trace: () => this.trace(),
      process: (event) => this.process(event),
      noteUnflushed: () => this.noteUnflushed(),
      lose: (reason, message) => this.lose(reason, message),
    });
  }

  get isEnabled(): boolean {
    return this.outbox.isOpen;
  }

  capture(eventType: EventTypeOption, given: CaptureOptions): string | null {
    if (!this.isEnabled || currentScope()?.isQuiet) return null;
    if (!hasStackRoom()) {
      this.withoutRoom.note(given);
      return null;
    }
    this.countWithoutRoom();
    let isCounted = false;
    try {
      const options: CaptureOptions = safeCopy(given);
      const type = this.types.get(eventType);
      const isException = this.types.isException(type);
      if (isException && this.wasReported(options)) return null;
      isCounted = true;
      this.account.captured();
      if (isException) return this.captureException(type, options);
      const repetition = this.storms?.admit(captureFingerprint(eventType, false, options));
      return repetition === null ? this.holdBack() : this.report(type, options, repetition);
    } catch (error) {
      if (!isCounted) this.account.captured();
      this.lose('internal_sdk_error', `an event could not be captured: ${errorText(error)}`);
      return null;
    }
  }

  /**
   * Sends what a user has to say. Neither sampled nor shown to `beforeSend`, as the protocol has it; processors see it.
   *
   * @returns its id, or null where it is not sent
   */
  captureFeedback(feedback: Feedback): string | null {
    if (!this.isEnabled || currentScope()?.isQuiet) return null;
    return this.feedback.capture(feedback);
  }

  /** Hands over an event as it stands. */
  async send(data: Partial<RavenEvent>): Promise<void> {
    if (!this.isEnabled) return;
    const event = plainEvent({
      event_id: newEventId(),
      timestamp: this.environment.now() / 1000,
      platform: 'node',
      level: 'error',
      ...safeCopy(data),
    });
    this.noteUnflushed();
    this.account.captured();
    await this.outbox.send(event);
  }

  /**
   * Makes the processors now, so that one that cannot be made stops the app at start-up.
   *
   * @throws whatever making one of them throws
   */
  prepareProcessors(): void {
    this.processing.prepare();
  }

  complain(what: string, error: unknown): void {
    this.environment.logger.error(`${what}: ${errorText(error)}`);
  }

  hasReported(error: unknown): boolean {
    if (typeof error === 'object' && error !== null) return this.everReported.has(error);
    // What has no identity is the same only within the same piece of work.
    return (
      currentScope()?.work !== undefined &&
      this.client.context.memory.reported.eventIdOf(error, true) !== undefined
    );
  }

  /** Whether an error with this very stack was reported lately. */
  hasReportedStack(stack: string): boolean {
    return (
      this.client.context.memory.reported.eventIdOfStack(stack) !== undefined ||
      this.everReported.ofStack(stack) !== undefined
    );
  }

  async flush(timeoutMs: number): Promise<boolean> {
    this.later.finish();
    this.hasUnflushed = false;
    const startedMs = performance.now();
    const settled = await this.lastSteps.settled(timeoutMs);
    const leftMs = Math.max(0, timeoutMs - (performance.now() - startedMs));
    const isDone = (await this.outbox.flush(leftMs)) && settled;
    if (!this.hasUnflushed) this.hasWaitedInVain = !isDone;
    return isDone;
  }

  /** Tells the server what was lost, where there is anything to tell. */
  reportNow(timeoutMs: number): Promise<void> {
    return this.outbox.reportNow(timeoutMs);
  }

  /** What hooks do not end in most of the time is lost, so that the rest of it is left for what can be delivered. */
  async close(timeoutMs: number): Promise<boolean> {
    this.later.finish();
    const startedMs = performance.now();
    const settled = await this.lastSteps.settled(timeoutMs * SHARE_OF_HOOKS);
    this.lastSteps.finishNow();
    this.locals?.release();
    this.countWithoutRoom();
    this.storms?.close();
    return (await this.outbox.close(Math.max(0, timeoutMs - (performance.now() - startedMs)))) && settled;
  }

  /** Where everything went; see {@link RavenStats}. */
  stats(): RavenStats {
    this.countWithoutRoom();
    const { captured, retried, spooled, sent, recovered, dropped, lastError } = this.outbox.counts();
    const { state, pending, queueLength, queueBytes } = this.outbox.status;
    return {
      captured,
      sent,
      dropped,
      pending: this.later.pending + this.lastSteps.pending + pending,
      spooled,
      retried,
      recovered,
      queueLength,
      queueBytes,
      state,
      ...(lastError && { lastError }),
    };
  }

  /**
   * Ends at once, for the last moment of a process.
   *
   * @returns what is left of it
   */
  endNow(): LeftOver {
    this.later.finish();
    this.lastSteps.finishNow();
    return this.outbox.endNow();
  }

  tellUndelivered(quantity: number): void {
    const { lastError } = this.stats();
    const why = lastError ? ` (the last error was: ${lastError.message})` : '';
    const { spool, transport } = this.client.options;
    const advice = spool || transport ? '' : '; the option "spool" would keep them';
    this.environment.logger.warn(`the process ends with ${quantity} undelivered${why}${advice}`);
  }

  private wasReported({ exception, captureContext }: ExceptionOptions & { exception?: unknown }): boolean {
    const { reported } = this.client.context.memory;
    return reported.eventIdOf(exception, captureContext !== undefined) !== undefined;
  }

  private captureException(
    type: EventTypeFunction,
    options: CaptureOptions & ExceptionOptions & { exception?: unknown },
  ): string | null {
    const { exception } = options;
    if (isIgnored(exception, this.client.options.ignoreExceptions)) {
      this.debug(`ignored: ${errorText(exception)}`);
      this.account.droppedEvent('event_processor');
      return null;
    }
    const repetition = this.storms?.admit(captureFingerprint(type, true, options));
    const eventId = repetition === null ? this.holdBack() : this.report(type, options, repetition);
    // What is held back is known, and not seen as new further out.
    if (eventId !== null || repetition === null) {
      this.client.context.memory.reported.add(exception, eventId);
      if (typeof exception === 'object' && exception !== null) this.everReported.add(exception);
    }
    return eventId;
  }

  /**
   * The trace of the work in progress: what it continues, or one of its own. Where the app has another tracer, the
   * place of the span that is active, so that errors and spans are of one trace.
   */
  trace(): PropagationContext {
    const { memory } = this.client.context;
    const work = currentScope()?.work;
    const own = (memory.trace ??= work?.trace(this.client) ?? newTrace());
    const span = activeSpan() ?? work?.span;
    return span ? contextOfSpan(own, span) : own;
  }

  /** @returns the event's id, or null where a processor lost the event */
  private report(type: EventTypeFunction, given: CaptureOptions, repetition?: Repetition): string | null {
    const { client } = this;
    const { context } = client;
    const eventId = givenEventId(given.data) ?? newEventId();
    const isSampled = this.environment.random() < this.sampleRate(given);
    if (!isSampled && !this.outbox.hasSpotlight) {
      this.account.droppedEvent('sample_rate');
      return this.remember(context, eventId);
    }

    // Of what the server would not take nothing is worked out.
    if (this.outbox.isLimited) {
      this.account.droppedEvent('ratelimit_backoff');
      return this.remember(context, eventId);
    }

    const { isPutOff, ...asked } = given as CaptureOptions & ExceptionOptions;
    const scope = currentScope();
    const capture: Capture = {
      eventId,
      nowMs: this.environment.now(),
      type,
      asked,
      known: context.snapshot(client.firstBreadcrumb(scope?.work)),
      trace: this.trace(),
      isSampled,
      repetition,
    };
    if (isPutOff && scope && this.mayPutOff) {
      this.later.add(() => runInScope(scope, () => this.buildLater(capture)));
      this.noteUnflushed();
    } else if (!this.build(capture)) return null;
    return this.remember(context, eventId);
  }

  private buildLater(capture: Capture): void {
    try {
      this.build(capture);
    } catch (error) {
      this.lose('internal_sdk_error', `an event could not be captured: ${errorText(error)}`);
    }
  }

  /** @returns false where a processor lost the event */
  private build({ eventId, nowMs, type, asked, known, trace, isSampled, repetition }: Capture): boolean {
    const { details, ...given } = asked;
    const options: CaptureOptions = details ? { ...given, ...details() } : given;
    const source: EventSource = {
      eventId,
      nowMs,
      type,
      isException: this.types.isException(type),
      options,
      known,
      trace,
      described: currentScope()?.work?.describe(this.client) ?? {},
    };
    // Event types, lazy breadcrumbs and `toJSON` are the app's code.
    const built = runQuietly(() => this.builder.build(source));
    const processed = this.process(built, options.processor);
    if (!processed) return false;

    this.noteUnflushed();
    const event = this.builder.finish(processed);
    const { exception, captureContext, attachments } = options as ExceptionOptions & { exception?: unknown };
    const hint: EventHint = {
      originalException: exception,
      captureContext,
      // Spotlight alone gets no attachments: they are read for what is sent.
      ...(isSampled && Array.isArray(attachments) && { attachments: [...(attachments as Attachment[])] }),
    };
    this.lastSteps.take(event, hint, (kept, read) => {
      this.debug(`event ${eventId} is on its way: ${readableText(kept.message ?? '')}`);
      // A hook may have taken the id away; servers refuse an event without one.
      const event = { ...kept, event_id: givenEventId(kept) ?? eventId };
      const guarded = isSampled ? repetition?.take() : undefined;
      if (guarded) event.contexts = { ...safeCopy(kept.contexts), storm_guard: { ...guarded } };
      this.outbox.post(event, trace, { spotlightOnly: !isSampled, riders: attachmentItems(read) });
      if (!isSampled) this.account.droppedEvent('sample_rate');
    });
    return true;
  }

  private noteUnflushed(): void {
    this.hasUnflushed = true;
    this.hasWaitedInVain = false;
  }

  /** Where there is room again. */
  private countWithoutRoom(): void {
    for (let count = this.withoutRoom.take(); count > 0; count--) {
      this.account.captured();
      this.account.droppedEvent('internal_sdk_error');
    }
  }

  /** Counts what comes too often, in place of its event. */
  private holdBack(): null {
    this.account.droppedEvent('backpressure');
    return null;
  }

  /** A rate that is no number decides nothing. */
  private sampleRate({ sampleRate }: CaptureOptions): number {
    const isRate = typeof sampleRate === 'number' && !Number.isNaN(sampleRate);
    return isRate ? sampleRate : this.client.options.sampleRate;
  }

  /** @returns undefined where the event is dropped or lost */
  private process(event: RavenEvent, own?: EventOptions['processor']): RavenEvent | undefined {
    try {
      const processed = this.processing.run(event, own);
      if (!processed) this.account.droppedEvent('event_processor');
      return processed ?? undefined;
    } catch (error) {
      this.lose('event_processor', `a processor failed, its event is dropped: ${errorText(error)}`);
      return undefined;
    }
  }

  private remember(context: Context, eventId: string): string {
    context.memory.lastEventId = eventId;
    return eventId;
  }

  private readonly instantiate: Instantiate = (type) => {
    const provided = this.environment.instantiate?.(type);
    return provided ?? new (type as new (client: unknown) => InstanceType<typeof type>)(this.client);
  };

  private lose(reason: DropReason, message: string | undefined): void {
    this.account.droppedEvent(reason);
    if (message !== undefined) this.environment.logger.error(message);
  }

  private debug(message: string): void {
    if (this.client.options.debug) this.environment.logger.debug(message);
  }
}

function enrichmentsOf(
  options: ResolvedOptions,
  { root, now }: ClientEnvironment,
  frames: FrameOptions,
): Enrichment[] {
  const { frameContextLines: contextLines, sourceMaps } = options;
  const sources = new FrameSources({ frames, contextLines, sourceMaps, now, program: process.argv[1] });
  return options.includeVersions ? [sources, new PackageVersions(root)] : [sources];
}

/** The id the app gives its event: 32 hex digits, also with a UUID's dashes; servers refuse anything else. */
function givenEventId(data: unknown): string | undefined {
  const id = safeString(data, 'event_id')?.replaceAll('-', '').toLowerCase();
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}
