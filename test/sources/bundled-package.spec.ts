import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StackFrame } from '../../lib';

const ROOT = join(__dirname, '../..');
/** Throws until the thread that reads variables has found its place; then writes the frames of the error. */
const APP = `
  import { RavenClient, RecordingTransport } from './lib';
  // What else is known of frames is read from files, which takes its time.
  const PLAIN = { includeVersions: false, frameContextLines: 0, sourceMaps: false };
  const transport = new RecordingTransport();
  const client = new RavenClient({ dsn: 'http://public@127.0.0.1:9/1', transport, captureLocals: 'all', ...PLAIN });
  function placeOrder(id) {
    throw new Error('no such order');
  }
  function framesOfError() {
    try { placeOrder(7); } catch (error) { client.captureException(error); }
    return transport.events.at(-1).exception.values[0].stacktrace.frames;
  }
  async function run() {
    let frames = framesOfError();
    while (!frames.at(-1).vars) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      frames = framesOfError();
    }
    await client.close();
    process.stdout.write(JSON.stringify(frames));
  }
  void run();
`;

let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'raven-bundled-')));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['CommonJS', 'cjs', 'main.cjs'],
  ['ES modules', 'esm', 'main.mjs'],
] as const)('an app whose bundle has the package in it, as %s', (_, format, file) => {
  it('has frames of its own, with their local variables', async () => {
    await build({
      stdin: { contents: APP, resolveDir: ROOT, sourcefile: 'main.ts', loader: 'ts' },
      outfile: join(folder, file),
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format,
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, file)], {
      cwd: folder,
      timeout: 45_000,
    });
    const frames = JSON.parse(stdout) as StackFrame[];
    expect(frames.at(-1)).toMatchObject({ function: 'placeOrder', filename: file, in_app: true });
    expect(frames.at(-1)?.vars).toEqual({ id: 7 });
  });
});
