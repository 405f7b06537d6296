import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RavenEvent, RavenOptions } from 'nestjs-raven';
import type { ClientEnvironment } from '../../../lib/client/client-environment';
import type { StackFrame } from '../../../lib/protocol/event';
import { newClient, type TestClient } from '../../client/support/new-client';

/** A project's folder, and a client that reports errors of it. */
export interface SourceFolder extends TestClient {
  root: string;
  /** Writes a file. @returns its path */
  write(name: string, text: string | Buffer): string;
  /** Reports an error with this stack (`name (file:line:column)`, the throw first). @returns its frames, the throw last */
  frames(...stack: string[]): Promise<StackFrame[]>;
  /** The same, as the whole event. */
  report(...stack: string[]): Promise<RavenEvent>;
}

/** An error as if it were thrown there. */
export function errorAt(...stack: string[]): Error {
  const error = new Error('broken');
  error.stack = ['Error: broken', ...stack.map((line) => `    at ${line}`)].join('\n');
  return error;
}

export function sourceFolder(
  options: RavenOptions = {},
  environment: Partial<ClientEnvironment> = {},
): SourceFolder {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'raven-sources-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const made = newClient(
    { frameContextLines: 5, sourceMaps: true, stormGuard: false, ...options },
    { root, ...environment },
  );
  const report = async (...stack: string[]): Promise<RavenEvent> => {
    made.client.captureException(errorAt(...stack));
    await made.client.flush(5000);
    return made.event();
  };
  return {
    ...made,
    root,
    write(name, text) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      return path;
    },
    report,
    frames: async (...stack) => (await report(...stack)).exception?.values[0].stacktrace?.frames ?? [],
  };
}

/** Numbered lines: `line 1` … */
export function numbered(count: number, word = 'line'): string {
  return Array.from({ length: count }, (_, index) => `${word} ${index + 1}`).join('\n');
}
