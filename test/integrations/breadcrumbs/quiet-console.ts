import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { onTestFinished, vi } from 'vitest';

/** Puts a console in place of the test runner's for one test. @returns what is printed on it, in order */
export function quietConsole(): string[] {
  const printed: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      printed.push(String(chunk));
      done();
    },
  });
  vi.stubGlobal('console', new Console({ stdout: stream, stderr: stream }));
  onTestFinished(() => void vi.unstubAllGlobals());
  return printed;
}
