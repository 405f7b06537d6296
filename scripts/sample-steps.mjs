// What is done with a running sample, by a person or by the demo. A step is a request (`path`, and `port` where it goes
// not to the first of the sample's ports but to another) or a program of the sample's (`program`, `args`).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const REPEAT_WITHIN_MS = 30_000;
const REPEAT_AFTER_MS = 100;

/** A step in a few words. */
export function nameOf(step) {
  return step.program ?? `${methodOf(step)} ${step.path}`;
}

/** The line for a shell that takes a step. */
export function shellLine(sample, step) {
  if (step.program)
    return ['node', `sample/${sample.name}/dist/${step.program}`, ...(step.args ?? [])].join(' ');
  const words = ['curl -i'];
  if (methodOf(step) !== 'GET' && !step.body) words.push(`-X ${methodOf(step)}`);
  for (const header of Object.entries(step.headers ?? {})) words.push(`-H '${header.join(': ')}'`);
  if (step.body) words.push(`--json '${JSON.stringify(step.body)}'`);
  return [...words, urlOf(sample, step)].join(' ');
}

/**
 * Takes a step; one that has `until` again and again, until that says yes to the answer's body.
 *
 * @param sample - its `name` and `ports`, and for programs the `dsn`
 * @returns the answer's `status` and the id of the event that it names, or null; of a program neither
 */
export async function takeStep(sample, step) {
  if (step.program) return runProgram(sample, step);
  const deadline = Date.now() + REPEAT_WITHIN_MS;
  for (;;) {
    const { response, text } = await request(sample, step);
    if (!step.until || step.until(JSON.parse(text))) {
      return { status: response.status, eventId: response.headers.get('x-sentry-id') };
    }
    if (Date.now() > deadline) throw new Error(`${nameOf(step)} still answers ${text}`);
    await new Promise((again) => setTimeout(again, REPEAT_AFTER_MS));
  }
}

async function request(sample, step) {
  const { headers, body } = step;
  const response = await fetch(urlOf(sample, step), {
    method: methodOf(step),
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { response, text: await response.text() };
}

async function runProgram({ name, ports, dsn }, { program, args = [] }) {
  const path = fileURLToPath(new URL(`../sample/${name}/dist/${program}`, import.meta.url));
  const env = { ...process.env, PORT: String(ports[0]), SENTRY_DSN: dsn };
  await once(spawn(process.execPath, [path, ...args], { env, stdio: 'inherit' }), 'exit');
  return { eventId: null };
}

function methodOf({ method, body }) {
  return method ?? (body ? 'POST' : 'GET');
}

function urlOf({ ports }, { port = 0, path }) {
  return `http://localhost:${ports[port]}${path}`;
}
