import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What became of an event: normalized, or refused as a whole. */
export interface Normalized {
  event?: Record<string, unknown> & { _meta?: unknown };
  refused?: string;
}

/** Sentry's normalizer in a process of its own. */
export interface Normalizer {
  /** @param json - the event as it is on the wire */
  normalize(json: string): Promise<Normalized>;
  stop(): Promise<void>;
}

/** @param programs - the folder where the virtual environment has its Python */
export function startNormalizer(programs: string): Normalizer {
  const child = spawn(join(programs, 'python'), [join(__dirname, 'normalizer.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async normalize(json) {
      child.stdin.write(`${json}\n`);
      // Answers come in the order of the lines.
      const { value, done } = await lines.next();
      if (done) throw new Error('the normalizer has ended');
      return JSON.parse(value) as Normalized;
    },
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
