import { arch, cpus, freemem, platform, release, totalmem, type, uptime, version } from 'node:os';
import { readSmallFile } from './read-small-file';
import { osDistribution, type OsDistribution } from './os-distribution';

type MachineContext = 'runtime' | 'os' | 'device' | 'app' | 'culture';

/** What does not change while the process runs. */
let constant: Record<MachineContext, Record<string, unknown>> | undefined;

/**
 * The contexts of the machine: `runtime`, `os`, `device`, `app`, `culture`. Sizes are bytes, times RFC 3339.
 * Read once, with the first event; only memory is asked for anew.
 */
export function deviceContexts(): Record<MachineContext, Record<string, unknown>> {
  const { runtime, os, device, app, culture } = (constant ??= readConstant());
  return {
    runtime,
    os,
    device: { ...device, free_memory: freemem() },
    app: { ...app, app_memory: process.memoryUsage.rss(), free_memory: process.availableMemory() },
    culture,
  };
}

function readConstant(): NonNullable<typeof constant> {
  const processors = cpus();
  const nowMs = Date.now();
  return {
    runtime: { name: 'node', version: process.version },
    os: { name: type(), version: release(), kernel_version: version(), ...distribution() },
    device: {
      arch: arch(),
      memory_size: totalmem(),
      processor_count: processors.length,
      processor_frequency: processors[0]?.speed,
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
