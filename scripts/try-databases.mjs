// Installs the packed package into an app with TypeORM and Prisma, runs it on a PostgreSQL in this process, and reads
// the breadcrumbs of queries that its errors bring along.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { freePort, startNode } from './background-process.mjs';
import { startEventReceiver } from './event-receiver.mjs';

const INSTALL_WITHIN_MS = 180_000;
const ORDERS = ['a1', 'b2', 'c3', 'd4'];
/** What each error brings along, in order: level, statement, and what its data say; the order stands for its id. */
const WANTED = {
  typeorm: [
    'info SELECT ? AS order_ID, $1::text AS given postgres rows=1',
    'info START TRANSACTION postgres',
    'info INSERT INTO "Label" (text) VALUES ($1) RETURNING id AS order_ID postgres rows=1',
    'info COMMIT postgres',
    'error SELECT nothing AS order_ID WHERE text = ? postgres error=42703',
  ],
  sqljs: [
    'info INSERT INTO notes VALUES (?) sqljs rows=0',
    'info SELECT text AS order_ID FROM notes WHERE text = ? sqljs rows=1',
    'error INSERT INTO notes VALUES (?) sqljs error=Error',
  ],
  prisma: [
    'info INSERT INTO "public"."Label" ("text") VALUES ($1) RETURNING "public"."Label"."id", "public"."Label"."text"',
    'info SELECT ? AS order_ID',
    'error label.create',
  ],
};
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-databases-'));
const problems = [];
try {
  const [{ filename }] = JSON.parse(
    run(ROOT, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  );
  const app = join(folder, 'app');
  cpSync(join(ROOT, 'test/databases'), app, { recursive: true });
  run(app, 'npm', 'install', join(folder, filename), '--legacy-peer-deps', '--loglevel=error', '--no-audit');
  run(app, 'npx', 'prisma', 'generate');
  run(app, 'npx', 'tsc', '-p', '.');
  await tryApp(app);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.log(problem);
if (problems.length === 0) console.log('ok: queries of TypeORM and Prisma left their breadcrumbs');
process.exitCode = problems.length === 0 ? 0 : 1;

function run(cwd, program, ...args) {
  try {
    return execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_WITHIN_MS,
      // Prisma would load an engine that only migrations need.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
    });
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

async function tryApp(app) {
  const receiver = await startEventReceiver();
  const { events } = receiver;
  const db = await PGlite.create();
  await db.exec('CREATE TABLE "Label" (id SERIAL PRIMARY KEY, text TEXT UNIQUE)');
  const postgresPort = await freePort();
  const postgres = new PGLiteSocketServer({ db, host: '127.0.0.1', port: postgresPort, maxConnections: 10 });
  await postgres.start();

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = await startNode([join(app, 'dist/main.js')], {
    env: {
      PORT: String(port),
      DATABASE_URL: `postgresql://postgres@127.0.0.1:${postgresPort}/postgres`,
      SENTRY_DSN: receiver.dsn,
    },
    readyUrl: url,
    name: app,
  });
  for (const library of Object.keys(WANTED)) {
    const answers = await Promise.all(ORDERS.map((order) => fetch(`${url}/${library}/${library}-${order}`)));
    for (const { status } of answers) if (status !== 500) problems.push(`${library} answered ${status}`);
  }
  const heard = await (await fetch(`${url}/heard`)).json();
  await running.stop();
  await postgres.stop();
  await db.close();
  receiver.close();

  for (const [library, wanted] of Object.entries(WANTED)) {
    for (const order of ORDERS) {
      const event = events.find(({ request }) => request.url.endsWith(`${library}-${order}`));
      const seen = crumbsOf(event, `${library}${order}`);
      if (seen.join('\n') !== wanted.join('\n')) {
        problems.push(`${library}/${order} brought along:\n  ${seen.join('\n  ') || 'nothing'}`);
      }
    }
  }
  if (events.length !== 12) problems.push(`${events.length} events arrived`);
  if (!(heard.prisma >= 8 && heard.typeorm >= 20)) {
    problems.push(`the app's own hooks heard of ${JSON.stringify(heard)}`);
  }
}

/** The crumbs of an event as lines; of the statement's names the one with the order's id is told apart. */
function crumbsOf(event, order) {
  return (event?.breadcrumbs?.values ?? []).map((crumb) => {
    const { type, category, level, message, data } = crumb;
    if (JSON.stringify(crumb).includes('secret')) problems.push(`a value arrived: ${message}`);
    if (type !== 'query' || category !== 'query') problems.push(`${message} is a ${type} of ${category}`);
    const hasDuration = Number.isFinite(data.duration) && data.duration >= 0;
    if (!hasDuration && message !== 'label.create')
      problems.push(`${message} has the duration ${data.duration}`);
    return [
      level,
      message.replace(`order_${order}`, 'order_ID'),
      data.db,
      data.rows === undefined ? undefined : `rows=${data.rows}`,
      data.error === undefined ? undefined : `error=${data.error}`,
    ]
      .filter((part) => part !== undefined)
      .join(' ');
  });
}
