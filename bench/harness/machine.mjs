import { cpus, totalmem, type } from 'node:os';
import { CORES } from './cores.mjs';

/** What figures were seen on. */
export function machine() {
  return {
    node: process.version,
    system: type(),
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
    pinned: CORES ?? false,
  };
}
