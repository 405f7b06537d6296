import { arch, cpus, freemem, platform, release, totalmem, type, uptime } from 'node:os';
import { readSmallFile } from './read-small-file';
import { osDistribution, type OsDistribution } from './os-distribution';

type MachineContext = 'runtime' | 'os' | 'device' | 'app' | 'culture';

/** What does not change while the process runs. */
let constant: Record<MachineContext, Record<string, unknown>> | undefined;

/** The memory, and when it was asked for: the system reads files for the answer. */
let memory: { atMs: number; device: { free_memory: number }; app: AppMemory } | undefined;
const MEMORY_HOLDS_MS = 1000;

interface AppMemory {
  app_memory: number;
  free_memory: number;
}

/**
 * The contexts of the machine: `runtime`, `os`, `device`, `app`, `culture`. Sizes are bytes, times RFC 3339.
 * Read once, with the first event; only memory is asked for anew, at most once a second.
 */
export function deviceContexts(): Record<MachineContext, Record<string, unknown>> {
  const { runtime, os, device, app, culture } = (constant ??= readConstant());
  const now = currentMemory();
  return {
    runtime,
    os,
    device: { ...device, ...now.device },
    app: { ...app, ...now.app },
    culture,
  };
}

function currentMemory(): NonNullable<typeof memory> {
  const atMs = performance.now();
  if (memory && atMs - memory.atMs < MEMORY_HOLDS_MS) return memory;
  return (memory = {
    atMs,
    device: { free_memory: freemem() },
    app: { app_memory: process.memoryUsage.rss(), free_memory: process.availableMemory() },
  });
}

function readConstant(): NonNullable<typeof constant> {
  const processors = cpus();
  const nowMs = Date.now();
  return {
    runtime: { name: 'node', version: process.version },
    os: { name: type(), version: release(), kernel_version: release(), ...distribution() },
    device: {
      arch: arch(),
      memory_size: totalmem(),
      processor_count: processors.length,
      // Virtual machines often do not know it, and say 0.
      ...(processors[0]?.speed && { processor_frequency: processors[0].speed }),
      cpu_description: processors[0]?.model,
      boot_time: new Date(nowMs - uptime() * 1000).toISOString(),
    },
    app: { app_start_time: new Date(nowMs - process.uptime() * 1000).toISOString() },
    culture: culture(),
  };
}

function distribution(): OsDistribution | undefined {
  if (platform() !== 'linux') return undefined;
  const text = readSmallFile('/etc/os-release') ?? readSmallFile('/usr/lib/os-release');
  return text === undefined ? undefined : osDistribution(text);
}

/** A broken `TZ` or `LANG` is no reason to lose an event. */
function culture(): { locale?: string; timezone?: string } {
  try {
    const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    return { locale, timezone: timeZone };
  } catch {
    return {};
  }
}
