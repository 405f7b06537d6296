import type { Context } from '../context/context';
import { currentScope } from '../context/scope';
import { SeenErrors } from '../context/seen-errors';
import type { ExceptionOptions } from './capture-options';

/** Which errors a client has reported: in the work in progress, whose memory it asks, and ever. */
export class ReportedBefore {
  private readonly ever: SeenErrors;

  /**
   * @param client - whose context is asked
   * @param now - milliseconds since the epoch
   */
  constructor(
    private readonly client: { readonly context: Context },
    now: () => number,
  ) {
    this.ever = new SeenErrors(now);
  }

  /** Remembers an error as the event `eventId`; null: it was counted instead. */
  add(exception: unknown, eventId: string | null): void {
    this.client.context.memory.reported.add(exception, eventId);
    if (typeof exception === 'object' && exception !== null) this.ever.add(exception);
  }

  /** Remembers, in this piece of work, an error of which the app wants no report: further out it is not looked at again. */
  addIgnored(exception: unknown): void {
    this.client.context.memory.reported.add(exception, null);
  }

  /** Whether a capture would report an error again that this piece of work has reported, or ignored. */
  repeats({ exception, captureContext }: ExceptionOptions & { exception?: unknown }): boolean {
    const { reported } = this.client.context.memory;
    return reported.eventIdOf(exception, captureContext !== undefined) !== undefined;
  }

  /** Whether the error was reported, in whatever context. */
  has(error: unknown): boolean {
    if (typeof error === 'object' && error !== null) return this.ever.has(error);
    // What has no identity is the same only within the same piece of work.
    return (
      currentScope()?.work !== undefined &&
      this.client.context.memory.reported.eventIdOf(error, true) !== undefined
    );
  }

  /** Whether an error with this very stack was reported lately, or in the work in progress. */
  hasStack(stack: string): boolean {
    return (
      this.client.context.memory.reported.eventIdOfStack(stack) !== undefined ||
      this.ever.ofStack(stack) !== undefined
    );
  }
}
