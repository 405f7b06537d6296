import type { RavenClient } from '../client/raven.client';

/** How many events were dropped, by reason. */
export type DropCounts = Readonly<Record<string, number>>;

/** Of all clients together. @param before - what does not count any more */
export function dropCounts(clients: readonly RavenClient[], before: DropCounts = {}): DropCounts {
  const counts: Record<string, number> = {};
  for (const client of clients) {
    for (const [reason, count] of Object.entries(client.stats().dropped)) {
      counts[reason] = (counts[reason] ?? 0) + count;
    }
  }
  const since = Object.entries(counts).map(
    ([reason, count]) => [reason, count - (before[reason] ?? 0)] as const,
  );
  return Object.fromEntries(since.filter(([, count]) => count > 0));
}
