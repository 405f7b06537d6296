import { safeCopy } from '../context/safe-copy';
import { newEventId } from '../event/event-id';
import type { RavenEvent } from '../protocol/event';
import type { PropagationContext } from '../protocol/trace';
import type { Account } from '../transport/account';
import type { Attachment } from './attachment';
import { attachmentItems } from './attachment-items';
import type { CaptureOptions, ExceptionOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { plainEvent } from './event-limits';
import { givenEventId } from './given-event-id';
import type { EventHint } from './hooks';
import type { LastSteps } from './last-steps';
import type { Outbox } from './outbox';
import { readableText } from './readable-text';
import type { Repetition } from './repetition';
import type { UnderWay } from './under-way';

/** What is known of an event that leaves, beside itself. */
export interface Leaving {
  eventId: string;
  trace: PropagationContext;
  /** Whether the server gets it; else it goes to Spotlight alone. */
  isSampled: boolean;
  /** What knows how many of its kind were held back. */
  repetition: Repetition | undefined;
}

/** What the ways out need. */
export interface DepartureParts {
  environment: Pick<ClientEnvironment, 'logger' | 'now'>;
  isDebugging: boolean;
  account: Account;
  lastSteps: LastSteps;
  outbox: Outbox;
  underWay: UnderWay;
}

/** How events that are made leave: by the last steps to the outbox. From here on they are under way. */
export class EventDeparture {
  constructor(private readonly parts: DepartureParts) {}

  /** @param options - what its capture was asked for */
  post(
    event: RavenEvent,
    { exception, captureContext, attachments }: CaptureOptions & ExceptionOptions,
    leaving: Leaving,
  ): void {
    this.parts.underWay.note();
    const hint: EventHint = {
      originalException: exception,
      captureContext,
      // Spotlight alone gets no attachments: they are read for what is sent.
      ...(leaving.isSampled && attachmentsIn(attachments)),
    };
    this.parts.lastSteps.take(event, hint, (kept, read) => {
      const { environment, isDebugging, account, outbox } = this.parts;
      const { eventId, trace, isSampled, repetition } = leaving;
      if (isDebugging) {
        environment.logger.debug(`event ${eventId} is on its way: ${readableText(kept.message ?? '')}`);
      }
      // A hook may have taken the id away; servers refuse an event without one.
      const sent = { ...kept, event_id: givenEventId(kept) ?? eventId };
      const guarded = isSampled ? repetition?.take() : undefined;
      if (guarded) sent.contexts = { ...safeCopy(kept.contexts), storm_guard: { ...guarded } };
      outbox.post(sent, trace, { spotlightOnly: !isSampled, riders: attachmentItems(read) });
      if (!isSampled) account.droppedEvent('sample_rate');
    });
  }

  /** Of feedback, which `beforeSend` does not see. */
  postFeedback(event: RavenEvent, attachments: unknown, trace: PropagationContext): void {
    this.parts.underWay.note();
    this.parts.lastSteps.takeAsItIs(event, attachmentsIn(attachments), (kept, read) => {
      this.parts.outbox.post(kept, trace, { type: 'feedback', riders: attachmentItems(read) });
    });
  }

  /** Of an event as it stands, past the last steps. @throws (rejects) as `Outbox.send` does */
  async send(data: Partial<RavenEvent>): Promise<void> {
    const { environment, account, outbox, underWay } = this.parts;
    if (!outbox.isOpen) return;
    const event = plainEvent({
      event_id: newEventId(),
      timestamp: environment.now() / 1000,
      platform: 'node',
      level: 'error',
      ...safeCopy(data),
    });
    underWay.note();
    account.captured();
    await outbox.send(event);
  }
}

/** A list of the event's own, as hooks may change it. */
function attachmentsIn(given: unknown): Pick<EventHint, 'attachments'> {
  return Array.isArray(given) ? { attachments: [...(given as Attachment[])] } : {};
}
