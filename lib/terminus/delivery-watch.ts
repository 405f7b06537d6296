import type { RavenClient } from '../client/raven.client';
import type { RavenStats } from '../client/raven-stats';
import type { DropReason } from '../transport/account';

/** What the app or its limits decided; any other reason is a loss. */
const WANTED_DROPS: ReadonlySet<string> = new Set<DropReason>([
  'backpressure',
  'before_send',
  'event_processor',
  'sample_rate',
]);

/** Remembers since when a client is as it is. */
export class DeliveryWatch {
  readonly #client: RavenClient;
  readonly #now: () => number;
  #offlineSinceMs?: number;
  #lost = 0;
  #lostAtMs?: number;

  /** @param now - monotonic clock in milliseconds */
  constructor(client: RavenClient, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#now = now;
    const reached = (): void => void (this.#offlineSinceMs = undefined);
    client.on('offline', () => this.#noteOffline());
    client.on('limited', reached);
    client.on('online', reached);
    if (client.state === 'offline') this.#noteOffline();
  }

  /** How delivery does, and for how long. */
  look(): { stats: RavenStats; dropped: number; lost: number; offlineMs?: number; lostAgoMs?: number } {
    const stats = this.#client.stats();
    const nowMs = this.#now();
    const dropped = sumOf(stats.dropped, () => true);
    const lost = sumOf(stats.dropped, (reason) => !WANTED_DROPS.has(reason));
    if (lost > this.#lost) this.#lostAtMs = nowMs;
    this.#lost = lost;
    return {
      stats,
      dropped,
      lost,
      ...(this.#offlineSinceMs !== undefined && { offlineMs: nowMs - this.#offlineSinceMs }),
      ...(this.#lostAtMs !== undefined && { lostAgoMs: nowMs - this.#lostAtMs }),
    };
  }

  #noteOffline(): void {
    this.#offlineSinceMs = this.#now();
  }
}

function sumOf(dropped: RavenStats['dropped'], isCounted: (reason: string) => boolean): number {
  return Object.entries(dropped).reduce((sum, [reason, count]) => sum + (isCounted(reason) ? count : 0), 0);
}
