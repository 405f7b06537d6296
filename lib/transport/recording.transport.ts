import type { Envelope } from '../protocol/envelope';
import type { RavenEvent } from '../protocol/event';
import type { Transport } from './transport';

/** Keeps envelopes instead of sending them: for tests of what an application reports. */
export class RecordingTransport implements Transport {
  /** In order; what came after `close` is not among them. */
  readonly envelopes: Envelope[] = [];
  #isClosed = false;

  /** The events of all envelopes, in order. */
  get events(): RavenEvent[] {
    const items = this.envelopes.flatMap((envelope) => envelope.items);
    return items.filter((item) => item.headers.type === 'event').map((item) => item.payload as RavenEvent);
  }

  send(envelope: Envelope): void {
    if (!this.#isClosed) this.envelopes.push(envelope);
  }

  /** Forgets what was recorded. */
  clear(): void {
    this.envelopes.length = 0;
  }

  flush(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<boolean> {
    this.#isClosed = true;
    return Promise.resolve(true);
  }
}
