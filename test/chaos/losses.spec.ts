import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { expectBalance, expectLossesTold, expectOnlyRefusals, sum } from './support/account';
import { describeResult, idsOf, run, type RunResult } from './support/run';
import { planRun, type RunPlan } from './support/run-plan';
import { ServerProcess } from './support/server-process';

const RUNS = Number(process.env.CHAOS_RUNS ?? 200);
/** `CHAOS_SEED=<seed of a run> CHAOS_RUNS=1` repeats that one. */
const FIRST_SEED = Number(process.env.CHAOS_SEED ?? randomInt(1_000_000_000));
const PLANS = Array.from({ length: RUNS }, (_, index) => planRun(FIRST_SEED + index));

let servers: ServerProcess;
beforeAll(() => {
  servers = new ServerProcess(inject('chaosFolder'));
});
afterAll(() => servers.end());

describe.concurrent(`from seed ${FIRST_SEED}`, () => {
  for (const plan of PLANS) {
    it(plan.title, async ({ onTestFailed }) => {
      const result = await run(plan, inject('chaosFolder'), servers);
      onTestFailed(() => void process.stdout.write(`${plan.title}\n${describeResult(result)}\n`));
      expect(result.ledger.malformed).toEqual([]);
      expectKnownIds(result);
      expectEnding(plan, result);
      for (const app of result.apps) {
        if (!app.wasKilled) expectBalance(app, result.ledger.accepted);
      }
      expectDeliveries(plan, result);
      if (plan.spool) expectEmptySpool(result);
    });
  }
});

/** Nothing arrives that no app has captured. */
function expectKnownIds({ apps, ledger }: RunResult): void {
  const known = new Set(apps.flatMap(({ journal }) => idsOf(journal)));
  expect(Object.keys(ledger.accepted).filter((id) => !known.has(id))).toEqual([]);
}

function expectEnding(plan: RunPlan, { apps }: RunResult): void {
  const [{ ending }] = apps;
  const asExpected = {
    close: { code: 0, signal: null },
    exit: { code: 7, signal: null },
    throw: { code: 1, signal: null },
    signal: { code: null, signal: plan.kind.includes('kill') ? 'SIGKILL' : 'SIGTERM' },
  }[plan.end.kind];
  expect(ending).toMatchObject(asExpected);
}

function expectDeliveries(plan: RunPlan, result: RunResult): void {
  switch (plan.kind) {
    case 'close while the server is away':
    case 'process.exit in a handler':
    case 'uncaught exception':
      return expectLossesTold(result);
    case 'close with a small queue':
      return expectToldOverflow(result);
    case 'close under load':
    case 'SIGTERM':
      // Errors that are captured while the app waits for the others.
      return expectOnlyRefusals(result, ['network_error', 'queue_overflow']);
    case 'spool, then SIGTERM':
      // Those that are captured while the spool is being closed.
      return expectOnlyRefusals(result, ['queue_overflow']);
    case 'storm':
      return expectOnlyRefusals(result, ['backpressure']);
    default:
      return expectOnlyRefusals(result);
  }
}

/** What had no room is dropped, and that is said. */
function expectToldOverflow({ apps: [{ journal, ending }] }: RunResult): void {
  if (sum(journal.stats?.dropped ?? {}) > 0)
    expect(ending.output).toMatch(/is full|the event is lost|does not take/);
}

/** All that was left in a spool is read back by the next process, and nothing stays behind. */
function expectEmptySpool({ apps, drained, spooledFiles }: RunResult): void {
  expect(spooledFiles).toEqual([]);
  if (apps.some(({ wasKilled }) => wasKilled)) return;
  const spooled = apps.reduce((total, { journal }) => total + (journal.stats?.spooled ?? 0), 0);
  // What was being written at the very end may be there twice.
  expect(drained?.recovered).toBeGreaterThanOrEqual(spooled);
}
