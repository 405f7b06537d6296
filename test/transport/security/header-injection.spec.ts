import axios, { type RawAxiosRequestHeaders } from 'axios';
import fc from 'fast-check';
import { RavenClient } from 'nestjs-raven';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InvalidDsnError, parseDsn, type Dsn } from '../../../lib/protocol/dsn';
import { authHeader } from '../../../lib/transport/auth-header';
import { recordingLogger } from '../../support/silent-logger';
import { eventEnvelope } from '../support/envelopes';
import { receiverFor, transportFor } from '../support/setup';

const NAMES = [
  'accept',
  'connection',
  'content-length',
  'content-type',
  'host',
  'user-agent',
  'accept-encoding',
  'x-sentry-auth',
];
/** What breaks lines, fields, URLs, or what has no place in any of them. */
const NASTY = [
  '\r',
  '\n',
  '\0',
  '\u2028',
  '\u0085',
  '\ud800',
  '\u00e9',
  '\u{1f4a3}',
  '%0d%0a',
  '%00',
  ', ',
  '=',
  ':',
  '@',
];
const NASTIER = [
  '/',
  '//',
  '..',
  '?',
  '#',
  '[',
  ']',
  '\\',
  '"',
  "'",
  ';',
  ' ',
  '\t',
  '%',
  '%2e%2e',
  '%2f',
  'X-Evil: 1',
];

const nasty = fc
  .array(fc.oneof(fc.constantFrom(...NASTY, ...NASTIER), fc.stringMatching(/^[a-z0-9]{1,4}$/)), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

function dsnOf(text: string): Dsn | undefined {
  try {
    return parseDsn(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidDsnError);
    return undefined;
  }
}

describe('whatever a DSN is made of', () => {
  it('it is refused, or its header is one line of known fields and its URLs lead to its host and project', () => {
    let usable = 0;
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (key, secret, path, project) => {
        const dsn = dsnOf(`https://k${key}:s${secret}@sentry.test/${path}/1${project}`);
        if (dsn === undefined) return;
        usable += 1;
        const fields = authHeader(dsn)
          .replace(/^Sentry /, '')
          .split(', ');
        expect(authHeader(dsn)).toMatch(/^[\x20-\x7e]+$/);
        expect(fields.map((field) => field.split('=')[0])).toEqual([
          'sentry_version',
          'sentry_client',
          'sentry_key',
          'sentry_secret',
        ]);
        for (const given of [dsn.envelopeUrl, dsn.storeUrl]) {
          const url = new URL(given);
          expect([url.protocol, url.host, url.username, url.search, url.hash]).toEqual([
            'https:',
            'sentry.test',
            '',
            '',
            '',
          ]);
          expect(url.pathname).toMatch(/^(?:\/[\x21-\x7e]*)?\/api\/[^/]+\/(?:envelope|store)\/$/);
        }
      }),
      { numRuns: 3000 },
    );
    expect(usable).toBeGreaterThan(50);
  });

  it.each(['.', '..', '%2e', '%2E%2e', '.%2e'])(
    'a project that leads somewhere else, %s, is refused',
    (project) => {
      expect(dsnOf(`https://key@sentry.test/a/${project}`)).toBeUndefined();
    },
  );

  it('no header arrives but ours', async () => {
    const receiver = await receiverFor();
    const place = `127.0.0.1:${receiver.port}`;
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, async (key, secret, project) => {
        if (dsnOf(`http://k${key}:s${secret}@${place}/1${project}`)?.host !== '127.0.0.1') return;
        receiver.requests.length = 0;
        const { transport } = transportFor(`http://k${key}:s${secret}@${place}/1${project}`);
        transport.send(eventEnvelope(1));
        expect(await transport.flush(5000)).toBe(true);
        await transport.close(0);
        const [request] = receiver.requests;
        const names = request.rawHeaders
          .filter((_, index) => index % 2 === 0)
          .map((name) => name.toLowerCase());
        expect(names.filter((name) => !NAMES.includes(name))).toEqual([]);
        expect(new Set(names).size).toBe(names.length);
        expect(request.event?.event_id).toBeDefined();
      }),
      { numRuns: 60 },
    );
  });
});

describe('text of the app', () => {
  it('as release, environment and the like gets into no header, and arrives', async () => {
    const receiver = await receiverFor();
    const evil = 'a\r\nX-Evil: 1\r\n\r\n\0é\u{1f4a3}';
    const logger = recordingLogger();
    const client = new RavenClient(
      {
        dsn: receiver.dsn(),
        serverName: evil,
        site: evil,
        tags: { [evil]: evil },
        context: { [evil]: evil },
        installProcessHandlers: false,
      },
      { logger, env: {} },
    );
    onTestFinished(async () => void (await client.close(0)));
    // As options such a release and environment are refused.
    const data = { release: evil, environment: evil, dist: evil };
    client.captureException(new Error(evil), { extra: { [evil]: evil }, data });
    expect(await client.flush(5000)).toBe(true);
    const [request] = receiver.requests;
    expect(request.rawHeaders.join('\n')).not.toMatch(/evil/i);
    expect(receiver.events[0].exception.values[0].value).toContain('X-Evil: 1');
    expect(receiver.events[0].extra[evil]).toBe(evil);
    expect(logger.lines).toEqual([]);
  });
});

describe('headers of the axios option', () => {
  it('that could not be sent are left out, and the event arrives with the others', async () => {
    const receiver = await receiverFor();
    const headers: object = {
      'X-Good': 'good',
      'X-Value': 'a\r\nX-Evil: 1\0b',
      'X-Latin': 'caf\u00e9 \u{1f4a3}',
      'X-Bad\r\nX-Evil': '1',
      'X Bad': '1',
      '': '1',
      'X-B\u00e4d': '1',
      __proto__x: '1',
      ['__proto__']: 'x',
      common: { 'X-Common': 'common', 'X-Bad:': '1' },
    };
    const { transport, logger } = transportFor(receiver.dsn(), {
      axios: { headers: headers as RawAxiosRequestHeaders },
    });
    transport.send(eventEnvelope(1));
    expect(await transport.flush(5000)).toBe(true);
    const [request] = receiver.requests;
    expect(request.headers).toMatchObject({ 'x-good': 'good', 'x-common': 'common' });
    expect(request.headers['x-value']).toBe('aX-Evil: 1b');
    expect(request.headers).not.toHaveProperty('x-evil');
    expect(request.headers['x-sentry-auth']).toContain('sentry_key=public');
    expect(logger.loud).toEqual([]);
  });

  it('cannot take the place of ours', async () => {
    const receiver = await receiverFor();
    const headers = { 'x-sentry-auth': 'evil', 'content-TYPE': 'evil', 'User-agent': 'evil', cookie: 'a=b' };
    for (const given of [{ headers }, axios.create({ headers })]) {
      const { transport } = transportFor(receiver.dsn(), { axios: given });
      transport.send(eventEnvelope(1));
      expect(await transport.flush(5000)).toBe(true);
    }
    expect(receiver.requests).toHaveLength(2);
    expect(JSON.stringify(receiver.requests.map((request) => request.rawHeaders))).not.toMatch(
      /evil|cookie/i,
    );
  });

  it('of an instance, which is used as it is, are told where they cannot be sent; the app goes on', async () => {
    const receiver = await receiverFor();
    const instance = axios.create({ headers: { 'X-Bad\r\nX-Evil': '1' } });
    const { transport, logger } = transportFor(receiver.dsn(), { axios: instance });
    transport.send(eventEnvelope(1));
    await logger.waitFor(/cannot deliver.*valid HTTP token/);
    expect(logger.loud[0]).not.toMatch(/[\r\n]/);
    expect(receiver.requests).toEqual([]);
  });
});
