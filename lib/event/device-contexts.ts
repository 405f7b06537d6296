import { arch, cpus, freemem, release, totalmem, type, uptime, version } from 'node:os';

/** What does not change while the process runs. */
let constant: Record<'runtime' | 'os' | 'device' | 'app', Record<string, unknown>> | undefined;

/**
 * The contexts of the machine: `runtime`, `os`, `device`, `app`. Sizes are bytes, times RFC 3339.
 * Read once; only free memory is asked for anew.
 */
export function deviceContexts(): Record<string, Record<string, unknown>> {
  const { runtime, os, device, app } = (constant ??= readConstant());
  return {
    runtime,
    os,
    device: { ...device, free_memory: freemem() },
    app: { ...app, app_memory: process.memoryUsage.rss() },
  };
}

function readConstant(): NonNullable<typeof constant> {
  const processors = cpus();
  const nowMs = Date.now();
  return {
    runtime: { name: 'node', version: process.version },
    os: { name: type(), version: release(), kernel_version: version() },
    device: {
      arch: arch(),
      memory_size: totalmem(),
      processor_count: processors.length,
      processor_frequency: processors[0]?.speed,
      cpu_description: processors[0]?.model,
      boot_time: new Date(nowMs - uptime() * 1000).toISOString(),
    },
    app: { app_start_time: new Date(nowMs - process.uptime() * 1000).toISOString() },
  };
}
