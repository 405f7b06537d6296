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
    // Spools are written first, whatever time the rest takes.
    const ends = [...this.clients].map((client) => ({ client, left: client.endNow() }));
    const startedMs = performance.now();
    for (const { client, left } of ends) {
      const { deliveries, pending, target } = left;
      const quantity = deliveries.reduce((sum, delivery) => sum + delivery.quantity, 0);
      if (quantity + pending === 0) continue;
      // What a flush has waited for in vain is not waited for once more; all clients together wait as long as one.
      const spentMs = performance.now() - startedMs;
      const timeoutMs = client.hasWaitedInVain ? 0 : client.options.shutdownTimeoutMs - spentMs;
      const arrived = target && quantity > 0 ? deliverInChild(target, deliveries, timeoutMs) : 0;
      if (arrived < quantity + pending) client.tellUndelivered(quantity + pending - arrived);
    }
  };
}

/** There is one process, so there is one of these; it listens only while a client is enabled. */
export const lastWords = new LastWords();
