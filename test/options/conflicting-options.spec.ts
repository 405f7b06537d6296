import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  DEFAULT_OPTIONS,
  NodeHttpTransport,
  RavenClient,
  RecordingTransport,
  RemoveStackLocalsProcessor,
  SanitizeKeysProcessor,
  SanitizePasswordsProcessor,
  type RavenOptions,
} from 'nestjs-raven';
import { recordingLogger } from '../support/silent-logger';

class OwnKeys extends SanitizeKeysProcessor {}
class OwnPasswords extends SanitizePasswordsProcessor {}
const asItIs = (): void => undefined;
const transport = new RecordingTransport();
const folder = mkdtempSync(join(tmpdir(), 'raven-options-'));
const spool = { directory: folder };
afterAll(() => rmSync(folder, { recursive: true }));
const DSN = 'http://public:s3cret@localhost/1';

/** What a client says when it is made. */
async function saidOf(
  options: RavenOptions,
  env: NodeJS.ProcessEnv = { SENTRY_RELEASE: 'shop@1' },
): Promise<string[]> {
  const logger = recordingLogger();
  // Nothing is sent, and nothing of the process is touched.
  const client = new RavenClient(
    { dsn: DSN, transport, installProcessHandlers: false, ...options },
    { logger, env, root: '/' },
  );
  await client.close();
  return logger.lines;
}

describe('options that work against each other are told once, when the client is made', () => {
  it.each<[RavenOptions, RegExp]>([
    [{ sampleRate: 0 }, /"sampleRate" is 0: no error is sent.*; expected "enabled: false"/],
    [{ sanitizeKeys: ['iban'] }, /"sanitizeKeys" masks nothing without the SanitizeKeysProcessor; expected/],
    [{ sanitizeKeys: ['iban'], processors: [OwnPasswords] }, /"sanitizeKeys" masks nothing/],
    [{ sendDefaultPii: true, processors: [asItIs] }, /passwords in them are sent as they are; expected/],
    [{ sendDefaultPii: true, processors: [] }, /"processors" has no SanitizePasswordsProcessor/],
    [
      { captureLocals: 'all', processors: ['RemoveStackLocalsProcessor'] },
      /"captureLocals" is 'all', and the RemoveStackLocalsProcessor drops .*; expected one of both/,
    ],
    [
      { captureLocals: 'all', processors: [new RemoveStackLocalsProcessor()] },
      /"captureLocals" is 'all', and the RemoveStackLocalsProcessor/,
    ],
    [
      { captureLocals: 'uncaught' },
      /"captureLocals" is 'uncaught', and with "installProcessHandlers: false"/,
    ],
    [
      { beforeBreadcrumb: (crumb) => crumb, enableBreadcrumbs: false },
      /"beforeBreadcrumb" is never called: "enableBreadcrumbs" is false/,
    ],
    [{ beforeBreadcrumb: (crumb) => crumb, maxBreadcrumbs: 0 }, /never called: "maxBreadcrumbs" is 0/],
    [
      { includePaths: ['/a', '@acme/b'], excludePaths: ['@acme/b'] },
      /"includePaths" and "excludePaths" have an entry in common, and "excludePaths" wins/,
    ],
    [{ spool }, /"transport" is made already, and gets nothing of "spool"; expected its class/],
    [{ spool, axios: {} }, /gets nothing of "axios" and "spool"/],
    [{ maxQueueLength: 1000 }, /"maxQueueLength" is 1000: .* as "stormGuard" holds back from 1000 on/],
    [{ maxQueueLength: 50, stormGuard: { limit: 50 } }, /"stormGuard" holds back from 50 on; expected/],
    [{ maxQueueLength: 500, stormGuard: false }, /"maxQueueLength" is 500: .* there is no "stormGuard"/],
    [
      { maxAttachmentBytes: 20 * 1024 * 1024 },
      /"maxAttachmentBytes" is 20971520, and "maxQueueBytes" has room for 20132659/,
    ],
  ])('%o', async (options, expected) => {
    const said = await saidOf(options);
    expect(said).toEqual([expect.stringMatching(expected)]);
    expect(said[0]).toMatch(/^warn: the options work against each other: /);
  });

  it.each<[RavenOptions, RegExp]>([
    [{ raiseSendErrors: true, spool }, /"raiseSendErrors" raises what cannot be sent.* "spool" gets none/],
    [{ spool: { ...spool, durability: 'shutdown' } }, /"spool" is to be written at the end, and with/],
  ])('with a transport that is made by the client: %o', async (options, expected) => {
    const said = await saidOf({ ...options, transport: NodeHttpTransport });
    expect(said).toEqual([expect.stringMatching(expected)]);
  });

  it('says that a dist is nothing without a release', async () => {
    expect(await saidOf({ dist: '42' }, {})).toEqual([
      expect.stringContaining('the dist is "42", and there is no release to go along with: it is not sent'),
    ]);
    expect(await saidOf({}, { SENTRY_DIST: '42' })).toHaveLength(1);
    expect(await saidOf({ dist: '42' }, { SENTRY_RELEASE: 'shop@1' })).toEqual([]);
  });

  it('says whose options they are where the client has a name', async () => {
    const [said] = await saidOf({ name: 'billing', sampleRate: 0 });
    expect(said).toMatch(/^warn: the options of "billing" work against each other: "sampleRate" is 0/);
  });

  it('says each of several', async () => {
    expect(await saidOf({ sampleRate: 0, maxQueueLength: 10, sanitizeKeys: ['iban'] })).toHaveLength(3);
  });
});

describe('nothing is said of options', () => {
  it.each<[string, RavenOptions]>([
    ['that nobody gave', {}],
    ['that are the defaults', { ...DEFAULT_OPTIONS, processors: [...DEFAULT_OPTIONS.processors] }],
    ['that get along', { sampleRate: 0.001, maxQueueLength: 1001, maxAttachmentBytes: 20_000_000 }],
    ['with a processor for the keys', { sanitizeKeys: ['iban'], processors: [SanitizeKeysProcessor] }],
    ['with a processor of one’s own for the keys', { sanitizeKeys: ['iban'], processors: [OwnKeys] }],
    ['with a processor of one’s own for passwords', { sendDefaultPii: true, processors: [OwnPasswords] }],
    ['without processors, where no body is sent', { processors: [] }],
    [
      'of personal data without bodies',
      { sendDefaultPii: true, processors: ['RemovePostDataProcessor', 'SanitizePasswordsProcessor'] },
    ],
    ['of a sample for nobody but Spotlight', { sampleRate: 0, spotlight: 'http://127.0.0.1:9/stream' }],
    ['of a client that is switched off', { enabled: false, sampleRate: 0, sanitizeKeys: ['iban'] }],
  ])('%s', async (_, options) => {
    expect((await saidOf(options)).filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('of a spool and a transport that is made with it', async () => {
    expect(await saidOf({ spool, transport: NodeHttpTransport })).toEqual([]);
    expect(await saidOf({ spool: { ...spool, durability: 'crash' }, transport: NodeHttpTransport })).toEqual(
      [],
    );
  });

  it('that a client got from another one', async () => {
    const other = new RavenClient({ dsn: DSN, transport }, { logger: recordingLogger(), env: {} });
    await other.close();
    expect(await saidOf(other.options)).toEqual([]);
  });
});

describe('a client that is told to be on and has no DSN', () => {
  it('says so as a warning', async () => {
    expect(await saidOf({ dsn: '', enabled: true })).toEqual([
      'warn: No DSN is configured: nothing is reported',
    ]);
    expect(await saidOf({ dsn: '' })).toEqual(['log: No DSN is configured: nothing is reported']);
    expect(await saidOf({ enabled: false })).toEqual([
      'log: The option "enabled" is false: nothing is reported',
    ]);
  });
});
