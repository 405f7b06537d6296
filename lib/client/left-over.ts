import type { Delivery } from '../transport/delivery';
import type { HttpTarget } from '../transport/http-target';

/** What a client could neither deliver nor write to its spool when the process ended. */
export interface LeftOver {
  /** How many events a transport of the app's own has not settled. */
  pending: number;
  deliveries: readonly Pick<Delivery, 'headers' | 'items' | 'quantity'>[];
  /** Where they could be sent by somebody who knows no more than this; absent where that is not enough. */
  target?: HttpTarget;
}
