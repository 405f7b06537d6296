// Runs `nest add nestjs-raven` as anybody would, on apps that Nest's own CLI has just made, and sees the errors of what
// came of it arrive: an ESM app on NestJS 12, a CommonJS one on NestJS 11, and the monorepos that both become. A second
// run changes nothing.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { freePort, startNode } from './background-process.mjs';
import { startEventReceiver } from './event-receiver.mjs';
import { startRegistry } from './one-package-registry.mjs';

const RUN_WITHIN_MS = 300_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** As an app has it. */
const NEST = 'node_modules/.bin/nest';
/** The development dependencies of a new app without which it does not build; vitest has types that it names. */
const BUILDS = /^(@nestjs\/(cli|schematics)|typescript|@types\/node|vitest|ts-loader)$/;
/** What builds a monorepo of NestJS 12: its CLI asks for it by these names. */
const RSPACK = ['@rspack/core', 'webpack-node-externals', 'tsconfig-paths-webpack-plugin'];
const execute = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-add-'));
let passed = 0;
let failed = 0;
try {
  const packed = await run(ROOT, 'npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [{ filename }] = JSON.parse(packed);
  const elsewhere = (await run(ROOT, 'npm', ['config', 'get', 'registry'])).trim();
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const registry = await startRegistry({ manifest, tarball: join(folder, filename), elsewhere });
  try {
    await Promise.all([
      tryEsmApp(registry).then((app) => tryMonorepo('NestJS 12', registry, app)),
      tryCommonjsApp(registry).then((app) => tryMonorepo('NestJS 11', registry, app)),
    ]);
  } finally {
    registry.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function tryEsmApp(registry) {
  const app = await newApp(
    'nest-12',
    join(ROOT, 'node_modules/.bin/nest'),
    [],
    ['@nestjs/config', ...RSPACK],
  );
  await tryAdd('NestJS 12, ESM', registry, app);
  return app;
}

async function tryCommonjsApp(registry) {
  const app = await newApp('nest-11', 'npx', ['--yes', '@nestjs/cli@11'], ['@nestjs/config']);
  await tryAdd('NestJS 11, CommonJS', registry, app);
  return app;
}

/** Makes a second app beside the first, which has its settings by @nestjs/config, and adds to it alone. */
async function tryMonorepo(nest, registry, app) {
  await run(app, NEST, ['generate', 'app', 'billing']);
  edit(join(app, 'apps/billing/src/billing.module.ts'), [
    ["import { Module } from '@nestjs/common';", "$&\nimport { ConfigModule } from '@nestjs/config';"],
    ['imports: []', 'imports: [ConfigModule.forRoot()]'],
  ]);
  await tryAdd(`${nest}, a monorepo with @nestjs/config`, registry, app, 'billing');
}

/** Has Nest's CLI make an app and installs what builds it and what it is made of. @returns its path */
async function newApp(name, program, args, others = []) {
  const within = join(folder, name);
  mkdirSync(within);
  await run(within, program, [...args, 'new', 'shop', '--package-manager', 'npm', '--skip-install']);
  const app = join(within, 'shop');
  const path = join(app, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  // Tools of lint and tests are most of what would be installed.
  const tools = Object.entries(manifest.devDependencies).filter(([tool]) => BUILDS.test(tool));
  manifest.devDependencies = Object.fromEntries(tools);
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  await run(app, 'npm', ['install', ...others, '--no-audit', '--no-fund', '--prefer-offline']);
  return app;
}

async function tryAdd(what, registry, app, project) {
  const sources = project ? `apps/${project}/src` : 'src';
  const name = project ?? 'app';
  edit(join(app, sources, `${name}.service.ts`), [
    ["return 'Hello World!'", "throw new Error('no greeting')"],
  ]);
  await commit(app);

  const add = ['add', 'nestjs-raven', ...(project ? ['--project', project] : [])];
  const env = { npm_config_registry: registry.url, npm_config_audit: 'false', npm_config_fund: 'false' };
  await run(app, NEST, add, env);
  const wanted = [`${sources}/${name}.module.ts`, `${sources}/main.ts`];
  // The first app of a repository has brought the package along.
  if (!project) wanted.unshift('package-lock.json', 'package.json');
  const changed = (await run(app, 'git', ['diff', '--name-only'])).trim().split('\n');
  const isSame = changed.toSorted().join() === wanted.toSorted().join();
  check(`${what}: what is needed is changed`, isSame ? [] : [`changed: ${changed.join(', ')}`]);

  await commit(app);
  await run(app, NEST, add, env);
  const again = await run(app, 'git', ['status', '--porcelain']);
  check(`${what}: a second run changes nothing`, again === '' ? [] : [again]);

  await run(app, NEST, ['build', ...(project ? [project] : [])]);
  const program = join(app, 'dist', project ? `apps/${project}` : '', 'main.js');
  check(`${what}: its errors arrive`, await problemsOf(app, program, project !== undefined));
}

/** Starts an app and asks it for its greeting. @returns what is not as it should be */
async function problemsOf(app, program, readsFile) {
  const receiver = await startEventReceiver();
  const { dsn, events } = receiver;
  if (readsFile) writeFileSync(join(app, '.env'), `SENTRY_DSN=${dsn}\n`);
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}/`;
  const running = await startNode([program], {
    cwd: app,
    // The CLI's apps of a monorepo ask for `port`.
    env: { PORT: port, port, ...(readsFile ? {} : { SENTRY_DSN: dsn }) },
    readyUrl: url,
    name: program,
  });
  const response = await fetch(url);
  const id = response.headers.get('x-sentry-id');
  // Stopped at once: shutdown hooks deliver what was not yet.
  await running.stop();
  receiver.close();
  const event = events.find(({ event_id: eventId }) => eventId === id);
  const told = `${response.status} ${event?.exception?.values.at(-1).value} ${event?.transaction}`;
  return told === '500 no greeting GET /' ? [] : [`answered and arrived: ${told}`];
}

async function commit(app) {
  await run(app, 'git', ['add', '--all']);
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  await run(app, 'git', [...author, 'commit', '--quiet', '--allow-empty', '--message', 'as it is']);
}

/** Changes a file's text. @throws where what is to be replaced is not there */
function edit(path, changes) {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${path} has no ${from}:\n${text}`);
    text = text.replace(from, to);
  }
  writeFileSync(path, text);
}

async function run(cwd, program, args, env = {}) {
  try {
    const { stdout } = await execute(program, args, {
      cwd,
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 26,
      timeout: RUN_WITHIN_MS,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

function check(what, problems) {
  if (problems.length === 0) passed += 1;
  else failed += 1;
  console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: ${what}`);
  for (const problem of problems) console.log(`  ${problem}`);
}
