import { runQuietly } from '../context/scope';
import type { RavenEvent } from '../protocol/event';
import type { Account } from '../transport/account';
import { errorText } from './error-text';
import type { EventBuilder, EventSource } from './event-builder';
import type { EventProcessing } from './event-processing';
import type { LossLog } from './loss-log';

/** The first steps of an event, all of them at once: it is built, seen by the processors, and cut to its limits. */
export class FirstSteps {
  constructor(
    private readonly builder: EventBuilder,
    private readonly processing: EventProcessing,
    private readonly account: Account,
    private readonly losses: LossLog,
  ) {}

  /** @returns undefined where a processor dropped or lost it, which is counted */
  take(source: EventSource): RavenEvent | undefined {
    // Event types, lazy breadcrumbs and `toJSON` are the app's code.
    const built = runQuietly(() => this.builder.build(source));
    const processed = this.process(built, source);
    return processed && this.builder.finish(processed);
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
