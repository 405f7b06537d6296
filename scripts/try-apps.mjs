// Installs the packed package into apps as users have them, builds them, and runs each and its tests. A spread of NestJS,
// Node and tools; all of them with `--all`; those whose names have a text in them with that text as an argument.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chosenApps } from './apps/app-list.mjs';
import { installNest, installNode } from './apps/installation.mjs';
import { makeApp } from './apps/make-app.mjs';
import { problemsOfApp } from './apps/problems-of-app.mjs';
import { problemsOfTests } from './apps/problems-of-tests.mjs';
import { npm, runCommand } from './apps/run-command.mjs';
import { runTable } from './apps/run-table.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'test/apps');

const { values, positionals } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true });
const apps = chosenApps(values.all === true, positionals[0]);
const results = [];
const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-apps-'));
try {
  const [{ filename }] = JSON.parse(
    await npm(ROOT, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  );
  const nodes = await installed(new Set(apps.flatMap((app) => app.nodes)), (major) =>
    installNode(folder, major),
  );
  const modules = await installed(new Set(apps.map(({ nest }) => nest)), (nest) =>
    installNest(
      folder,
      nest,
      join(SOURCE, `nest-${nest}/package.json`),
      apps.filter((app) => app.nest === nest),
      join(folder, filename),
    ),
  );
  for (const app of apps) await tryApp(app, nodes, modules.get(app.nest));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const failed = results.filter(({ isFine }) => !isFine).length;
console.log(`\n${runTable(results)}\n\n${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Installs for each of some versions, at the same time. @returns what is at which path */
async function installed(versions, install) {
  return new Map(await Promise.all([...versions].map(async (version) => [version, await install(version)])));
}

async function tryApp(app, nodes, modules) {
  let at;
  let cause;
  try {
    at = await makeApp(folder, SOURCE, app, modules);
  } catch (error) {
    cause = error.message;
  }
  for (const major of app.nodes) {
    const node = nodes.get(major);
    const version = (await runCommand(folder, node, '--version')).trim();
    const problems =
      at === undefined ? [cause] : await (app.test ? problemsOfTests : problemsOfApp)(node, at, app);
    results.push({ app: app.name, node: major, isFine: problems.length === 0 });
    console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: ${app.name} on Node ${version}`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
}
