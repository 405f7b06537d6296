import type { RavenClient } from '../client/raven.client';
import { deliverInChild } from '../transport/deliver-in-child';

/**
 * What happens to undelivered events when the process ends without having waited for them: `process.exit`, an
 * uncaught exception that nobody flushes for. Nothing asynchronous runs any more.
 *
 * They go to the spool; without one a short-lived child process delivers them, for which the end waits as long as a
 * shutdown would (`shutdownTimeoutMs`). What is left even then is told.
 */
class LastWords {
  private readonly clients = new Set<RavenClient>();

  add(client: RavenClient): void {
    if (this.clients.size === 0) process.on('exit', this.onExit);
    this.clients.add(client);
  }

  remove(client: RavenClient): void {
    this.clients.delete(client);
    if (this.clients.size === 0) process.off('exit', this.onExit);
  }

  private readonly onExit = (): void => {
    for (const client of this.clients) {
      // What a flush has waited for in vain is not waited for once more.
      const timeoutMs = client.hasUnflushed ? client.options.shutdownTimeoutMs : 0;
      const { deliveries, target } = client.endNow();
      const quantity = deliveries.reduce((sum, delivery) => sum + delivery.quantity, 0);
      if (quantity === 0) continue;
      const arrived = target ? deliverInChild(target, deliveries, timeoutMs) : 0;
      if (arrived < quantity) client.tellUndelivered(quantity - arrived);
    }
  };
}

/** There is one process, so there is one of these; it listens only while a client is enabled. */
export const lastWords = new LastWords();
