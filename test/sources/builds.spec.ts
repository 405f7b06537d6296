import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { buildLibrary, buildProject, FILES } from './support/build-project';

const BUILDS = [
  'tsc',
  'tsc-inline',
  'swc',
  'esbuild',
  'esbuild-minified',
  'sections',
  'webpack',
  'webpack-minified',
  'webpack-hidden',
  'rspack',
  'rspack-minified',
];
const SERVICE = FILES['src/orders.service.ts'].split('\n');
const MAIN = FILES['src/main.ts'].split('\n');

let receiver: Receiver;
let folder = '';
let built: Record<string, string>;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'raven-builds-')));
  buildLibrary(join(folder, 'raven'));
  [receiver, built] = [await startReceiver(), await buildProject(folder)];
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every build fails once in its own code and once in a package's; a process for all of them. */
async function eventsOfBuilds(nodeFlags: string[]): Promise<Record<string, ReceivedEvent[]>> {
  const before = receiver.events.length;
  const script = join(folder, 'script.cjs');
  writeFileSync(
    script,
    `const { RavenClient } = require('./raven');
    const client = new RavenClient({ dsn: process.argv[2], installProcessHandlers: false });
    for (const [build, path] of Object.entries(${JSON.stringify(built)})) {
      const app = require(path);
      for (const fail of [app.findOrder, app.refuseOrder]) {
        try { fail(); } catch (exception) { client.captureException(exception, { tags: { build } }); }
      }
    }
    void client.close();`,
  );
  const { stderr } = await promisify(execFile)(process.execPath, [...nodeFlags, script, receiver.dsn()], {
    cwd: folder,
    timeout: 45_000,
  });
  expect(stderr).toBe('');
  const events = (await receiver.waitForEvents(before + 2 * BUILDS.length)).slice(before);
  return Object.fromEntries(
    BUILDS.map((build) => [build, events.filter(({ tags }) => tags.build === build)]),
  );
}

function framesOf(event: ReceivedEvent): { [key: string]: unknown }[] {
  return event.exception.values[0].stacktrace.frames;
}

describe.each([
  ['as Node is', []],
  ['with --enable-source-maps', ['--enable-source-maps']],
])('frames of built code, %s', (_, flags) => {
  let events: Record<string, ReceivedEvent[]>;
  beforeAll(async () => {
    events = await eventsOfBuilds(flags);
  });

  it.each(BUILDS)('are those of the TypeScript that was written, built by %s', (build) => {
    const [found, refused] = events[build].sort((a, b) => framesOf(a).length - framesOf(b).length);
    for (const event of [found, refused]) expect(event).toBeDefined();
    const all = events[build].map(framesOf);
    const missing = all.find((frames) => String(frames.at(-1)?.context_line).includes('// here'));
    expect(missing?.slice(-3)).toMatchObject([
      {
        filename: 'src/main.ts',
        abs_path: join(folder, 'src/main.ts'),
        module: 'src.main',
        in_app: true,
        lineno: MAIN.findIndex((line) => line.includes('.find(7)')) + 1,
        context_line: '  return new Orders().find(7);',
      },
      {
        filename: 'src/orders.service.ts',
        in_app: true,
        context_line: '    if (!order) throw missing(id);',
      },
      {
        filename: 'src/orders.service.ts',
        in_app: true,
        lineno: SERVICE.findIndex((line) => line.includes('// here')) + 1,
        // What Node has mapped is Node's.
        ...(flags.length === 0 && {
          colno: SERVICE.find((line) => line.includes('// here'))!.indexOf('new') + 1,
        }),
        // What is secret in code stays there.
        pre_context: [...SERVICE.slice(-8, -5), expect.anything(), "  const apiKey: string = '********';"],
      },
    ]);
  });

  it.each(BUILDS)('are not the app’s where a package is in the bundle, built by %s', (build) => {
    const frames = events[build].map(framesOf).find((all) => all.at(-1)?.in_app === false);
    expect(frames?.at(-1)).toMatchObject({
      filename: 'node_modules/some-lib/index.js',
      in_app: false,
      lineno: 3,
      context_line: "  throw new Error('refused: ' + what);",
    });
    expect(frames?.at(-2)).toMatchObject({ filename: 'src/orders.service.ts', in_app: true });
  });

  // Names of what Node has mapped are Node's.
  if (flags.length > 0) return;
  it('have the names that functions had before they were minified', () => {
    const names = ['esbuild-minified', 'webpack-minified', 'rspack-minified'].map(
      (build) =>
        events[build]
          .map(framesOf)
          .find((frames) => String(frames.at(-1)?.context_line).includes('// here'))
          ?.at(-1)?.function,
    );
    expect(names).toEqual(['missing', 'missing', 'missing']);
  });
});
