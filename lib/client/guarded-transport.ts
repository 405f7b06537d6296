import type { Envelope } from '../protocol/envelope';
import { withOwnFrames } from '../protocol/shared-frames';
import { isThenable } from '../event/thenable';
import { quantityOf, type Account, type AccountCounts } from '../transport/account';
import { QueuedTransport, type TransportStatus } from '../transport/queued.transport';
import { ServerTransport } from '../transport/server.transport';
import { setTimer } from '../transport/set-timer';
import type { Transport } from '../transport/transport';
import type { StateListener } from '../transport/transport-state';
import type { LeftOver } from './left-over';

/**
 * A transport, whoever wrote it, that cannot reach the app: it may throw, reject or hang.
 *
 * Ours count what becomes of each envelope themselves; of any other what is handed over is sent.
 */
export class GuardedTransport implements Transport {
  private readonly queued: QueuedTransport | undefined;
  private pending = 0;
  private isFull = false;

  /**
   * @param inner - what delivers
   * @param account - where it is counted what becomes of envelopes
   * @param failed - told of what it throws or rejects with; must not throw
   * @param maxPending - how many sends of an app's own transport may be waited for; what comes beyond is lost
   */
  constructor(
    private readonly inner: Transport,
    private readonly account: Account,
    private readonly failed: (error: unknown) => void,
    private readonly maxPending: number,
  ) {
    this.queued = inner instanceof QueuedTransport ? inner : undefined;
  }

  /** How delivery does, as far as it is known. */
  get status(): TransportStatus {
    return this.queued?.status ?? { state: 'online', pending: this.pending, queueLength: 0, queueBytes: 0 };
  }

  /** Whether the server takes no errors for now, as far as it is known: they would be dropped. */
  get isLimited(): boolean {
    return this.queued?.isLimited ?? false;
  }

  /** What the transport has counted, if not in the client's account. */
  ownCounts(): AccountCounts | undefined {
    if (!this.queued || this.queued.account === this.account) return undefined;
    return this.queued.account.counts();
  }

  /** Does now what the first delivery would have to wait for. */
  warmUp(): void {
    try {
      if (this.inner instanceof ServerTransport) this.inner.warmUp();
    } catch (error) {
      this.failed(error);
    }
  }

  watchState(listener: StateListener): void {
    this.queued?.watchState(listener);
  }

  send(envelope: Envelope): void {
    try {
      const sent = this.queued ? this.handToOurs(this.queued, envelope) : this.handOver(envelope);
      sent?.catch(this.failed);
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * Sends at once, and waits for it where the transport can say how it went.
   *
   * @throws (rejects) as the transport does
   */
  async deliver(envelope: Envelope): Promise<void> {
    if (!this.queued) return this.handOver(envelope);
    if (this.queued.deliver !== QueuedTransport.prototype.deliver) ownFramesIn(envelope);
    await this.queued.deliver(envelope);
  }

  flush(timeoutMs: number): Promise<boolean> {
    return this.within(timeoutMs, () => this.inner.flush(timeoutMs));
  }

  /** Our own end in their time, and what they write to a spool meanwhile is waited for. */
  close(timeoutMs: number): Promise<boolean> {
    const isOurs = this.inner.close === QueuedTransport.prototype.close;
    return this.within(isOurs ? Infinity : timeoutMs, () => this.inner.close(timeoutMs));
  }

  async reportNow(timeoutMs: number): Promise<void> {
    await this.queued?.reportNow(timeoutMs);
  }

  /** Ends at once, for the last moment of a process. */
  endNow(): LeftOver {
    const deliveries = this.queued?.endNow() ?? [];
    const target = this.inner instanceof ServerTransport ? this.inner.target : undefined;
    return { deliveries, pending: this.pending, ...(target && { target }) };
  }

  /** The app may have made a class of its own of one of ours; what fails before ours has counted it is lost. */
  private handToOurs(ours: QueuedTransport, envelope: Envelope): Promise<unknown> | undefined {
    if (ours.send === QueuedTransport.prototype.send) {
      ours.send(envelope);
      return undefined;
    }
    ownFramesIn(envelope);
    const known = (): number => {
      const { sent, spooled, dropped } = ours.account.counts();
      const lost = Object.values(dropped).reduce((sum, quantity) => sum + quantity, 0);
      return sent + spooled + lost + ours.status.pending;
    };
    const before = known();
    try {
      const sent = ours.send(envelope) as unknown;
      return isThenable(sent) ? Promise.resolve(sent) : undefined;
    } finally {
      if (known() === before) this.account.dropped('internal_sdk_error', envelope.items);
    }
  }

  /**
   * @returns a promise only where the transport's own `send` gives one; it settles as that does
   * @throws whatever the transport does
   */
  private handOver(envelope: Envelope): Promise<void> | undefined {
    if (this.pending >= this.maxPending) return this.overflow(envelope);
    let sent: unknown;
    ownFramesIn(envelope);
    try {
      // The interface knows no promise here, but an `async send` gives one all the same.
      sent = this.inner.send(envelope);
    } catch (error) {
      this.account.dropped('internal_sdk_error', envelope.items);
      throw error;
    }
    if (isThenable(sent)) return this.waitFor(sent, envelope);
    this.account.sent(quantityOf(envelope.items));
    return undefined;
  }

  /** One that hangs would have all events in memory in the end. */
  private overflow({ items }: Envelope): undefined {
    this.account.dropped('queue_overflow', items);
    if (this.isFull) return;
    this.isFull = true;
    this.failed(new Error(`${this.pending} of its sends have not ended; events are dropped until one has`));
  }

  private async waitFor(sending: PromiseLike<unknown>, { items }: Envelope): Promise<void> {
    this.pending += 1;
    try {
      await sending;
      this.account.sent(quantityOf(items));
    } catch (error) {
      this.account.dropped('internal_sdk_error', items);
      throw error;
    } finally {
      this.pending -= 1;
      this.isFull = false;
    }
  }

  /** Resolves in time to what `act` resolves to; false where it does not, or fails. The process stays alive meanwhile. */
  private async within(timeoutMs: number, act: () => Promise<boolean>): Promise<boolean> {
    let cancel: (() => void) | undefined;
    try {
      const acting = act();
      const timeUp = new Promise<boolean>((resolve) => {
        cancel = setTimer(() => resolve(false), timeoutMs, true);
      });
      return await Promise.race([acting, timeUp]);
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      cancel?.();
    }
  }
}

/** A transport that the app wrote may change what it is given. */
function ownFramesIn({ items }: Envelope): void {
  for (const { headers, payload } of items) if (headers.type === 'event') withOwnFrames(payload);
}
