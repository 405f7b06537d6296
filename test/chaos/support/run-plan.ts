import type { RavenOptions } from 'nestjs-raven';
import type { AppEnd, AppLoad, Delivery } from '../app/app-config';
import type { Phase } from '../server/behaviour';
import { Random } from './random';
import { describeSchedule, randomSchedule } from './schedule';

/** What a run is about; each has its own promise to keep. */
export const RUN_KINDS = [
  'close',
  'close while the server is away',
  'close with a small queue',
  'close under load',
  'SIGTERM',
  'process.exit in a handler',
  'uncaught exception',
  'spool, then close',
  'spool, then SIGTERM',
  'spool, then process.exit in a handler',
  'spool, then uncaught exception',
  'spool against crashes, then kill',
  'spool against crashes, then kill',
  'spool of two processes, one killed',
  'storm',
] as const;

export type RunKind = (typeof RUN_KINDS)[number];

/** Everything about a run; a seed gives the same one each time. */
export interface RunPlan {
  seed: number;
  kind: RunKind;
  platform: 'express' | 'fastify';
  tls: boolean;
  /** Who makes the requests of its apps. */
  delivery: Delivery;
  phases: Phase[];
  load: AppLoad;
  end: AppEnd;
  /** From the first error on; for kinds in which a signal ends the app. */
  signalAfterMs: number;
  options: Omit<RavenOptions, 'dsn' | 'spool'>;
  spool?: { durability: 'crash' | 'shutdown' };
  /** Also the name of its test. */
  title: string;
}

/** How long an orderly end may take where the server is there at last: longer than any back-off or limit that counts. */
const PATIENT_MS = 15_000;

/** @param seed - consecutive ones go through all kinds */
export function planRun(seed: number): RunPlan {
  const random = new Random(seed);
  const kind = RUN_KINDS[seed % RUN_KINDS.length];
  const isAway = kind === 'close while the server is away';
  const phases = randomSchedule(random, {
    hasLimits: !kind.includes('kill'),
    lastly: { kind: isAway ? 'vanish' : 'healthy' },
  });
  const platform = random.pick(['express', 'fastify'] as const);
  const tls = random.chance(0.2);
  const load: AppLoad = {
    capturesPerSecond: random.int(20, 120),
    requestsPerSecond: random.int(5, 40),
    extraBytes: random.pick([0, 0, 2000, 10_000]),
    isStorm: kind === 'storm',
  };
  const afterMs = random.int(150, 1200);
  const plan = {
    seed,
    kind,
    platform,
    tls,
    phases,
    load,
    end: { kind: endOf(kind), afterMs, isUnderLoad: kind === 'close under load' },
    signalAfterMs: afterMs,
    options: {
      includeVersions: random.chance(0.5),
      shutdownTimeoutMs: isAway ? random.int(0, 400) : PATIENT_MS,
      stormGuard: kind === 'storm' && { limit: random.int(5, 40), windowMs: random.int(100, 1000) },
      ...(kind === 'close with a small queue' && { maxQueueLength: random.int(1, 20) }),
    },
    ...(kind.startsWith('spool') && { spool: { durability: durabilityOf(kind) } }),
  };
  const delivery = random.pick(['axios', 'node:http', 'a thread'] as const);
  const { capturesPerSecond, requestsPerSecond } = load;
  const title = `seed ${seed}: ${kind} after ${afterMs} ms; ${platform}, ${capturesPerSecond} + ${requestsPerSecond} errors/s${tls ? ', TLS' : ''}, by ${delivery}; ${describeSchedule(phases)}`;
  return { ...plan, delivery, title };
}

function endOf(kind: RunKind): AppEnd['kind'] {
  if (kind.endsWith('process.exit in a handler')) return 'exit';
  if (kind.endsWith('uncaught exception')) return 'throw';
  return /SIGTERM|kill/.test(kind) ? 'signal' : 'close';
}

function durabilityOf(kind: RunKind): 'crash' | 'shutdown' {
  return kind.includes('kill') ? 'crash' : 'shutdown';
}
