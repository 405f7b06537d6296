// Checks what would be published: the files in it, how it resolves, its types under TypeScript's stricter options, and
// that there is one copy of every class.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import assert from 'node:assert/strict';
import { commands, entryPoints } from './entry-points.mjs';
import { packedDocs } from './packed-docs.mjs';

/** A tenth above what it is: who needs more says so here, and a review sees it. */
const MOST_BYTES = { loaded: 880_000, packed: 720_000 };

const run = (command, ...args) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-'));
try {
  const [packed] = JSON.parse(
    run('npm', 'pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder),
  );
  const paths = packed.files.map(({ path }) => path);
  const entries = entryPoints.flatMap(({ name: _, ...files }) => Object.values(files));
  for (const wanted of [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'options.schema.json',
    'dist/transport/child-sender.js',
    'dist/transport/thread-sender.js',
    'dist/schematics/collection.json',
    'dist/schematics/nest-add.js',
    'dist/schematics/nest-add.schema.json',
    'docs/cli.md',
    ...[...entries, ...commands].map((file) => file.replace('./', '')),
  ]) {
    assert.ok(paths.includes(wanted), `the package lacks ${wanted}`);
  }
  const forUsers =
    /^(dist\/|docs\/|options\.schema\.json$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/;
  const others = paths.filter((path) => !forUsers.test(path));
  assert.deepEqual(others, [], 'the package holds what is not for its users');
  assert.deepEqual(
    new Set(paths.filter((path) => path.startsWith('docs/'))),
    packedDocs(),
    'of docs/ the package is to hold what the README leads to, and that alone ("files" of package.json)',
  );

  console.log(run('npx', 'publint', '--strict'));
  run('npx', 'tsc', '-p', 'test/types');
  console.log(run('npx', 'attw', '--no-color', join(folder, packed.filename)));

  const require = createRequire(import.meta.url);
  require('nestjs-raven');
  const loaded = Object.keys(require.cache);
  for (const other of [
    ...Object.keys(require('nestjs-raven/package.json').peerDependenciesMeta),
    'commander',
  ]) {
    const folder = join('node_modules', other, '/');
    assert.ok(!loaded.some((path) => path.includes(folder)), `the package itself loads ${other}`);
  }
  const hasAxios = () =>
    Object.keys(require.cache).some((path) => path.includes(join('node_modules', 'axios', '/')));
  const { RavenClient } = require('nestjs-raven');
  const client = new RavenClient({ dsn: 'http://public@127.0.0.1:9/1', installProcessHandlers: false });
  assert.ok(!hasAxios(), 'axios is loaded before it is needed');
  client.warmUp();
  assert.ok(hasAxios(), 'a client that is warmed up has no axios yet');
  await client.close();
  const own = Object.keys(require.cache).filter((path) => path.startsWith(join(process.cwd(), 'dist', '/')));
  assert.ok(own.length <= 2, `the package is ${own.length} files to load, not one and its entry`);
  await deliverByThread(require('nestjs-raven'));
  await deliverByCommand();
  for (const { name } of entryPoints) {
    const required = require(name);
    const imported = await import(name);
    assert.deepEqual(
      Object.keys(imported).filter((key) => (key === 'default' ? key in required : key !== 'module.exports')),
      Object.keys(required).sort(),
      `import and require of ${name} give different names`,
    );
    for (const [key, value] of Object.entries(required)) {
      assert.equal(imported[key], value, `${key} of ${name} is another one by import than by require`);
    }
  }
  const bundleBytes = statSync('dist/nestjs-raven.js').size;
  console.log(
    `${paths.length} files, ${packed.size} bytes packed, ${packed.unpackedSize} unpacked; ${bundleBytes} that an app loads`,
  );
  assert.ok(bundleBytes <= MOST_BYTES.loaded, `what an app loads is more than ${MOST_BYTES.loaded} bytes`);
  assert.ok(packed.size <= MOST_BYTES.packed, `what is downloaded is more than ${MOST_BYTES.packed} bytes`);
} finally {
  rmSync(folder, { recursive: true });
}

/** A thread finds its program in what was built, and delivers. */
async function deliverByThread({ RavenClient, WorkerHttpTransport }) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => response.end('{}'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const lines = [];
  const log = (line) => lines.push(line);
  const thread = new RavenClient(
    {
      dsn: `http://public@127.0.0.1:${server.address().port}/1`,
      transport: WorkerHttpTransport,
      installProcessHandlers: false,
    },
    { logger: { debug: log, log, warn: log, error: log } },
  );
  thread.captureException(new Error('by a thread'));
  assert.ok(await thread.close(10_000), 'the thread delivers nothing');
  server.close();
  assert.deepEqual([requests, lines], [1, []], 'the event did not go by the thread');
}

/** The command finds what it needs in what was built, and delivers. */
async function deliverByCommand() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const dsn = `http://public@127.0.0.1:${server.address().port}/1`;
  const { stdout } = await promisify(execFile)(process.execPath, [commands[0], 'test', dsn, '--json']);
  server.close();
  assert.equal(JSON.parse(stdout).status, 200, 'the command does not deliver');
}
