import type { Envelope } from '../protocol/envelope';
import type { Transport } from './transport';

/** Gives every envelope to several transports; one that fails does not keep it from the others. */
export class FanOutTransport implements Transport {
  readonly #transports: readonly Transport[];

  constructor(transports: readonly Transport[]) {
    this.#transports = transports;
  }

  send(envelope: Envelope): void {
    for (const transport of this.#transports) {
      try {
        transport.send(envelope);
      } catch {
        // Contract broken by a transport of the user's: the others and the app must not notice.
      }
    }
  }

  /** True where all of them say so; one that fails does not. */
  flush(timeoutMs: number): Promise<boolean> {
    return this.#all((transport) => transport.flush(timeoutMs));
  }

  /** As `flush`. */
  close(timeoutMs: number): Promise<boolean> {
    return this.#all((transport) => transport.close(timeoutMs));
  }

  async #all(act: (transport: Transport) => Promise<boolean>): Promise<boolean> {
    const results = await Promise.allSettled(this.#transports.map(async (transport) => act(transport)));
    return results.every((result) => result.status === 'fulfilled' && result.value);
  }
}
