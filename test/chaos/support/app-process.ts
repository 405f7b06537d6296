import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { trustedCertificate } from './server-process';

/** How a process ended, and what it said. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
}

/** A process of an app that waits for its start. */
export class AppProcess {
  /** Resolves once the app is ready, to what it has said; rejects where it ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #output = '';

  /**
   * @param folder - of the built programs
   * @param program - a file among them
   * @param config - what it is told
   * @param limitMs - after which the process is killed
   */
  constructor(folder: string, program: 'main' | 'steady' | 'flood', config: object, limitMs = 40_000) {
    const { NODE_OPTIONS: _, SENTRY_DSN: __, ...env } = process.env;
    const file = join(folder, `test/chaos/app/${program}.js`);
    this.#child = spawn(process.execPath, ['--expose-gc', file, JSON.stringify(config)], {
      env: { ...env, NODE_EXTRA_CA_CERTS: trustedCertificate(folder) },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => {
      this.#output += `\nkilled after ${limitMs} ms`;
      this.#child.kill('SIGKILL');
    }, limitMs);
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        clearTimeout(limit);
        resolve({ code, signal, output: this.#output });
      });
    });
    this.ready = new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        this.#output += chunk.toString();
        if (this.#output.includes('ready\n')) resolve(this.#output);
      };
      this.#child.stdout?.on('data', read);
      this.#child.stderr?.on('data', read);
      this.ended.then(({ output }) => reject(new Error(`the app did not start:\n${output}`)), reject);
    });
    // The app may be gone before it is told anything.
    this.#child.stdin?.on('error', () => undefined);
  }

  /** Lets it go on from where it waits. */
  go(): void {
    this.#child.stdin?.write('go\n');
  }

  /** @returns when it was sent, by the system's monotonic clock */
  kill(signal: 'SIGTERM' | 'SIGKILL'): bigint {
    const nowNs = process.hrtime.bigint();
    this.#child.kill(signal);
    return nowNs;
  }
}
