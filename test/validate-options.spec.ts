import { describe, expect, it } from 'vitest';
import { InvalidOptionsError, RavenClient, type RavenOptions } from 'nestjs-raven';
import { recordingLogger, silentLogger } from './support/silent-logger';

function start(options: Record<string, unknown>, env: NodeJS.ProcessEnv = {}): RavenClient {
  return new RavenClient(options as RavenOptions, { logger: silentLogger, env });
}

describe('configuration that cannot work stops the app with one line', () => {
  it.each([
    [{ dns: 'x' }, /unknown option "dns"; known are .*dsn/],
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
    [{ captureLocals: true }, /"captureLocals" is true; expected false/],
    [{ ignoreExceptions: [7] }, /"ignoreExceptions" is a list; expected a list of classes and names/],
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

  it('that are given as undefined leave the default', async () => {
    const client = start({ sampleRate: undefined, tags: undefined });
    expect(client.options).toMatchObject({ sampleRate: 1, tags: {} });
    await client.close(0);
  });
});
