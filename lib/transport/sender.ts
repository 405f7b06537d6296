import type { Delivery } from './delivery';
import type { SendResult } from './send-result';

/** Makes single attempts to hand something over: to a server by HTTP, to a queue. Knows nothing of retries. */
export interface Sender {
  /** Makes one attempt. Never rejects, and ends in time. */
  send(delivery: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult>;
  /** Breaks off what is under way and ends the connections that are its own. */
  close(): void;
}
