import { RavenClient, type RavenOptions } from 'nestjs-raven';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What is told once a second; memory after garbage was collected. */
export interface FloodSample {
  captured: number;
  heapBytes: number;
  /** Heap, and what is kept outside of it. */
  ownBytes: number;
  rssBytes: number;
  /** 99 of 100 turns of the event loop were late by no more; collecting garbage does not count. */
  lateMs: number;
  /** Of one core, since the sample before; with collecting garbage. */
  cpuShare: number;
}

const TICK_MS = 10;
const { options, perSecond, seconds } = JSON.parse(process.argv[2]) as {
  options: RavenOptions;
  perSecond: number;
  seconds: number;
};
const client = new RavenClient(options);
process.stdout.write('ready\n');

let captured = 0;
const startMs = performance.now();
const ticks = setInterval(() => {
  const due = ((performance.now() - startMs) / 1000) * perSecond;
  for (; captured < due; captured++) client.captureException(new Error(`error ${captured} of many`));
}, TICK_MS);
const delay = monitorEventLoopDelay({ resolution: TICK_MS });
delay.enable();

let samples = 0;
let lastCpu = process.cpuUsage();
let lastMs = startMs;
const sampling = setInterval(() => {
  delay.disable();
  const lateMs = delay.percentile(99) / 1e6 - TICK_MS;
  global.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage(lastCpu);
  const cpuShare = (user + system) / 1000 / (performance.now() - lastMs);
  lastCpu = process.cpuUsage();
  lastMs = performance.now();
  const sample: FloodSample = {
    captured,
    heapBytes: heapUsed,
    ownBytes: heapUsed + external,
    rssBytes: rss,
    lateMs,
    cpuShare,
  };
  process.stdout.write(`${JSON.stringify(sample)}\n`);
  samples += 1;
  if (samples === seconds) {
    clearInterval(ticks);
    clearInterval(sampling);
    void client.close(0);
    return;
  }
  delay.reset();
  delay.enable();
}, 1000);
