import type { Envelope } from '../protocol/envelope';

/**
 * Takes envelopes and gets them to a server.
 *
 * `send` returns at once and never throws: what cannot be delivered is the transport's to count and to
 * log. `flush` and `close` resolve within the given time, to whether nothing is left undelivered.
 */
export interface Transport {
  send(envelope: Envelope): void;
  flush(timeoutMs: number): Promise<boolean>;
  close(timeoutMs: number): Promise<boolean>;
}
