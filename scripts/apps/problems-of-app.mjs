import { freePort, startProgram } from '../background-process.mjs';
import { startEventReceiver } from '../event-receiver.mjs';

/** What an app reports: message, transaction and tag, in every context it has. */
const EVENTS = [
  'event OrdersJobs.listen orders',
  'guard GET /orders/guard orders',
  'guard orders.message orders',
  'handler GET /orders/handler/:id orders',
  'job OrdersJobs.run orders',
  'socket orders.socket orders',
];
/** Path, status, and whether the answer names an event. */
const ANSWERS = [
  ['handler/1', 500, true],
  ['guard', 500, true],
  ['missing', 404, false],
  ['message', 200, false],
  ['socket', 200, false],
  ['event', 200, false],
];

/** Runs an app and asks it for errors. @returns what is not as it should be, a line each */
export async function problemsOfApp(node, at, { name, nest, start, hasNoSourceMaps }) {
  const receiver = await startEventReceiver();
  try {
    const [port, tcpPort] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    const running = await startProgram(node, start, {
      cwd: at,
      env: { PORT: String(port), TCP_PORT: String(tcpPort), SENTRY_DSN: receiver.dsn },
      readyUrl: url,
      name,
    });
    const problems = [];
    try {
      problems.push(
        ...(await wrongAnswers(url)),
        ...(await wrongHealth(url, nest)),
        ...(await wrongCopies(url)),
      );
    } finally {
      // What is not delivered yet is delivered then.
      await running.stop();
    }
    return [...problems, ...wrongEvents(receiver), ...wrongThrower(receiver, hasNoSourceMaps)];
  } catch (error) {
    return [error.message];
  } finally {
    receiver.close();
  }
}

async function wrongAnswers(url) {
  const problems = [];
  for (const [path, status, hasId] of ANSWERS) {
    const { status: answered, headers } = await fetch(`${url}/orders/${path}`);
    const id = headers.get('x-sentry-id');
    if (answered !== status) problems.push(`${path} answered ${answered}`);
    if ((id !== null) !== hasId) problems.push(`${path} has x-sentry-id ${id}`);
  }
  return problems;
}

async function wrongHealth(url, nest) {
  const problems = [];
  for (const [path, wanted] of [
    ['details', '200 up online'],
    ['strict', '503 down online'],
    // Terminus has the status from 12 on.
    ['degraded', `200 ${nest === '12' ? 'degraded' : 'up'} online`],
  ]) {
    const response = await fetch(`${url}/health/${path}`);
    const { raven } = (await response.json()).details;
    const health = `${response.status} ${raven?.status} ${raven?.state}`;
    if (health !== wanted) problems.push(`health/${path} answered ${health}`);
  }
  return problems;
}

async function wrongCopies(url) {
  const { names, twice, strangers } = await (await fetch(`${url}/copies`)).json();
  const problems = [];
  for (const name of ['RavenClient', 'RavenModule', 'getRavenToken', 'RavenHealthIndicator']) {
    if (!names.includes(name)) problems.push(`the package gives no ${name}`);
  }
  for (const name of twice) problems.push(`${name} is another one by import than by require`);
  if (strangers.length > 0) problems.push('a client that is injected by one way is another one by the other');
  return problems;
}

function wrongEvents({ events, others }) {
  const problems = others.map((payload) => `arrived, and is no event: ${payload}`);
  const lines = events.map(
    ({ exception, transaction, tags }) => `${exception?.values.at(-1).value} ${transaction} ${tags.area}`,
  );
  if (lines.toSorted().join() !== EVENTS.toSorted().join()) {
    problems.push(`arrived: ${lines.toSorted().join(', ') || 'nothing'}`);
  }
  return problems;
}

/** The frame that threw: which file it is told to be of, and that it is the app's own. */
function wrongThrower({ events }, hasNoSourceMaps = false) {
  const failed = events.find(({ transaction }) => transaction === 'GET /orders/handler/:id');
  const thrower = failed?.exception.values.at(-1).stacktrace.frames.at(-1) ?? {};
  const { function: name, filename, in_app: isApps } = thrower;
  const wanted = hasNoSourceMaps ? 'dist/main.js' : 'src/orders.service.ts';
  if (/\bfail$/.test(name) && filename === wanted && isApps === true) return [];
  return [`thrown by ${name} of ${filename}, which is ${isApps ? '' : 'not '}the app's own`];
}
