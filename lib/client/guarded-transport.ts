import type { Envelope } from '../protocol/envelope';
import { HttpTransport } from '../transport/http.transport';
import type { Transport } from '../transport/transport';
import { isThenable } from '../event/thenable';

/** A transport, whoever wrote it, that cannot reach the app: it may throw, reject or hang. */
export class GuardedTransport implements Transport {
  /**
   * @param inner - what delivers
   * @param failed - told of what it throws or rejects with; must not throw
   */
  constructor(
    private readonly inner: Transport,
    private readonly failed: (error: unknown) => void,
  ) {}

  send(envelope: Envelope): void {
    try {
      const sent = this.inner.send(envelope) as unknown;
      // The interface knows no promise here, but an `async send` gives one all the same.
      if (isThenable(sent)) Promise.resolve(sent).catch(this.failed);
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
    if (this.inner instanceof HttpTransport) await this.inner.deliver(envelope);
    else await (this.inner.send(envelope) as unknown);
  }

  flush(timeoutMs: number): Promise<boolean> {
    return this.within(timeoutMs, () => this.inner.flush(timeoutMs));
  }

  close(timeoutMs: number): Promise<boolean> {
    return this.within(timeoutMs, () => this.inner.close(timeoutMs));
  }

  /** Resolves in time to what `act` resolves to; false where it does not, or fails. The process stays alive meanwhile. */
  private async within(timeoutMs: number, act: () => Promise<boolean>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const acting = act();
      const timeUp = new Promise<boolean>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, false);
      });
      return await Promise.race([acting, timeUp]);
    } catch (error) {
      this.failed(error);
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
