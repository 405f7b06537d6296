import { isIgnored } from '../event/ignored-exceptions';
import type { ResolvedOptions } from '../raven.options';
import type { Account } from '../transport/account';
import { captureFingerprint } from './capture-fingerprint';
import type { CaptureOptions } from './capture-options';
import type { ClientEnvironment } from './client-environment';
import { errorText } from './error-text';
import type { EventTypeOption } from './event-types';
import type { Outbox } from './outbox';
import type { Repetition } from './repetition';
import { StormGuard } from './storm-guard';

/**
 * Decides what is not sent before anything of an event is worked out: what is ignored, what comes too often, what
 * sampling keeps back, what the server would refuse. What does not pass is counted here.
 */
export class CaptureGate {
  private readonly storms: StormGuard | undefined;

  constructor(
    private readonly options: Pick<
      ResolvedOptions,
      'debug' | 'ignoreExceptions' | 'sampleRate' | 'stormGuard'
    >,
    private readonly environment: Pick<ClientEnvironment, 'logger' | 'now' | 'random'>,
    private readonly account: Account,
    private readonly outbox: Pick<Outbox, 'hasSpotlight' | 'isLimited'>,
  ) {
    this.storms = options.stormGuard ? new StormGuard(options.stormGuard, environment) : undefined;
  }

  /** Whether the app wants no reports of such an error. */
  ignores(exception: unknown): boolean {
    if (!isIgnored(exception, this.options.ignoreExceptions)) return false;
    if (this.options.debug) this.environment.logger.debug(`ignored: ${errorText(exception)}`);
    this.account.droppedEvent('event_processor');
    return true;
  }

  /**
   * Asks the storm guard.
   *
   * @returns what knows how many were held back before it; null where this one is; undefined without a guard
   */
  admit(
    eventType: EventTypeOption,
    isException: boolean,
    options: CaptureOptions,
  ): Repetition | null | undefined {
    const repetition = this.storms?.admit(captureFingerprint(eventType, isException, options));
    if (repetition === null) this.account.droppedEvent('backpressure');
    return repetition;
  }

  /** Whether chance takes it. A rate that is no number decides nothing. */
  samples({ sampleRate }: CaptureOptions): boolean {
    const isRate = typeof sampleRate === 'number' && !Number.isNaN(sampleRate);
    const rate = isRate ? sampleRate : this.options.sampleRate;
    // Of all there is nothing to draw: tests of an app may have made `Math.random` say 1.
    return rate >= 1 || this.environment.random() < rate;
  }

  /** Whether anybody would get it: the server, or Spotlight, which gets also what sampling keeps back. */
  hasTaker(isSampled: boolean): boolean {
    if (!isSampled && !this.outbox.hasSpotlight) {
      this.account.droppedEvent('sample_rate');
      return false;
    }
    if (!this.outbox.isLimited) return true;
    this.account.droppedEvent('ratelimit_backoff');
    return false;
  }

  /** Says what was held back and not told of yet. */
  close(): void {
    this.storms?.close();
  }
}
