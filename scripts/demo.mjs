// Builds nothing itself (see `npm run demo`): starts Spotlight and the orders sample, sends ten requests, and
// prints what Spotlight has. Ends with 1 if an error is missing, came twice, or was not to be reported.
import { freePort } from './background-process.mjs';
import { REQUESTS, sendRequest, startOrdersSample } from './orders-sample.mjs';
import { startSpotlight } from './spotlight.mjs';

const SECRETS = ['hunter2', '8888', 't0ken', 's3cret'];

const spotlight = await startSpotlight(await freePort());
const app = await startOrdersSample(await freePort(), spotlight.dsn);
const problems = [];
const expected = [];
try {
  for (const request of REQUESTS) {
    const { status, eventId } = await sendRequest(app.url, request);
    const shown = `${request.body ? 'POST' : 'GET'} ${request.path}`;
    console.log(`${status} ${shown}${eventId ? `   x-sentry-id: ${eventId}` : ''}`);
    if (status !== request.status) problems.push(`${shown} answered ${status}, not ${request.status}`);
    if (request.reports) expected.push({ ...request.reports, eventId });
  }
} finally {
  // Closing the app delivers what it still has; what is not in Spotlight after that is lost.
  await app.stop();
}
const events = await spotlight.events();
await spotlight.stop();

console.log(`\nIn Spotlight: ${events.length} errors of ${REQUESTS.length} requests\n`);
console.table(
  events.map((event) => ({
    id: event.event_id.slice(0, 8),
    type: typeOf(event),
    route: event.transaction,
    tags: Object.entries(event.tags ?? {})
      .map((tag) => tag.join('='))
      .join(' '),
    user: event.user?.username,
    breadcrumbs: event.breadcrumbs?.values.map(({ message }) => message).join(' > '),
  })),
);

const unexpected = [...events];
for (const wanted of expected) {
  const found = unexpected.findIndex(
    (event) =>
      typeOf(event) === wanted.type &&
      event.transaction === wanted.transaction &&
      (wanted.eventId === null || event.event_id === wanted.eventId),
  );
  if (found < 0) problems.push(`missing: ${wanted.type} of ${wanted.transaction}`);
  else unexpected.splice(found, 1);
}
for (const event of unexpected) problems.push(`not expected: ${typeOf(event)} of ${event.transaction}`);
for (const event of events) {
  const thrown = event.exception?.values.at(-1).stacktrace.frames.at(-1);
  if (!thrown?.filename.endsWith('.ts') || !thrown.context_line) {
    problems.push(`no line of TypeScript: ${thrown?.filename}:${thrown?.lineno}`);
  }
}
for (const secret of SECRETS) {
  if (JSON.stringify(events).includes(secret)) problems.push(`a secret arrived: ${secret}`);
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'Every error arrived, once.' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

function typeOf(event) {
  return event.exception?.values.at(-1).type;
}
