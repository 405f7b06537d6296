import axios, { Axios } from 'axios';
import { describe, expect, it } from 'vitest';
import {
  InvalidOptionsError,
  NodeHttpTransport,
  RavenClient,
  RecordingTransport,
  SanitizeKeysProcessor,
  WorkerHttpTransport,
  type RavenEvent,
  type RavenOptions,
} from 'nestjs-raven';
import { recordingLogger, silentLogger } from './support/silent-logger';

function start(options: Record<string, unknown>, env: NodeJS.ProcessEnv = {}): RavenClient {
  return new RavenClient(options as RavenOptions, { logger: silentLogger, env });
}

class NoProcessor {}
class OwnTransport extends NodeHttpTransport {}

describe('configuration that cannot work stops the app with one line', () => {
  it.each([
    [{ dns: 'x' }, /unknown option "dns", did you mean "dsn"\?; known are .*dsn/],
    [{ sample_rate: 1 }, /unknown option "sample_rate", did you mean "sampleRate"\?/],
    [{ sampleRate: 1.2 }, /"sampleRate" is 1\.2; expected a number from 0 to 1/],
    [{ sampleRate: Number.NaN }, /"sampleRate" is NaN/],
    [{ sampleRate: '1' }, /"sampleRate" is "1"/],
    [
      { dsn: 'https://key:s3cret@sentry.example.com' },
      /has no project id; expected https:\/\/PUBLIC_KEY@HOST\/PROJECT_ID/,
    ],
    [{ dsn: 7 }, /"dsn" is 7; expected a string/],
    [{ tags: ['a'] }, /"tags" is a list; expected an object/],
    [{ maxBreadcrumbs: -1 }, /"maxBreadcrumbs" is -1; expected a whole number from 0/],
    [{ processors: ['raven.processors.Nope'] }, /names "raven.processors.Nope", which is no processor/],
    [{ processors: [{}] }, /"processors" has an object in it/],
    [{ processors: ['raven.processors.SanitizeKeysProcessor'] }, /expected the option "sanitizeKeys"/],
    [{ beforeSend: 'x' }, /"beforeSend" is "x"; expected a function/],
    [{ protocol: 'udp' }, /"protocol" is "udp"; expected 'envelope' or 'store'/],
    [{ transport: {} }, /"transport" is an object; expected a transport/],
    [{ stormGuard: true }, /"stormGuard" is true; expected false, or \{ limit: 1000, windowMs: 10000 \}/],
    [{ stormGuard: { limit: 0 } }, /"stormGuard" has a "limit" that is 0; expected a whole number from 1/],
    [{ stormGuard: { window: 1 } }, /"stormGuard" has an unknown "window"; expected limit, windowMs/],
    [{ spool: true }, /"spool" is true; expected false, or \{ directory: /],
    [{ spool: {} }, /"spool" has a "directory" that is undefined; expected the path of a folder/],
    [{ spool: { directory: '/a', maxBytes: -1 } }, /"spool" has a "maxBytes" that is -1; expected a whole/],
    [{ spool: { directory: '/a', path: '/b' } }, /"spool" has an unknown "path"; expected directory, /],
    [{ spool: { directory: '/a', 'x://u:s3cret@y': 1 } }, /"spool" has an unknown "x:\/\/\*\*\*@y"/],
    [{ maxQueueBytes: 65_535 }, /"maxQueueBytes" is 65535; expected a whole number from 65536/],
    [{ captureLocals: true }, /"captureLocals" is true; expected false, 'uncaught' or 'all'/],
    [
      { transport: () => undefined },
      /"transport" is a function; expected a transport .*, or the class of one/,
    ],
    [{ transport: { send() {} }.send }, /"transport" is a function; expected/],
    [{ spotlight: 'localhost:8969/stream' }, /"spotlight" is "localhost:8969\/stream"; expected .* http or/],
    [{ spotlight: 'ftp://user:s3cret@x/y' }, /"spotlight" is "ftp:\/\/\*\*\*@x\/y"; expected true, false or/],
    [{ spotlight: 'javascript:1' }, /"spotlight" is "javascript:1"; expected/],
    [
      { sanitizeKeys: [''] },
      /"sanitizeKeys" has an entry, number 1, that is empty; expected a list of strings that are not empty/,
    ],
    [
      { sanitizeKeys: [], processors: ['SanitizeKeysProcessor'] },
      /no keys to mask; expected the option "sanitizeKeys"/,
    ],
    [{ processors: [SanitizeKeysProcessor] }, /no keys to mask; expected the option "sanitizeKeys"/],
    [{ processors: [NoProcessor] }, /"processors" has the class NoProcessor in it; expected .*"process"/],
    [
      { axios: {}, transport: NodeHttpTransport },
      /"axios" has no effect on the NodeHttpTransport, .*; expected one of both/,
    ],
    [{ axios: {}, transport: OwnTransport }, /"axios" has no effect on the NodeHttpTransport/],
    [{ axios: {}, transport: WorkerHttpTransport }, /"axios" has no effect on the WorkerHttpTransport, /],
    [{ axios: [] }, /"axios" is a list; expected an axios instance or its configuration/],
    [{ axios: () => 1 }, /"axios" is a function; expected an axios instance/],
    [{ axios: new Map() }, /"axios" is a Map object; expected an axios instance/],
    [{ tags: new Map([['a', 'b']]) }, /"tags" is a Map object; expected an object/],
    [{ context: new Date(0) }, /"context" is a Date object; expected an object/],
    [{ context: new NoProcessor() }, /"context" is a NoProcessor object; expected an object/],
    [{ repos: new Set() }, /"repos" is a Set object; expected an object of objects/],
    [{ repos: { a: 1 } }, /"repos" is an object; expected an object of objects, such as \{ src: /],
    [
      { ignoreExceptions: [''] },
      /"ignoreExceptions" has an entry, number 1, that is empty; expected a list of/,
    ],
    [
      { ignoreExceptions: [Error, 7] },
      /"ignoreExceptions" has an entry, number 2, that is 7; expected a list of/,
    ],
  ])('%j', (options, message) => {
    expect(() => start(options)).toThrow(InvalidOptionsError);
    expect(() => start(options)).toThrow(message);
    try {
      start(options);
    } catch (error) {
      expect((error as Error).message).toMatch(/^RavenModule: /);
      expect((error as Error).message).not.toContain('\n');
      expect((error as Error).message).not.toContain('s3cret');
    }
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['"two lines"', 'two\nlines'],
    ['a Promise object', Promise.resolve({})],
  ])('also options that are %s', (described, options) => {
    expect(() => start(options as unknown as Record<string, unknown>)).toThrow(
      new InvalidOptionsError(`RavenModule: the options are ${described}; expected an object`),
    );
  });

  it('also where it came from the environment', () => {
    expect(() => start({}, { SENTRY_DSN: 'nonsense' })).toThrow(/RavenModule: the DSN/);
  });
});

describe('options', () => {
  it('come from the environment where they are not given', async () => {
    const env = {
      SENTRY_DSN: 'https://public@sentry.example.com/1',
      SENTRY_RELEASE: 'shop@1.2.3',
      SENTRY_ENVIRONMENT: 'staging',
      SENTRY_NAME: 'web-1',
    };
    const client = start({ environment: 'production', installProcessHandlers: false }, env);
    expect(client.options).toMatchObject({
      dsn: env.SENTRY_DSN,
      release: 'shop@1.2.3',
      environment: 'production',
      serverName: 'web-1',
      sampleRate: 1,
    });
    expect(client.isEnabled()).toBe(true);
    expect(client.getPublicDsn()).toBe('//public@sentry.example.com/1');
    expect(client.getPublicDsn('https')).toBe('https://public@sentry.example.com/1');
    await client.close(0);
  });

  it('without a DSN disable the client, with one line of information, and all calls work', async () => {
    const logger = recordingLogger();
    const client = new RavenClient({}, { logger, env: {} });
    expect(logger.lines).toEqual([expect.stringMatching(/^log: .*DSN/)]);
    expect(client.isEnabled()).toBe(false);
    expect(client.captureMessage('m')).toBeNull();
    expect(client.captureException(new Error('e'))).toBeNull();
    expect(client.capture('Message', { message: 'm' })).toBeNull();
    expect(client.captureQuery('select 1')).toBeNull();
    client.captureBreadcrumb({ message: 'm' });
    client.userContext({ id: '1' });
    client.tagsContext({ a: 1 });
    client.extraContext({ a: 1 });
    client.httpContext({ url: 'http://x' });
    await client.send({ message: 'm' });
    expect(client.lastEventId).toBeNull();
    expect(client.getPublicDsn()).toBeNull();
    expect(client.captureErrors(() => 1)).toBe(1);
    expect(await client.flush(10)).toBe(true);
    expect(await client.close(10)).toBe(true);
    expect(logger.lines).toHaveLength(1);
  });

  it.each<[string, RavenOptions]>([
    ['the class of a transport', { transport: RecordingTransport }],
    ['a transport', { transport: new RecordingTransport() }],
    ['a URL of Spotlight', { spotlight: 'HTTP://localhost:8969/stream' }],
    [
      'the class of the SanitizeKeysProcessor with keys',
      { processors: [SanitizeKeysProcessor], sanitizeKeys: ['a'] },
    ],
    ['no keys where nothing asks for them', { sanitizeKeys: [] }],
    ['a processor that is an arrow function', { processors: [(event: RavenEvent) => event] }],
    ['an axios instance', { axios: axios.create() }],
    ['an instance of Axios', { axios: new Axios({}) as unknown as RavenOptions['axios'] }],
    ['configuration of axios', { axios: { proxy: false } }],
    ['tags without prototype', { tags: Object.assign(Object.create(null) as object, { a: 1 }) }],
    ['repositories', { repos: { src: { type: 'git', name: 'acme/shop' } } }],
    ['the least queue', { maxQueueBytes: 65_536 }],
    ['names and classes of exceptions', { ignoreExceptions: ['Timeout', TypeError] }],
  ])('take %s', async (_, options) => {
    const client = new RavenClient(options, { logger: silentLogger, env: {} });
    expect(client.options).toMatchObject(options);
    await client.close(0);
  });

  it('may ask for no spool, which is as if nothing was said', async () => {
    const client = start({ dsn: 'https://public@sentry.example.com/1', spool: false });
    expect(client.options.spool).toBeUndefined();
    expect(client.stats().spooled).toBe(0);
    await client.close(0);
  });

  it('may be an object of a class', async () => {
    class Settings {
      readonly release = 'shop@1';
    }
    const client = new RavenClient(new Settings(), { logger: silentLogger, env: {} });
    expect(client.options.release).toBe('shop@1');
    await client.close(0);
  });

  it('that are given as undefined leave the default', async () => {
    const client = start({ sampleRate: undefined, tags: undefined });
    expect(client.options).toMatchObject({ sampleRate: 1, tags: {} });
    await client.close(0);
  });
});
