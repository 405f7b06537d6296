import type { Context } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { currentScope, runQuietly } from '../context/scope';
import { newEventId } from '../event/event-id';
import { safeString } from '../event/safe-read';
import { isErrorLike } from '../event/exception-values';
import { isIgnored } from '../event/ignored-exceptions';
import { newTrace, type PropagationContext } from '../protocol/trace';
import { Discards } from '../protocol/discards';
import type { RavenEvent } from '../protocol/event';
import type { ProcessorFunction } from '../processors/processor';
import type { CaptureOptions, ExceptionOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { withDeepStacks } from './deep-stacks';
import { Delivery } from './delivery';
import { errorText } from './error-text';
import { EventBuilder, type EventSource } from './event-builder';
import { plainEvent } from './event-limits';
import { EventTypeRegistry } from './event-type-registry';
import type { EventTypeFunction, EventTypeOption } from './event-types';
import { frameOptions } from './frame-options';
import { Outbox } from './outbox';
import { processorChain, runProcessors, type Instantiate } from './processor-chain';
import type { RavenClient } from './raven.client';
import { readableText } from './readable-text';

/**
 * From a capture to the outbox: ignore, build, sample, process, deliver. Source: raven-python's `Client.capture`.
 *
 * Nothing in it throws to the caller; what goes wrong is logged and counted.
 */
export class CapturePipeline {
  readonly discards = new Discards();
  readonly outbox: Outbox;
  private readonly types: EventTypeRegistry;
  private readonly builder: EventBuilder;
  private readonly delivery: Delivery;
  private processors?: ProcessorFunction[];
  private readonly everReported = new WeakSet<object>();
  /** Whether something was captured since the last flush. */
  hasUnflushed = false;

  constructor(
    private readonly client: RavenClient,
    private readonly environment: ClientEnvironment,
  ) {
    const { options } = client;
    const frames = frameOptions(options, environment.root);
    this.types = new EventTypeRegistry(frames, this.instantiate);
    this.builder = new EventBuilder(options, frames);
    this.outbox = new Outbox(options, environment, this.discards);
    this.delivery = new Delivery({
      beforeSend: options.beforeSend,
      modulesRoot: options.includeVersions ? environment.root : undefined,
      lost: (reason, message) => this.lose(reason, message),
    });
  }

  get isEnabled(): boolean {
    return this.outbox.isOpen;
  }

  capture(eventType: EventTypeOption, given: CaptureOptions): string | null {
    if (!this.isEnabled || currentScope()?.isQuiet) return null;
    try {
      const options: CaptureOptions = safeCopy(given);
      const type = this.types.get(eventType);
      return this.types.isException(type) ? this.captureException(type, options) : this.report(type, options);
    } catch (error) {
      this.lose('internal_sdk_error', `an event could not be captured: ${errorText(error)}`);
      return null;
    }
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
    this.hasUnflushed = true;
    await this.outbox.send(event);
  }

  /**
   * Makes the processors now, so that one that cannot be made stops the app at start-up.
   *
   * @throws whatever making one of them throws
   */
  prepareProcessors(): void {
    this.processors ??= processorChain(this.client.options.processors, this.instantiate);
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

  async flush(timeoutMs: number): Promise<boolean> {
    this.hasUnflushed = false;
    const startedMs = performance.now();
    const settled = await this.delivery.settled(timeoutMs);
    return (await this.outbox.flush(Math.max(0, timeoutMs - (performance.now() - startedMs)))) && settled;
  }

  async close(timeoutMs: number): Promise<boolean> {
    const startedMs = performance.now();
    const settled = await this.delivery.settled(timeoutMs);
    return (await this.outbox.close(Math.max(0, timeoutMs - (performance.now() - startedMs)))) && settled;
  }

  private captureException(
    type: EventTypeFunction,
    options: CaptureOptions & ExceptionOptions & { exception?: unknown },
  ): string | null {
    const { reported } = this.client.context.memory;
    const { exception } = options;
    const seenByModule = options.captureContext !== undefined;
    if (reported.eventIdOf(exception, seenByModule) !== undefined) return null;
    if (isIgnored(exception, this.client.options.ignoreExceptions)) {
      this.debug(`ignored: ${errorText(exception)}`);
      this.discards.record('event_processor', 'error');
      return null;
    }
    const eventId = this.report(type, {
      ...options,
      ...(!isErrorLike(exception) &&
        !seenByModule && { syntheticStack: withDeepStacks(() => new Error('stack').stack) }),
    });
    if (eventId !== null) {
      reported.add(exception, eventId);
      if (typeof exception === 'object' && exception !== null) this.everReported.add(exception);
    }
    return eventId;
  }

  /** The trace of the work in progress: what it continues, or one of its own. */
  trace(): PropagationContext {
    const { memory } = this.client.context;
    return (memory.trace ??= currentScope()?.work?.trace(this.client) ?? newTrace());
  }

  /** @returns the event's id, or null where a processor lost the event */
  private report(type: EventTypeFunction, given: CaptureOptions): string | null {
    const { client } = this;
    const { context } = client;
    const eventId = givenEventId(given.data) ?? newEventId();
    const isSampled = this.environment.random() < this.sampleRate(given);
    if (!isSampled) {
      this.discards.record('sample_rate', 'error');
      if (!this.outbox.hasSpotlight) return this.remember(context, eventId);
    }

    const { details, ...asked } = given as CaptureOptions & ExceptionOptions;
    const options: CaptureOptions = details ? { ...asked, ...details() } : asked;
    const work = currentScope()?.work;
    const trace = this.trace();
    const source: EventSource = {
      eventId,
      nowMs: this.environment.now(),
      type,
      isException: this.types.isException(type),
      options,
      context,
      trace,
      described: work?.describe(client) ?? {},
    };
    // Event types, lazy breadcrumbs and `toJSON` are the app's code.
    const processed = this.process(runQuietly(() => this.builder.build(source)));
    if (!processed) return null;

    this.hasUnflushed = true;
    const event = this.builder.finish(processed);
    const { exception, captureContext } = options as ExceptionOptions & { exception?: unknown };
    this.delivery.deliver(event, { originalException: exception, captureContext }, (kept) => {
      this.debug(`event ${eventId} is on its way: ${readableText(kept.message ?? '')}`);
      // A hook may have taken the id away; servers refuse an event without one.
      const event = { ...kept, event_id: givenEventId(kept) ?? eventId };
      this.outbox.post(event, trace, { spotlightOnly: !isSampled });
    });
    return this.remember(context, eventId);
  }

  /** A rate that is no number decides nothing. */
  private sampleRate({ sampleRate }: CaptureOptions): number {
    const isRate = typeof sampleRate === 'number' && !Number.isNaN(sampleRate);
    return isRate ? sampleRate : this.client.options.sampleRate;
  }

  private process(event: RavenEvent): RavenEvent | undefined {
    try {
      this.prepareProcessors();
      return runQuietly(() => runProcessors(this.processors ?? [], event));
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

  private lose(reason: Parameters<Discards['record']>[0], message: string | undefined): void {
    this.discards.record(reason, 'error');
    if (message !== undefined) this.environment.logger.error(message);
  }

  private debug(message: string): void {
    if (this.client.options.debug) this.environment.logger.debug(message);
  }
}

/** The id the app gives its event: 32 hex digits, also with a UUID's dashes; servers refuse anything else. */
function givenEventId(data: unknown): string | undefined {
  const id = safeString(data, 'event_id')?.replaceAll('-', '').toLowerCase();
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
}
