import type { LastSteps } from './last-steps';
import { LaterWork } from './later-work';
import type { LeftOver } from './left-over';
import type { Outbox } from './outbox';

/** How much of the time that closing may take is for hooks. */
const SHARE_OF_HOOKS = 0.7;

/** All that was captured and has not arrived yet, at whatever step it is: waits for it, or ends it. */
export class UnderWay {
  private readonly later = new LaterWork();
  private hasNew = false;
  private wasInVain = false;

  constructor(
    private readonly lastSteps: LastSteps,
    private readonly outbox: Outbox,
  ) {}

  /** Whether something was captured since the last flush. */
  get hasUnflushed(): boolean {
    return this.hasNew;
  }

  /** Whether a flush has ended without delivering everything, and nothing was captured since. */
  get hasWaitedInVain(): boolean {
    return this.wasInVain;
  }

  /** How many events there are. */
  get pending(): number {
    return this.later.pending + this.lastSteps.pending + this.outbox.status.pending;
  }

  /** One more is under way. */
  note(): void {
    this.hasNew = true;
    this.wasInVain = false;
  }

  /** One more is: it is built a moment later. @param build - must not throw */
  putOff(build: () => void): void {
    this.later.add(build);
    this.note();
  }

  /** @returns whether nothing is left within `timeoutMs` */
  async flush(timeoutMs: number): Promise<boolean> {
    this.later.finish();
    this.hasNew = false;
    const startedMs = performance.now();
    const settled = await this.lastSteps.settled(timeoutMs);
    const leftMs = Math.max(0, timeoutMs - (performance.now() - startedMs));
    const isDone = (await this.outbox.flush(leftMs)) && settled;
    if (!this.hasNew) this.wasInVain = !isDone;
    return isDone;
  }

  /**
   * Flushes for the last time. What hooks do not end in most of the time is lost, so that the rest of it is left for
   * what can be delivered.
   *
   * @param handedOver - called when there is nothing left to build
   */
  async close(timeoutMs: number, handedOver: () => void): Promise<boolean> {
    this.later.finish();
    const startedMs = performance.now();
    const settled = await this.lastSteps.settled(timeoutMs * SHARE_OF_HOOKS);
    // What came meanwhile.
    this.later.finish();
    this.lastSteps.finishNow();
    handedOver();
    return (await this.outbox.close(Math.max(0, timeoutMs - (performance.now() - startedMs)))) && settled;
  }

  /** Ends at once, for the last moment of a process. @returns what is left of it */
  endNow(): LeftOver {
    this.later.finish();
    this.lastSteps.finishNow();
    return this.outbox.endNow();
  }
}
