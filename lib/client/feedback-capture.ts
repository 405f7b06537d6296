import { currentScope } from '../context/scope';
import { newEventId } from '../event/event-id';
import { safeRead } from '../event/safe-read';
import type { Account } from '../transport/account';
import type { ClientEnvironment } from './client-environment';
import { currentTrace } from './current-trace';
import { errorText } from './error-text';
import type { EventDeparture } from './event-departure';
import { feedbackContext, type Feedback } from './feedback';
import type { FirstSteps } from './first-steps';
import type { LossLog } from './loss-log';
import type { Outbox } from './outbox';
import type { RavenClient } from './raven.client';

/** What feedback shares with events on its way. */
export interface FeedbackParts {
  client: RavenClient;
  environment: Pick<ClientEnvironment, 'now' | 'logger'>;
  account: Account;
  losses: LossLog;
  firstSteps: FirstSteps;
  departure: EventDeparture;
  outbox: Pick<Outbox, 'isOpen'>;
}

/** The way of what a user has to say. Neither sampled nor shown to `beforeSend`, as the protocol has it; processors see it. */
export class FeedbackCapture {
  constructor(private readonly parts: FeedbackParts) {}

  /** @returns its id, or null where it is not sent */
  capture(feedback: Feedback): string | null {
    const { client, environment, account, losses, outbox } = this.parts;
    if (!outbox.isOpen || currentScope()?.isQuiet) return null;
    const told = feedbackContext(feedback, client.context.memory.lastEventId);
    if (!told || client.options.protocol === 'store') {
      const why = told ? "the protocol 'store' has no place for it" : 'it has no message';
      environment.logger.warn(`feedback is not sent: ${why}`);
      return null;
    }
    account.captured();
    try {
      return this.report(told, safeRead(feedback, 'attachments'));
    } catch (error) {
      losses.lose('internal_sdk_error', `feedback could not be captured: ${errorText(error)}`);
      return null;
    }
  }

  private report(told: Record<string, string>, attachments: unknown): string | null {
    const { client, departure, environment, firstSteps } = this.parts;
    const eventId = newEventId();
    const trace = currentTrace(client);
    const made = firstSteps.take({
      eventId,
      nowMs: environment.now(),
      type: () => ({ level: 'info', contexts: { feedback: told } }),
      isException: false,
      options: { stack: false },
      known: client.context.snapshot(undefined),
      trace,
    });
    if (!made) return null;
    departure.postFeedback({ ...made, event_id: eventId }, attachments, trace);
    return eventId;
  }
}
