import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppConfig } from '../app/app-config';
import { readJournal, type JournalContent } from '../app/journal';
import type { Ledger } from '../server/behaviour';
import { AppProcess, type Ending } from './app-process';
import type { RunPlan } from './run-plan';
import type { RunningServer, ServerProcess } from './server-process';

/** How long what is owed may take once the server is healthy for good; with the longest back-off and limit. */
const OWED_WITHIN_MS = 25_000;
/** A spool as large as any run needs, read back without a pause. */
const SPOOL = { pauseMs: 0 };

/** One process of a run, and what is known of it. */
export interface AppRun {
  ending: Ending;
  journal: JournalContent;
  wasKilled: boolean;
  /** When it was killed, or began to end while errors went on; what was captured before must not be lost. */
  untilNs?: bigint;
}

/** What a run left behind. */
export interface RunResult {
  apps: AppRun[];
  /** The process that delivered what was left in the spool. */
  drain?: AppRun;
  ledger: Ledger;
  /** Files that are still in the spool. */
  spooledFiles: string[];
}

/** Runs a plan: one server, one app or two, and where there is a spool a process that delivers the rest. */
export async function run(plan: RunPlan, folder: string, servers: ServerProcess): Promise<RunResult> {
  const place = mkdtempSync(join(tmpdir(), `raven-chaos-run-${plan.seed}-`));
  const server = await servers.open(plan.tls);
  try {
    const apps = await runApps(plan, folder, place, server);
    const drain = plan.spool && (await drainSpool(plan, folder, place, server, apps));
    const ledger = await server.ledger();
    return { apps, drain, ledger, spooledFiles: plan.spool ? filesIn(join(place, 'spool')) : [] };
  } finally {
    await server.close();
    rmSync(place, { recursive: true, force: true });
  }
}

async function runApps(
  plan: RunPlan,
  folder: string,
  place: string,
  server: RunningServer,
): Promise<AppRun[]> {
  const isPair = plan.kind === 'spool of two processes, one killed';
  const configs = [configOf(plan, place, server, 'app')];
  if (isPair) {
    const survivor = configOf(plan, place, server, 'survivor');
    configs.push({
      ...survivor,
      end: { kind: 'close', afterMs: plan.end.afterMs + 300, isUnderLoad: false },
    });
  }
  const processes = configs.map((config) => new AppProcess(folder, 'main', config));
  await Promise.all(processes.map(({ ready }) => ready));
  await server.play(plan.phases);
  for (const one of processes) one.go();
  const [first] = processes;
  const signal = plan.kind.includes('kill') ? 'SIGKILL' : 'SIGTERM';
  const killing =
    plan.end.kind === 'signal' &&
    new Promise<bigint>((resolve) => setTimeout(() => resolve(first.kill(signal)), plan.signalAfterMs));
  const endings = await Promise.all(processes.map(({ ended }) => ended));
  const sentNs = (await killing) || undefined;
  return endings.map((ending, index) => {
    const journal = readJournal(configs[index].journal);
    const wasKilled = index === 0 && signal === 'SIGKILL';
    return { ending, journal, wasKilled, untilNs: wasKilled ? sentNs : untilOf(plan, journal) };
  });
}

function untilOf({ kind, end }: RunPlan, { endingNs }: JournalContent): bigint | undefined {
  return end.isUnderLoad || /SIGTERM|uncaught/.test(kind) ? endingNs : undefined;
}

function configOf(plan: RunPlan, place: string, server: RunningServer, name: string): AppConfig {
  return {
    platform: plan.platform,
    journal: join(place, `${name}.journal`),
    options: { ...plan.options, dsn: server.dsn, ...spoolOf(plan, place) },
    load: plan.load,
    end: plan.end,
  };
}

function spoolOf({ spool }: RunPlan, place: string): Pick<AppConfig['options'], 'spool'> {
  return spool ? { spool: { ...SPOOL, ...spool, directory: join(place, 'spool') } } : {};
}

/** Starts a process on the same directory and a server that is healthy, and ends it when all that is owed has arrived, or was given its time. */
async function drainSpool(
  plan: RunPlan,
  folder: string,
  place: string,
  server: RunningServer,
  apps: readonly AppRun[],
): Promise<AppRun> {
  const journal = join(place, 'drain.journal');
  const options = {
    dsn: server.dsn,
    includeVersions: false,
    shutdownTimeoutMs: 10_000,
    ...spoolOf(plan, place),
  };
  await server.play([{ behaviour: { kind: 'healthy' }, durationMs: 0 }]);
  const process = new AppProcess(folder, 'drain', { journal, options });
  await process.ready;
  const { refused } = await server.ledger();
  const owed = apps.flatMap((app) => owedBy(app)).filter((id) => !(id in refused));
  await within(OWED_WITHIN_MS, server.accepted(owed, owed.length - lostByLimits(apps)));
  process.go();
  const ending = await process.ended;
  return { ending, journal: readJournal(journal), wasKilled: false };
}

/** All ids that an app spoke of. */
export function idsOf({ begun, captured }: JournalContent): string[] {
  return [...new Set([...begun, ...captured.keys()])];
}

/**
 * Ids of events that must not be lost: those whose capture had returned before a process was killed, or was told to
 * end while errors went on; else all.
 */
export function owedBy({ journal, untilNs }: AppRun): string[] {
  if (untilNs === undefined) return idsOf(journal);
  return [...journal.captured].filter(([, atNs]) => atNs < untilNs).map(([id]) => id);
}

/** What the server kept away by its limits; only processes that ended in order can say. */
function lostByLimits(apps: readonly AppRun[]): number {
  return apps.reduce((sum, { journal }) => sum + (journal.stats?.dropped.ratelimit_backoff ?? 0), 0);
}

/** What one has to know of a run that went wrong. */
export function describeResult({ apps, drain, ledger, spooledFiles }: RunResult): string {
  const accepted = Object.values(ledger.accepted);
  const again = accepted.filter((count) => count > 1).length;
  const refused = Object.keys(ledger.refused).length;
  const lines = [...apps, ...(drain ? [drain] : [])].map(({ journal, ending, untilNs }) => {
    const { begun, captured, stats } = journal;
    const late = untilNs === undefined ? 0 : [...captured.values()].filter((atNs) => atNs >= untilNs).length;
    const counts = `${begun.size} begun, ${captured.size} captured, ${late} of them late`;
    return `  ${counts}; ${JSON.stringify(stats)}; ended with ${ending.code ?? ending.signal}\n${ending.output}`;
  });
  const server = `  the server took ${accepted.length}, ${again} more than once, refused ${refused}, answered ${ledger.requests}`;
  return [server, `  left in the spool: ${spooledFiles.join(', ')}`, ...lines].join('\n');
}

async function within(timeMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeMs)));
  // What did not arrive is seen in the ledger.
  await Promise.race([work, timeUp]);
  clearTimeout(timer);
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
