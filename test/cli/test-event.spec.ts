import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestOutcome } from '../../lib/cli/test-event/test-outcome';
import type { Setting } from '../../lib/cli/test-event/setting';
import { createAuthority, type CertificateAuthority } from '../support/certificates';
import { freePort } from '../support/free-port';
import { startReceiver, type Answer, type Receiver } from '../support/receiver';
import { startForwardProxy } from '../transport/security/support/forward-proxy';
import { startTlsFront } from '../transport/security/support/tls-front';
import { builtCli, type BuiltCli, type CliOptions, type CliRun } from './support/built-cli';
import { runHere } from './support/run-here';
import { comparable, shownRuns } from './support/shown-runs';

const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const SECRET = 'dsn-secret';
const HTML = { 'Content-Type': 'text/html' };

let cli: BuiltCli;
let authority: CertificateAuthority;
let receiver: Receiver;
let app = '';

beforeAll(async () => {
  cli = builtCli();
  authority = await createAuthority();
}, 60_000);
afterAll(() => {
  cli.remove();
  authority.remove();
});
beforeEach(async () => {
  receiver = await startReceiver();
  app = await mkdtemp(join(tmpdir(), 'raven-cli-app-'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'shop', version: '1.4.0' }));
});
afterEach(async () => {
  await receiver.close();
  await rm(app, { recursive: true });
});

const dsnAt = (address: string, scheme = 'http'): string => `${scheme}://${KEY}:${SECRET}@${address}/1`;
const ownDsn = (): string => dsnAt(`127.0.0.1:${receiver.port}`);

/** Runs `nestjs-raven test` in the app's folder; whatever the test is about, nothing secret is printed. */
async function run(args: readonly string[], options: CliOptions = {}, runs = cli.run): Promise<CliRun> {
  const ended = await runs(['test', ...args], { folder: app, ...options });
  expect(ended.stdout + ended.stderr).not.toMatch(new RegExp(`${KEY}|${SECRET}|proxy-pass`));
  return ended;
}

/** The same with `--json`. */
async function runJson(
  args: readonly string[],
  options?: CliOptions,
): Promise<TestOutcome & { settings: Setting[]; code: number | null }> {
  const { code, stdout } = await run([...args, '--json'], options);
  return { ...(JSON.parse(stdout) as TestOutcome & { settings: Setting[] }), code };
}

describe('a test event', () => {
  it('arrives as it was described, by the pipeline that apps have', async () => {
    const data = {
      user: { id: '7' },
      request: { url: '/orders', method: 'GET' },
      extra: { password: 'hunter2' },
    };
    const tags = ['--tag', 'area=orders', '--tag', 'query=a=b', '--tags', '{"team":"shop"}'];
    const parts = ['--data', JSON.stringify(data), '--message', 'is anybody there', '--level', 'warning'];
    const names = ['--environment', 'staging', '--release', 'shop@2'];
    const { code, stdout } = await run([ownDsn(), ...tags, ...parts, ...names]);
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({
      logentry: { message: 'is anybody there' },
      level: 'warning',
      tags: { area: 'orders', query: 'a=b', team: 'shop' },
      user: { id: '7' },
      request: { url: '/orders', method: 'GET' },
      extra: { password: '********' },
      environment: 'staging',
      release: 'shop@2',
      sdk: { name: 'nestjs.raven' },
    });
    expect(JSON.stringify(event)).not.toContain(KEY);
    expect(stdout).toContain(`Event id: ${event.event_id}`);
    expect(code).toBe(0);
  });

  it('goes where SENTRY_DSN says, and its settings are those of an app in this folder', async () => {
    const env = { SENTRY_DSN: ownDsn(), SENTRY_NAME: 'web-1', NODE_ENV: 'production', SENTRY_DIST: '7' };
    const { settings, code, isDelivered, answeredId, eventId, status } = await runJson([], { env });
    expect(settings).toEqual([
      { name: 'DSN', value: `http://***@127.0.0.1:${receiver.port}/1`, from: 'SENTRY_DSN' },
      { name: 'release', value: 'shop@1.4.0', from: 'package.json' },
      { name: 'dist', value: '7', from: 'SENTRY_DIST' },
      { name: 'environment', value: 'production', from: 'NODE_ENV' },
      { name: 'server name', value: 'web-1', from: 'SENTRY_NAME' },
    ]);
    expect({ code, isDelivered, status }).toEqual({ code: 0, isDelivered: true, status: 200 });
    expect(answeredId).toBe(eventId);
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({ server_name: 'web-1', release: 'shop@1.4.0', environment: 'production' });
    expect(event.event_id).toBe(eventId);
  });

  it('has a setting of the command win over a variable, and says so', async () => {
    const env = { SENTRY_DSN: dsnAt('127.0.0.1:9'), SENTRY_RELEASE: 'one', GITHUB_SHA: 'abcdef1' };
    const { settings } = await runJson([ownDsn(), '--release', 'two'], { env });
    expect(settings).toContainEqual({ name: 'release', value: 'two', from: '--release' });
    expect(settings[0]).toEqual({
      name: 'DSN',
      value: `http://***@127.0.0.1:${receiver.port}/1`,
      from: 'the argument',
    });
  });

  it('takes variables from a file where they are not set', async () => {
    writeFileSync(join(app, '.env'), `SENTRY_DSN=${ownDsn()}\nSENTRY_ENVIRONMENT=from-file\n`);
    const { settings, code } = await runJson(['--dotenv', '.env'], { env: { SENTRY_ENVIRONMENT: 'set' } });
    expect(settings).toContainEqual({ name: 'environment', value: 'set', from: 'SENTRY_ENVIRONMENT' });
    expect(code).toBe(0);
  });

  it('that an answer of 2xx does not name is delivered, with a word of doubt', async () => {
    receiver.respondWith(() => ({ body: 'OK' }));
    const { code, stdout } = await run([ownDsn()]);
    expect(code).toBe(0);
    expect(stdout).toContain('The answer names no event');
  });
});

/** What the server answers, the kind that this is, and a part of what is said of it. */
const ANSWERS: [what: string, answer: Answer, kind: string, said: string][] = [
  [
    '400',
    { status: 400, body: '{"detail":"bad sentry DSN public key"}' },
    'malformed',
    '(bad sentry DSN public key)',
  ],
  ['401', { status: 401, headers: { 'X-Sentry-Error': `no such key ${KEY}` } }, 'key', '(no such key ***)'],
  ['403', { status: 403 }, 'forbidden', 'answered 403'],
  ['404', { status: 404, body: '{"detail":"unknown"}' }, 'not-found', 'answered 404 (unknown)'],
  ['413', { status: 413, headers: HTML, body: '<html>' }, 'too-large', 'answered 413'],
  ['418', { status: 418 }, 'other-answer', 'answered 418'],
  ['429', { status: 429, headers: { 'Retry-After': '120' } }, 'limited', 'asks to wait 120 s'],
  [
    '429 by limits',
    { status: 429, headers: { 'X-Sentry-Rate-Limits': '60:error:key, 2700:default;error:organization' } },
    'limited',
    'asks to wait 2700 s',
  ],
  ['500', { status: 500 }, 'server-error', 'answered 500'],
  [
    '503',
    { status: 503, headers: { ...HTML, 'Retry-After': '30' }, body: '<html>' },
    'server-error',
    'wait 30 s',
  ],
  [
    'a redirect',
    { status: 301, headers: { Location: 'https://elsewhere.example/' } },
    'redirected',
    'https://elsewhere',
  ],
  [
    'a web page with 200',
    { headers: HTML, body: '<!doctype html><title>Shop</title>' },
    'no-sentry',
    'web page',
  ],
  [
    'a web page with 404',
    { status: 404, body: '<html><body>Not Found</body></html>' },
    'no-sentry',
    'web page',
  ],
];

describe('a server that answers', () => {
  it.each(ANSWERS)('%s', async (_what, answer, kind, said) => {
    receiver.respondWith(() => answer);
    const { code, isDelivered, failure, status } = await runJson([ownDsn()]);
    expect({ code, isDelivered, kind: failure?.kind }).toEqual({ code: 1, isDelivered: false, kind });
    expect(failure?.message).toContain(said);
    expect(failure?.advice).not.toEqual([]);
    expect(failure?.link).toMatch(/docs\/cli\.md#when-it-does-not-arrive$/);
    expect(status).toBe(typeof answer === 'object' ? (answer.status ?? 200) : undefined);
    expect(receiver.requests).toHaveLength(1);
  });

  it('nothing is given up after the time', async () => {
    receiver.respondWith(() => 'hang');
    const { code, failure } = await runJson([ownDsn(), '--timeout', '0.5']);
    expect({ code, kind: failure?.kind, message: failure?.message }).toEqual({
      code: 1,
      kind: 'timeout',
      message: 'no answer within 0.5 s',
    });
  });

  it('by closing the connection', async () => {
    receiver.respondWith(() => 'reset');
    const { code, failure } = await runJson([ownDsn()]);
    expect({ code, kind: failure?.kind }).toEqual({ code: 1, kind: 'closed' });
  });
});

describe('a server that is not there', () => {
  it('for nothing listens', async () => {
    const { code, failure } = await runJson([dsnAt(`127.0.0.1:${await freePort()}`)]);
    expect({ code, kind: failure?.kind }).toEqual({ code: 1, kind: 'refused' });
    expect(failure?.message).toContain('ECONNREFUSED');
  });

  it('for nobody knows its name', async () => {
    const { code, failure } = await runJson([dsnAt('errors.invalid')]);
    expect({ code, kind: failure?.kind }).toEqual({ code: 1, kind: 'dns' });
    expect(failure?.advice[0]).toContain('errors.invalid');
  });
});

describe('a server whose certificate', () => {
  it.each([
    ['nobody vouches for', '127.0.0.1', 2, false, 'NODE_EXTRA_CA_CERTS'],
    ['has expired', '127.0.0.1', -1, true, 'Renew'],
    ['is for another name', 'elsewhere.test', 2, true, 'another name'],
  ])('%s is sent nothing', async (_what, host, days, isTrusted, advice) => {
    const port = await startTlsFront(await authority.sign(host, days), receiver.port);
    const env: Record<string, string> = isTrusted ? { NODE_EXTRA_CA_CERTS: authority.file } : {};
    const { code, failure } = await runJson([dsnAt(`127.0.0.1:${port}`, 'https')], { env });
    expect({ code, kind: failure?.kind }).toEqual({ code: 1, kind: 'tls' });
    expect(failure?.advice.join()).toContain(advice);
    expect(receiver.requests).toEqual([]);
  });

  it('an authority of the environment vouches for gets the event', async () => {
    const port = await startTlsFront(await authority.sign('127.0.0.1'), receiver.port);
    const env = { NODE_EXTRA_CA_CERTS: authority.file };
    const { code, settings } = await runJson([dsnAt(`127.0.0.1:${port}`, 'https')], { env });
    expect(code).toBe(0);
    expect(settings).toContainEqual({ name: 'network', value: authority.file, from: 'NODE_EXTRA_CA_CERTS' });
  });

  it('is none, for the port speaks http', async () => {
    const { failure } = await runJson([dsnAt(`127.0.0.1:${receiver.port}`, 'https')]);
    expect(failure?.kind).toBe('tls');
    expect(failure?.advice.join()).toContain('begins with http://');
    // OpenSSL's message ends in a colon.
    expect(failure?.message).toMatch(/[^:\s]$/);
  });
});

describe('a proxy', () => {
  it('that leads to the server gets the event there, and is shown without its credentials', async () => {
    const proxy = await startForwardProxy({ upstreamPort: receiver.port, credentials: 'me:proxy-pass' });
    const env = { HTTP_PROXY: `http://me:proxy-pass@127.0.0.1:${proxy.port}` };
    const { code, settings } = await runJson([dsnAt('errors.invalid')], { env });
    expect(code).toBe(0);
    const value = `http://***@127.0.0.1:${proxy.port}`;
    expect(settings).toContainEqual({ name: 'network', value, from: 'HTTP_PROXY' });
  });

  it.each(['http', 'https'])('that wants other credentials is told of, with a DSN of %s', async (scheme) => {
    const proxy = await startForwardProxy({ upstreamPort: receiver.port, credentials: 'me:other' });
    const url = `http://me:proxy-pass@127.0.0.1:${proxy.port}`;
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url };
    const { code, failure } = await runJson([dsnAt('errors.invalid', scheme)], { env });
    expect({ code, kind: failure?.kind }).toEqual({ code: 1, kind: 'proxy' });
    expect(failure?.message).toContain('407');
  });

  it('that is not there is told of', async () => {
    const env = { HTTPS_PROXY: `http://127.0.0.1:${await freePort()}` };
    const { failure } = await runJson([dsnAt('errors.invalid', 'https')], { env });
    expect(failure?.kind).toBe('proxy');
    expect(failure?.message).toContain('ECONNREFUSED');
  });
});

describe('wrong usage', () => {
  it.each([
    ['no DSN', [], 'there is no DSN'],
    ['a DSN that is none', [`https//${KEY}:${SECRET}@errors.example/1`], 'is not a URL'],
    [
      'a DSN without a project',
      [`https://${KEY}:${SECRET}@errors.example`],
      'has no project id; expected https://PUBLIC_KEY@HOST/PROJECT_ID',
    ],
    ['a tag without an equals sign', [dsnAt('a'), '--tag', SECRET], '--tag has no equals sign'],
    ['data that is no JSON', [dsnAt('a'), '--data', SECRET], '--data is no JSON'],
    ['tags that are no object', [dsnAt('a'), '--tags', '[1]'], '--tags is JSON, but no object'],
    ['a level that there is none of', [dsnAt('a'), '--level', SECRET], '--level is none'],
    ['a time that is none', [dsnAt('a'), '--timeout', '-1'], '--timeout is no number'],
    ['a file that is not there', [dsnAt('a'), '--dotenv', SECRET], '--dotenv names no file'],
    ['a release that servers drop', [dsnAt('a'), '--release', 'latest'], 'expected at most 200 bytes'],
    ['an option that there is none of', [`--dsn=${dsnAt('a')}`], 'unknown option'],
    ['an option with a secret', [`--password=${SECRET}`], 'unknown option'],
    ['two DSNs', [dsnAt('a'), dsnAt('b')], 'too many arguments'],
  ])('%s is told on the standard error and ends with 2', async (_what, args, said) => {
    const { code, stdout, stderr } = await run(args, {}, runHere);
    expect(stderr).toContain(said);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('ends the process with 2, and help with 0', async () => {
    expect((await run([])).code).toBe(2);
    const wrong = await cli.run([dsnAt('a')]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).not.toContain(KEY);
    expect((await cli.run([])).code).toBe(2);
    expect(await cli.run(['--help'])).toMatchObject({ code: 0, stderr: '' });
    expect((await cli.run(['test', '--help'])).stdout).toContain('--tag <key=value>');
  });
});

describe('docs/cli.md', () => {
  const shown = shownRuns().filter(({ command }) => command === 'test');
  const env = (): Record<string, string> => ({
    SENTRY_DSN: ownDsn(),
    SENTRY_ENVIRONMENT: 'staging',
    SENTRY_NAME: 'web-1',
  });

  it('shows what a delivered event prints', async () => {
    const { stdout } = await run([], { env: env() });
    expect(comparable(stdout)).toBe(comparable(shown[0].output));
  });

  it('shows what one prints that the server did not take', async () => {
    receiver.respondWith(() => ({ status: 401, headers: { 'X-Sentry-Error': 'no such key' } }));
    const { stdout } = await run([], { env: env() });
    expect(comparable(stdout)).toBe(comparable(shown[1].output));
  });
});
