import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RavenClient, type RavenStats } from 'nestjs-raven';
import { silentLogger } from '../../support/silent-logger';
import type { AppConfig } from '../app/app-config';
import { readJournal, type JournalContent } from '../app/journal';
import type { Ledger } from '../server/behaviour';
import { AppProcess, type Ending } from './app-process';
import type { RunPlan } from './run-plan';
import { trustedCertificate, type RunningServer, type ServerProcess } from './server-process';

/** How long reading a spool back may take. */
const EMPTY_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 20;
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
  /** Of the client that delivered what was left in the spool. */
  drained?: RavenStats;
  ledger: Ledger;
  /** Files that are still in the spool. */
  spooledFiles: string[];
}

/** Runs a plan: one server, one app or two, and where there is a spool a client that delivers the rest. */
export async function run(plan: RunPlan, folder: string, servers: ServerProcess): Promise<RunResult> {
  const place = mkdtempSync(join(tmpdir(), `raven-chaos-run-${plan.seed}-`));
  const server = await servers.open(plan.tls);
  try {
    const apps = await runApps(plan, folder, place, server);
    const drained = plan.spool && (await drainSpool(plan, folder, place, server));
    const ledger = await server.ledger();
    return { apps, drained, ledger, spooledFiles: plan.spool ? filesIn(join(place, 'spool')) : [] };
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
    delivery: plan.delivery,
    load: plan.load,
    end: plan.end,
  };
}

function spoolOf({ spool }: RunPlan, place: string): Pick<AppConfig['options'], 'spool'> {
  return spool ? { spool: { ...SPOOL, ...spool, directory: join(place, 'spool') } } : {};
}

/** Delivers what is in the spool to the server, healthy now: this process is another one than those that wrote it. */
async function drainSpool(
  plan: RunPlan,
  folder: string,
  place: string,
  server: RunningServer,
): Promise<RavenStats> {
  await server.play([{ behaviour: { kind: 'healthy' }, durationMs: 0 }]);
  const client = new RavenClient(
    {
      dsn: server.dsn,
      installProcessHandlers: false,
      includeVersions: false,
      axios: { httpsAgent: new Agent({ ca: readFileSync(trustedCertificate(folder)) }) },
      ...spoolOf(plan, place),
    },
    { logger: silentLogger, env: {} },
  );
  await emptied(join(place, 'spool'), EMPTY_WITHIN_MS);
  await client.close();
  return client.stats();
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

/** What one has to know of a run that went wrong. */
export function describeResult({ apps, drained, ledger, spooledFiles }: RunResult): string {
  const accepted = Object.values(ledger.accepted);
  const again = accepted.filter((count) => count > 1).length;
  const refused = Object.keys(ledger.refused).length;
  const lines = apps.map(({ journal, ending, untilNs }) => {
    const { begun, captured, stats } = journal;
    const late = untilNs === undefined ? 0 : [...captured.values()].filter((atNs) => atNs >= untilNs).length;
    const counts = `${begun.size} begun, ${captured.size} captured, ${late} of them late`;
    return `  ${counts}; ${JSON.stringify(stats)}; ended with ${ending.code ?? ending.signal}\n${ending.output}`;
  });
  const server = `  the server took ${accepted.length}, ${again} more than once, refused ${refused}, answered ${ledger.requests}`;
  const spool = `  drained: ${JSON.stringify(drained)}; left in the spool: ${spooledFiles.join(', ')}`;
  return [server, spool, ...lines].join('\n');
}

/** Resolves once nothing is left in a spool, or the time is up; what did not arrive is seen in the ledger. */
async function emptied(directory: string, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  // No watcher tells reliably of the last file in a folder that was made after it.
  while (filesIn(directory).length > 0 && performance.now() < endMs) await wait(LOOK_AGAIN_MS);
}

/** Envelopes, whoever has claimed them; leases and the like do not count. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('.envelope'),
  );
}
