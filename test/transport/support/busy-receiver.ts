import type { Receiver } from '../../support/receiver';
import { receiverFor } from './setup';

/** A receiver that knows how many requests it had at a time at most. */
export async function busyReceiver(): Promise<{ receiver: Receiver; most: () => number }> {
  let running = 0;
  let most = 0;
  const receiver = await receiverFor({
    respond: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return {};
    },
  });
  return { receiver, most: () => most };
}
