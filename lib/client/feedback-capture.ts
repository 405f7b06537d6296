import { currentScope, runQuietly } from '../context/scope';
import { newEventId } from '../event/event-id';
import { safeRead } from '../event/safe-read';
import type { RavenEvent } from '../protocol/event';
import type { PropagationContext } from '../protocol/trace';
import type { Account, DropReason } from '../transport/account';
import type { Attachment } from './attachment';
import { attachmentItems } from './attachment-items';
import type { ClientEnvironment } from './client-environment';
import { errorText } from './error-text';
import type { EventBuilder } from './event-builder';
import { feedbackContext, type Feedback } from './feedback';
import type { LastSteps } from './last-steps';
import type { Outbox } from './outbox';
import type { RavenClient } from './raven.client';

/** What feedback shares with events on its way. */
export interface FeedbackSteps {
  client: RavenClient;
  environment: Pick<ClientEnvironment, 'now' | 'logger'>;
  account: Account;
  builder: EventBuilder;
  lastSteps: LastSteps;
  outbox: Outbox;
  /** The trace of the work in progress. */
  trace: () => PropagationContext;
  /** @returns undefined where a processor lost it */
  process: (event: RavenEvent) => RavenEvent | undefined;
  /** Something is on its way. */
  noteUnflushed: () => void;
  /** Counts what is lost, with a line for the log. */
  lose: (reason: DropReason, message: string) => void;
}

/** The way of what a user has to say. Neither sampled nor shown to `beforeSend`, as the protocol has it; processors see it. */
export class FeedbackCapture {
  constructor(private readonly steps: FeedbackSteps) {}

  /** @returns its id, or null where it is not sent */
  capture(feedback: Feedback): string | null {
    const { client, environment, account, lose } = this.steps;
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
      lose('internal_sdk_error', `feedback could not be captured: ${errorText(error)}`);
      return null;
    }
  }

  private report(told: Record<string, string>, attachments: unknown): string | null {
    const { client, environment, builder, lastSteps, outbox, process, noteUnflushed } = this.steps;
    const eventId = newEventId();
    const trace = this.steps.trace();
    const built = runQuietly(() =>
      builder.build({
        eventId,
        nowMs: environment.now(),
        type: () => ({ level: 'info', contexts: { feedback: told } }),
        isException: false,
        options: { stack: false },
        known: client.context.snapshot(undefined),
        trace,
        described: currentScope()?.work?.describe(client) ?? {},
      }),
    );
    const processed = process(built);
    if (!processed) return null;
    noteUnflushed();
    const event = { ...builder.finish(processed), event_id: eventId };
    const hint = Array.isArray(attachments) ? { attachments: [...(attachments as Attachment[])] } : {};
    lastSteps.takeAsItIs(event, hint, (kept, read) => {
      outbox.post(kept, trace, { type: 'feedback', riders: attachmentItems(read) });
    });
    return eventId;
  }
}
