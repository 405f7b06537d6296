import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RavenEvent, RavenOptions } from 'nestjs-raven';
import { onTestFinished } from 'vitest';
import type { StackFrame } from '../../../lib/protocol/event';
import { newClient } from '../../client/support/new-client';

/** The code of `index.js`, or of several files by their path, of which the first is run. */
export type Files = string | Record<string, string>;

/** What the code of a case may call: it reports as an app does. */
export type Capture = (thrown: unknown) => unknown;

/** How a case is run. */
export interface CaseOptions {
  options?: RavenOptions;
  /** The project's root, below the folder that the files are in. */
  root?: string;
}

/** Writes files into a folder of their own, which is gone when the test ends. */
export function writeProject(files: Record<string, string>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stacks-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Runs real code: loads the first file, calls its `run`, and reports what either throws. */
export async function eventOf(files: Files, options: CaseOptions = {}): Promise<RavenEvent> {
  const all = typeof files === 'string' ? { 'index.js': files } : files;
  return eventIn(writeProject(all), Object.keys(all)[0], options);
}

/** As {@link eventOf}, of a file in a folder that is there. */
export async function eventIn(
  folder: string,
  entry: string,
  { options, root = '' }: CaseOptions = {},
): Promise<RavenEvent> {
  const { client, event } = newClient(options, { root: join(folder, root) });
  const plain = withPlainStacks();
  try {
    await runEntry(join(folder, entry), client.captureException.bind(client));
  } catch (thrown) {
    client.captureException(thrown);
  } finally {
    plain.restore();
  }
  // Its sources may have to be read.
  await client.flush(5000);
  return event();
}

/** Test runners rewrite stacks; those of an app are V8's own. */
function withPlainStacks(): { restore: () => void } {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Object.assign(Error, { prepareStackTrace: undefined, stackTraceLimit: 10 });
  return { restore: () => void Object.assign(Error, { prepareStackTrace, stackTraceLimit }) };
}

async function runEntry(file: string, capture: Capture): Promise<void> {
  // Node's own, not those of the test runner.
  const require = createRequire(__filename);
  const load = require('./native-import.cjs') as (url: string) => Promise<Entry>;
  const loaded = file.endsWith('.mjs') ? await load(pathToFileURL(file).href) : (require(file) as Entry);
  await loaded.run?.(capture);
}

interface Entry {
  run?: (capture: Capture) => unknown;
}

/** The frames of what was thrown, caller first, as {@link told} writes them. */
export async function framesOf(files: Files, options: CaseOptions = {}): Promise<string[]> {
  return framesIn(await eventOf(files, options));
}

/** The frames of the last exception of an event. */
export function framesIn(event: RavenEvent): string[] {
  return told(event.exception?.values.at(-1)?.stacktrace?.frames ?? []);
}

/**
 * Frames as `function file:line`: `~` before one that begins an async part, ` -` behind one that is not the app's.
 * Those of this harness and what called it are left out, and Node's internals, which differ by its versions.
 */
export function told(frames: readonly StackFrame[]): string[] {
  const harness = frames.findLastIndex((frame) =>
    frame.abs_path?.includes(join('test', 'stacks', 'support')),
  );
  const lines: string[] = [];
  let isJoined = false;
  for (const frame of frames.slice(harness + 1)) {
    isJoined ||= frame.stack_start === true;
    if (/^node:(?:internal\/|async_hooks)/.test(frame.filename ?? '')) continue;
    const hasLine = frame.lineno !== undefined && !frame.filename?.startsWith('node:');
    const place = `${frame.filename}${hasLine ? `:${frame.lineno}` : ''}`;
    // Before the first one of a case stands what runs it.
    const isMarked = isJoined && (lines.length > 0 || harness === -1);
    lines.push(`${isMarked ? '~' : ''}${frame.function} ${place}${frame.in_app ? '' : ' -'}`);
    isJoined = false;
  }
  return lines;
}

/** The exceptions of an event as `Type: message`, the cause first. */
export function toldValues(event: RavenEvent): string[] {
  return (event.exception?.values ?? []).map(({ type, value }) => `${type}: ${value}`);
}
