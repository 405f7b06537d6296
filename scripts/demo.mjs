// Builds the samples that are named (01-orders unless any is), starts each and a Spotlight, takes its steps, and prints
// what Spotlight has: `npm run demo [-- SAMPLE...]`. Ends with 1 if an error is missing, came twice, or was not to be
// reported.
import { freePort } from './background-process.mjs';
import { nameOf, takeStep } from './sample-steps.mjs';
import { freePorts, readSample, startSample } from './samples.mjs';
import { startSpotlight } from './spotlight.mjs';

const SECRETS = ['hunter2', '8888', 't0ken', 's3cret'];

const names = process.argv.length > 2 ? process.argv.slice(2) : ['01-orders'];
const problems = [];
for (const name of names) problems.push(...(await demonstrate(name)).map((problem) => `${name}: ${problem}`));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'Every error arrived, once.' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @returns what is not as it should be */
async function demonstrate(name) {
  const ports = await freePorts(await readSample(name));
  const spotlight = await startSpotlight(await freePort());
  try {
    const sample = await startSample(name, ports, spotlight.dsn);
    const answers = [];
    try {
      for (const step of sample.steps) answers.push(await take(sample, step));
    } finally {
      // Closing it delivers what it still has; what is not in Spotlight after that is lost.
      await sample.stop();
    }
    const events = await spotlight.events();
    show(events, sample.steps.length);
    return [
      ...wrongAnswers(sample.steps, answers),
      ...wrongEvents(sample.steps, answers, events),
      ...faultsOf(events),
      ...events.flatMap((event) => sample.faultsOf?.(event) ?? []),
    ];
  } finally {
    await spotlight.stop();
  }
}

async function take(sample, step) {
  const answer = await takeStep(sample, step);
  const { status, eventId } = answer;
  console.log(`${status ?? '   '} ${nameOf(step)}${eventId ? `   x-sentry-id: ${eventId}` : ''}`);
  return answer;
}

function show(events, stepCount) {
  console.log(`\nIn Spotlight: ${events.length} errors of ${stepCount} steps\n`);
  console.table(
    events.map((event) => ({
      id: event.event_id.slice(0, 8),
      trace: traceOf(event)?.slice(0, 8),
      type: typeOf(event),
      transaction: event.transaction,
      tags: Object.entries(event.tags ?? {})
        .map((tag) => tag.join('='))
        .join(' '),
      user: event.user?.username,
      breadcrumbs: event.breadcrumbs?.values.map(({ message }) => message).join(' > '),
    })),
  );
}

function wrongAnswers(steps, answers) {
  return steps
    .map((step, index) => [step, answers[index].status])
    .filter(([step, status]) => status !== step.status)
    .map(([step, status]) => `${nameOf(step)} answered ${status}, not ${step.status}`);
}

/** Errors that are missing, that no step reports, or that a step reports in several traces or under another id than its answer's. */
function wrongEvents(steps, answers, events) {
  const problems = [];
  const left = [...events];
  for (const [index, step] of steps.entries()) {
    const { reports = [] } = step;
    const { eventId } = answers[index];
    const found = [];
    const named = left.find((event) => event.event_id === eventId);
    for (const { type, transaction } of reports) {
      const fitting = left.filter((event) => typeOf(event) === type && event.transaction === transaction);
      // Another step may have reported the same: events come in any order.
      const own =
        fitting.find((event) => event === named) ??
        fitting.find((event) => named && traceOf(event) === traceOf(named)) ??
        fitting[0];
      if (!own) {
        problems.push(`missing: ${type} of ${transaction}`);
        continue;
      }
      left.splice(left.indexOf(own), 1);
      found.push(own);
    }
    if (eventId && !found.some((event) => event.event_id === eventId)) {
      problems.push(`${nameOf(step)} answered with the id ${eventId}, which is none of its errors`);
    }
    const traces = new Set(found.map(traceOf));
    if (traces.size > 1) problems.push(`${nameOf(step)} reports in ${traces.size} traces`);
  }
  for (const event of left) problems.push(`not expected: ${typeOf(event)} of ${event.transaction}`);
  return problems;
}

function faultsOf(events) {
  const faults = [];
  for (const event of events) {
    const thrown = event.exception?.values.at(-1).stacktrace.frames.at(-1);
    if (!thrown?.filename.endsWith('.ts') || !thrown.context_line) {
      faults.push(`no line of TypeScript: ${thrown?.filename}:${thrown?.lineno}`);
    }
  }
  for (const secret of SECRETS) {
    if (JSON.stringify(events).includes(secret)) faults.push(`a secret arrived: ${secret}`);
  }
  return faults;
}

function traceOf({ contexts }) {
  return contexts.trace?.trace_id;
}

function typeOf(event) {
  return event.exception?.values.at(-1).type;
}
