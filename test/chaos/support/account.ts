import { expect } from 'vitest';
import { idsOf, owedBy, type AppRun, type RunResult } from './run';

/** What a server may refuse, and how an app counts it. */
const REFUSALS = ['send_error', 'rate_limited', 'ratelimit_backoff'];

/** Asserts that an app which ended in order can say of each event where it went. */
export function expectBalance({ journal }: AppRun, accepted: Record<string, number>): void {
  const { stats } = journal;
  if (stats === undefined) throw new Error('the app wrote no stats');
  const ids = idsOf(journal);
  const { captured, sent, pending, spooled, dropped } = stats;
  expect(sent + sum(dropped) + pending + spooled, `the sum of ${JSON.stringify(stats)}`).toBe(captured);
  // Errors that the storm guard only counts never become an event.
  const unseen = captured - (dropped.backpressure ?? 0) - ids.length;
  expect(unseen, `captured, of ${JSON.stringify(stats)}`).toBeGreaterThanOrEqual(0);
  // No hook sees what the server takes none of for now; its id is known by the answer alone, which a crash cuts off.
  expect(unseen, `captured, of ${JSON.stringify(stats)}`).toBeLessThanOrEqual(dropped.ratelimit_backoff ?? 0);
  const arrived = ids.filter((id) => id in accepted).length;
  expect(sent, `sent, of ${arrived} that arrived`).toBeLessThanOrEqual(arrived);
}

/** Asserts that nothing was lost but what the server refused, what its limits kept back, and what may be lost besides. */
export function expectOnlyRefusals(result: RunResult, besides: readonly string[] = []): void {
  const missing = missingOf(result);
  const keptBack = countOf(result, 'ratelimit_backoff');
  expect(missing.length, `${missing.join(', ')}: missing, and ${keptBack} kept back`).toBeLessThanOrEqual(
    keptBack,
  );
  for (const { journal } of result.apps) {
    const others = Object.keys(journal.stats?.dropped ?? {}).filter(
      (reason) => ![...REFUSALS, ...besides].includes(reason),
    );
    expect(others, 'other reasons to drop').toEqual([]);
  }
}

/** Asserts that what is missing besides is at most what the app said at its end. */
export function expectLossesTold(result: RunResult): void {
  const told = result.apps.reduce((total, { ending }) => total + undeliveredIn(ending.output), 0);
  const missing = missingOf(result).length - countOf(result, 'ratelimit_backoff');
  expect(missing, `missing, of which ${told} were told`).toBeLessThanOrEqual(told);
}

/** What an app owes, and the server has neither accepted nor refused. */
function missingOf({ apps, ledger }: RunResult): string[] {
  return apps
    .flatMap((app) => owedBy(app))
    .filter((id) => !(id in ledger.accepted) && !(id in ledger.refused));
}

function countOf({ apps }: RunResult, reason: 'ratelimit_backoff'): number {
  return apps.reduce((total, { journal }) => total + (journal.stats?.dropped[reason] ?? 0), 0);
}

function undeliveredIn(output: string): number {
  return Number(/with (\d+) undelivered/.exec(output)?.[1] ?? 0);
}

export function sum(quantities: Partial<Record<string, number>>): number {
  return Object.values(quantities).reduce<number>((total, quantity = 0) => total + quantity, 0);
}
