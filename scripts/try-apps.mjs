// Installs the packed package into apps as users have them, compiles them, and runs each on every supported Node.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { freePort, startProgram } from './background-process.mjs';

const NODES = ['20', '22', '24'];
/** What an app reports: message, transaction and tag, in every context it has. */
const WANTED = [
  'event OrdersJobs.listen orders',
  'guard GET /orders/guard orders',
  'guard orders.message orders',
  'handler GET /orders/handler/:id orders',
  'job OrdersJobs.run orders',
  'socket orders.socket orders',
];
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const APPS = join(ROOT, 'test/apps');

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-apps-'));
let passed = 0;
let failed = 0;
try {
  const [{ filename }] = JSON.parse(
    npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  );
  const nodes = NODES.map((major) => installNode(major));
  for (const name of readdirSync(APPS).filter((entry) => entry.startsWith('nest-'))) {
    const app = prepare(name, join(folder, filename));
    for (const node of nodes) {
      const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
      check(`${name} on Node ${version}`, await problemsOf(node, app));
    }
    if (existsSync(join(app, 'src/app.spec.ts'))) {
      let problems = [];
      try {
        npm(app, 'test');
      } catch (error) {
        problems = [String(error.stdout) + String(error.stderr)];
      }
      check(`${name}: its own tests`, problems);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function npm(cwd, ...args) {
  return execFileSync('npm', [...args, '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function check(what, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: ${what}`);
  for (const problem of problems) console.log(`  ${problem}`);
}

/** Puts a release of a major version of Node into the folder. @returns the path of its program */
function installNode(major) {
  const at = join(folder, `node-${major}`);
  mkdirSync(at);
  writeFileSync(join(at, 'package.json'), '{ "private": true }');
  npm(at, 'install', `node@${major}`);
  return join(at, 'node_modules/.bin/node');
}

/** Makes an app in the folder: its files, its dependencies, the package, all compiled. @returns its path */
function prepare(name, tarball) {
  const app = join(folder, name);
  cpSync(join(APPS, name), app, { recursive: true });
  cpSync(join(APPS, 'src'), join(app, 'src'), { recursive: true });
  for (const file of readdirSync(app).filter((entry) => entry.endsWith('.ts'))) {
    renameSync(join(app, file), join(app, 'src', file));
  }
  npm(app, 'install', tarball);
  try {
    execFileSync('npx', ['tsc', '-p', '.'], { cwd: app, encoding: 'utf8' });
  } catch (error) {
    throw new Error(`${name} does not compile:\n${error.stdout}`, { cause: error });
  }
  return app;
}

/** Runs an app and asks it for errors. @returns what is not as it should be */
async function problemsOf(node, app) {
  const events = [];
  const problems = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
    const [, item, payload] = text.split('\n');
    if (JSON.parse(item).type === 'event') events.push(JSON.parse(payload));
    else problems.push(`arrived, and is no event: ${payload}`);
    response.end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const [port, tcpPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const running = await startProgram(node, [join(app, 'dist/main.js')], {
    env: {
      PORT: String(port),
      TCP_PORT: String(tcpPort),
      SENTRY_DSN: `http://public@127.0.0.1:${server.address().port}/1`,
    },
    readyUrl: url,
    name: app,
  });
  const answers = {};
  for (const path of ['handler/1', 'guard', 'missing', 'message', 'socket', 'event']) {
    const response = await fetch(`${url}/orders/${path}`);
    answers[path] = { status: response.status, id: response.headers.get('x-sentry-id') };
  }
  const health = {};
  for (const path of ['details', 'strict', 'degraded']) {
    const response = await fetch(`${url}/health/${path}`);
    const { raven } = (await response.json()).details;
    health[path] = `${response.status} ${raven?.status} ${raven?.state}`;
  }
  await running.stop();
  server.close();

  const seen = events
    .map((event) => `${event.exception?.values.at(-1).value} ${event.transaction} ${event.tags.area}`)
    .sort();
  const wanted = WANTED.toSorted();
  if (seen.join() !== wanted.join()) problems.push(`arrived: ${seen.join(', ') || 'nothing'}`);
  for (const [path, status, hasId] of [
    ['handler/1', 500, true],
    ['guard', 500, true],
    ['missing', 404, false],
    ['message', 200, false],
    ['socket', 200, false],
    ['event', 200, false],
  ]) {
    const { status: answered, id } = answers[path];
    if (answered !== status) problems.push(`${path} answered ${answered}`);
    if ((id !== null) !== hasId) problems.push(`${path} has x-sentry-id ${id}`);
  }
  for (const [path, wantedHealth] of [
    ['details', '200 up online'],
    ['strict', '503 down online'],
    // Terminus has the status from 12 on.
    ['degraded', `200 ${app.includes('nest-12') ? 'degraded' : 'up'} online`],
  ]) {
    if (health[path] !== wantedHealth) problems.push(`health/${path} answered ${health[path]}`);
  }
  return problems;
}
