import type { Context, ContextSnapshot } from '../context/context';
import { safeCopy } from '../context/safe-copy';
import { currentScope, runInScope } from '../context/scope';
import { newEventId } from '../event/event-id';
import type { Account } from '../transport/account';
import type { CaptureGate } from './capture-gate';
import type { CaptureOptions, ExceptionOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { currentTrace } from './current-trace';
import { errorText } from './error-text';
import type { EventDeparture, Leaving } from './event-departure';
import type { EventTypeRegistry } from './event-type-registry';
import type { EventTypeFunction, EventTypeOption } from './event-types';
import type { FirstSteps } from './first-steps';
import { givenEventId } from './given-event-id';
import type { LossLog } from './loss-log';
import type { Outbox } from './outbox';
import type { RavenClient } from './raven.client';
import type { Repetition } from './repetition';
import type { ReportedBefore } from './reported-before';
import { hasStackRoom } from './stack-room';
import type { UnderWay } from './under-way';
import type { WithoutRoom } from './without-room';

/** The steps of a capture, in the order in which it takes them, and where it is counted. */
export interface CaptureParts {
  client: RavenClient;
  environment: Pick<ClientEnvironment, 'now'>;
  account: Account;
  losses: LossLog;
  withoutRoom: WithoutRoom;
  types: EventTypeRegistry;
  reported: ReportedBefore;
  gate: CaptureGate;
  firstSteps: FirstSteps;
  departure: EventDeparture;
  outbox: Pick<Outbox, 'isOpen'>;
  underWay: UnderWay;
  /** Whether an event may be built a moment later. */
  mayPutOff: boolean;
}

/** What is known of an event before it is built. */
interface Capture extends Leaving {
  /** Milliseconds since the epoch. */
  nowMs: number;
  type: EventTypeFunction;
  asked: CaptureOptions & ExceptionOptions;
  known: ContextSnapshot;
}

/**
 * The way of a capture to the outbox, and nothing of what its steps do. Source: raven-python's `Client.capture`.
 *
 * Nothing in it throws to the caller; what goes wrong is logged and counted.
 */
export class CapturePipeline {
  constructor(private readonly parts: CaptureParts) {}

  /** See `RavenClient.capture`. */
  capture(eventType: EventTypeOption, given: CaptureOptions): string | null {
    const { account, outbox, reported, types, withoutRoom } = this.parts;
    if (!outbox.isOpen || currentScope()?.isQuiet) return null;
    if (!hasStackRoom()) {
      withoutRoom.note(given);
      return null;
    }
    withoutRoom.settle();
    let isCounted = false;
    try {
      const options: CaptureOptions = safeCopy(given);
      const type = types.get(eventType);
      const isException = types.isException(type);
      if (isException && reported.repeats(options)) return null;
      isCounted = true;
      account.captured();
      return this.pass(eventType, type, isException, options);
    } catch (error) {
      if (!isCounted) account.captured();
      this.lose(error);
      return null;
    }
  }

  private pass(
    eventType: EventTypeOption,
    type: EventTypeFunction,
    isException: boolean,
    options: CaptureOptions,
  ): string | null {
    const { gate, reported } = this.parts;
    if (isException && gate.ignores(options.exception)) {
      reported.addIgnored(options.exception);
      return null;
    }
    const repetition = gate.admit(eventType, isException, options);
    const eventId = repetition === null ? null : this.report(type, options, repetition);
    // What is held back is known, and not seen as new further out.
    if (isException && (eventId !== null || repetition === null)) reported.add(options.exception, eventId);
    return eventId;
  }

  /** @returns the event's id, or null where a processor lost the event */
  private report(type: EventTypeFunction, given: CaptureOptions, repetition?: Repetition): string | null {
    const { client, environment, gate, mayPutOff, underWay } = this.parts;
    const { context } = client;
    const eventId = givenEventId(given.data) ?? newEventId();
    const isSampled = gate.samples(given);
    if (!gate.hasTaker(isSampled)) return remember(context, eventId);

    const { isPutOff, ...asked } = given as CaptureOptions & ExceptionOptions;
    const scope = currentScope();
    const capture: Capture = {
      eventId,
      nowMs: environment.now(),
      type,
      asked,
      known: context.snapshot(client.firstBreadcrumb(scope?.work)),
      trace: currentTrace(client),
      isSampled,
      repetition,
    };
    if (isPutOff && scope && mayPutOff) {
      underWay.putOff(() => runInScope(scope, () => this.buildLater(capture)));
    } else if (!this.build(capture)) return null;
    return remember(context, eventId);
  }

  private buildLater(capture: Capture): void {
    try {
      this.build(capture);
    } catch (error) {
      this.lose(error);
    }
  }

  /** @returns false where a processor lost the event */
  private build(capture: Capture): boolean {
    const { departure, firstSteps, types } = this.parts;
    const { eventId, nowMs, type, asked, known, trace } = capture;
    const { details, ...given } = asked;
    const options: CaptureOptions = details ? { ...given, ...details() } : given;
    const event = firstSteps.take({
      eventId,
      nowMs,
      type,
      isException: types.isException(type),
      options,
      known,
      trace,
    });
    if (!event) return false;
    departure.post(event, options, capture);
    return true;
  }

  private lose(error: unknown): void {
    this.parts.losses.lose('internal_sdk_error', `an event could not be captured: ${errorText(error)}`);
  }
}

function remember(context: Context, eventId: string): string {
  context.memory.lastEventId = eventId;
  return eventId;
}
