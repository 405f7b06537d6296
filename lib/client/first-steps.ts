import { currentScope, runQuietly } from '../context/scope';
import type { RavenEvent } from '../protocol/event';
import type { Account } from '../transport/account';
import { errorText } from './error-text';
import type { EventBuilder, EventSource } from './event-builder';
import type { EventProcessing } from './event-processing';
import type { LossLog } from './loss-log';
import type { RavenClient } from './raven.client';

/** The first steps of an event, all of them at once: it is built, seen by the processors, and cut to its limits. */
export class FirstSteps {
  constructor(
    private readonly client: RavenClient,
    private readonly builder: EventBuilder,
    private readonly processing: EventProcessing,
    private readonly account: Account,
    private readonly losses: LossLog,
  ) {}

  /** @returns undefined where a processor dropped or lost it, which is counted */
  take(source: EventSource): RavenEvent | undefined {
    // Event types, lazy breadcrumbs, `toJSON` and what a request has by getters are the app's code.
    const built = runQuietly(() => this.builder.build(source, this.describe()));
    const processed = this.process(built, source);
    return processed && this.builder.finish(processed);
  }

  /** What the work in progress adds; where that cannot be read, an event goes without it. */
  private describe(): Record<string, unknown> {
    try {
      return currentScope()?.work?.describe(this.client) ?? {};
    } catch (error) {
      this.client.complain('what is known of the work in progress could not be read', error);
      return {};
    }
  }

  private process(event: RavenEvent, { options }: EventSource): RavenEvent | undefined {
    try {
      const processed = this.processing.run(event, options.processor);
      if (!processed) this.account.droppedEvent('event_processor');
      return processed ?? undefined;
    } catch (error) {
      this.losses.lose('event_processor', `a processor failed, its event is dropped: ${errorText(error)}`);
      return undefined;
    }
  }
}
