import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that a spool belongs to. */
export interface SpoolProcess {
  /** Processes of the same host can be asked for by their number. */
  host: string;
  pid: number;
  isAlive(pid: number): boolean;
}

/**
 * Whose claims and unfinished files are whose: host, process and a random part, so that two spools of one process,
 * or a process that gets the number of one that has ended, are not taken for each other.
 */
export class SpoolOwner {
  /** As it is part of the names of files. */
  readonly text: string;
  /** The random part: tells who wrote a file, which may outlive its owner. */
  readonly writer = randomBytes(6).toString('hex');
  readonly #host: string;
  readonly #isAlive: (pid: number) => boolean;

  constructor(process: SpoolProcess = thisProcess()) {
    this.#host = createHash('sha256').update(process.host).digest('hex').slice(0, 8);
    this.#isAlive = (pid) => process.isAlive(pid);
    this.text = `${this.#host}-${process.pid.toString(16).padStart(8, '0').slice(-8)}-${this.writer}`;
  }

  /** Whether the process of another owner is known to have ended; of another host's nothing is known. */
  hasEnded(owner: string): boolean {
    const [host, pid] = owner.split('-');
    return host === this.#host && !this.#isAlive(Number.parseInt(pid, 16));
  }
}

function thisProcess(): SpoolProcess {
  return { host: thisHost(), pid: process.pid, isAlive };
}

/**
 * Containers may share a host's name and still not see each other's processes, so on Linux the boot and the
 * namespace of process numbers are part of it.
 */
function thisHost(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process lives and may not be asked.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
