import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDsnError, maskDsn, parseDsn, publicDsn } from '../../lib/protocol/dsn';
import { workedMs } from '../support/worked-ms';

const messageOf = (text: string): string => {
  try {
    parseDsn(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidDsnError);
    return (error as Error).message;
  }
  return 'no error';
};

describe('parseDsn', () => {
  it('builds both endpoints from scheme, host, port, path and project', () => {
    const dsn = parseDsn('https://key@sentry.example.com:9000/a/b/my-app');
    expect(dsn.envelopeUrl).toBe('https://sentry.example.com:9000/a/b/api/my-app/envelope/');
    expect(dsn.storeUrl).toBe('https://sentry.example.com:9000/a/b/api/my-app/store/');
    expect(dsn.path).toBe('/a/b');
  });

  it('keeps the project id as the text it is', () => {
    expect(parseDsn('https://key@host/007').projectId).toBe('007');
  });

  it('keeps the brackets of an IPv6 host', () => {
    const dsn = parseDsn('http://key@[::1]:8000/1');
    expect([dsn.host, dsn.port, dsn.baseUrl]).toEqual(['[::1]', '8000', 'http://[::1]:8000']);
  });

  it('takes an empty secret for none and leaves query and fragment out of the addresses', () => {
    const dsn = parseDsn(' https://key:@host/1?timeout=5#x ');
    expect(dsn.secretKey).toBeUndefined();
    expect(dsn.options).toEqual({ timeout: '5' });
    expect(dsn.envelopeUrl).toBe('https://host/api/1/envelope/');
  });

  it('gives the public DSN with and without scheme, never the secret', () => {
    const dsn = parseDsn('https://key:secret@host:81/p/1');
    expect(publicDsn(dsn)).toBe('//key@host:81/p/1');
    expect(publicDsn(dsn, 'https')).toBe('https://key@host:81/p/1');
  });

  it.each([
    ['https://k@o123.ingest.us.sentry.io/1', '123'],
    ['https://k@o9.example.com/1', '9'],
    ['https://k@sentry.io/1', undefined],
    ['https://k@o9x.example.com/1', undefined],
  ])('reads the organisation off the host of %s', (text, orgId) => {
    expect(parseDsn(text).orgId).toBe(orgId);
  });

  it.each([
    ['https://key@sentry.example.com', 'has no project id'],
    ['https://key@sentry.example.com/', 'has no project id'],
    ['https://key@sentry.example.com/1/', 'has no project id'],
    ['https://sentry.example.com/1', 'has no public key'],
    ['https://@sentry.example.com/1', 'has no public key'],
    ['https://:secret@sentry.example.com/1', 'has no public key'],
    ['https://key@/1', 'has no host'],
    ['https://key@:80/1', 'has no host'],
    ['https://key@host:0/1', 'has a port'],
    ['https://key@host:65536/1', 'has a port'],
    ['https://key@host:x/1', 'has a port'],
    ['https://key@ho st/1', 'holds a space'],
    ['https://ke\r\ny@host/1', 'holds a space'],
    ['https://key@[::1/1', 'has a host that is not valid'],
    ['ftp://key@host/1', 'has a scheme'],
    ['key@host/1', 'is not a URL'],
    ['', 'is not a URL'],
  ])('refuses %j and says which part is wrong', (text, what) => {
    expect(messageOf(text)).toContain(what);
    expect(messageOf(text)).toContain('expected https://PUBLIC_KEY@HOST/PROJECT_ID');
  });

  it('words the refusal for whoever puts its own name before it', () => {
    expect(messageOf('https://abc:def@sentry.example.com')).toBe(
      'the DSN "https://***@sentry.example.com" has no project id; expected https://PUBLIC_KEY@HOST/PROJECT_ID',
    );
  });

  it('refuses what is no string at all', () => {
    expect(messageOf(undefined as unknown as string)).toContain('is not a URL');
  });

  it('never prints the secret of a DSN, valid or broken', () => {
    const key = 'k3yk3yk3y';
    const secret = 's3cr3t/s3 cr3t';
    const broken = ['https', 'https:/', 'https:', 'ftp:/', ''].map((start) => `${start}/${key}:${secret}@h`);
    for (const text of broken) {
      expect(messageOf(text)).not.toContain(key);
      expect(messageOf(text)).not.toContain('s3cr3t');
    }
  });

  it('reads back whatever parts a DSN is made of', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
    const parts = fc.record({
      scheme: fc.constantFrom('http', 'https'),
      publicKey: word,
      secretKey: fc.option(word, { nil: undefined }),
      host: fc.constantFrom('host', 'a.b.example', '127.0.0.1', '[::1]'),
      port: fc.option(fc.integer({ min: 1, max: 65_535 }).map(String), { nil: undefined }),
      segments: fc.array(word, { maxLength: 3 }),
      projectId: word,
    });
    fc.assert(
      fc.property(parts, ({ segments, ...rest }) => {
        const { scheme, publicKey, secretKey, host, port, projectId } = rest;
        const path = segments.map((segment) => `/${segment}`).join('');
        const credentials = `${publicKey}${secretKey === undefined ? '' : `:${secretKey}`}`;
        const dsn = parseDsn(
          `${scheme}://${credentials}@${host}${port ? `:${port}` : ''}${path}/${projectId}`,
        );
        expect(dsn).toMatchObject({ ...rest, path, options: {} });
      }),
    );
  });

  it('gives a DSN or an InvalidDsnError for any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl()), (text) => void messageOf(text)));
  });
});

describe('a DSN that is printed', () => {
  it('shows no key, whichever way it is printed', () => {
    const dsn = parseDsn('https://public-key:secret-key@host/1');
    for (const text of [String(dsn), JSON.stringify({ dsn }), inspect({ dsn })]) {
      expect(text).toContain('https://***@host/1');
      expect(text).not.toMatch(/public-key|secret-key/);
    }
  });
});

describe('maskDsn', () => {
  it.each([
    ['https://key:secret@host/1', 'https://***@host/1'],
    ['key:secret@host/1', '***@host/1'],
    ['https://key:se/cr et@host/1', 'https://***@host/1'],
    ['https:/key@host', '***@host'],
    ['https://0123456789abcdef0123456789abcdef/1', 'https://***/1'],
    ['https://key@host/1?secret=x', 'https://***@host/1?***'],
    ['https://host/1', 'https://host/1'],
    // A token for Sentry's API, given where the DSN should be.
    ['sntrys_eyJpYXQiOjE3MDAwMDB9==_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789', '***'],
    ['https://sentry-relay-of-our-own-cluster/1', 'https://sentry-relay-of-our-own-cluster/1'],
  ])('turns %s into %s', (text, masked) => {
    expect(maskDsn(text)).toBe(masked);
  });

  it('hides everything between the slashes and the last at sign, whatever it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[g-z:/@ ]{0,20}XYZ[g-z:@ ]{0,20}$/), (credentials) => {
        expect(maskDsn(`https://${credentials}@host/1`)).not.toContain('XYZ');
      }),
    );
  });

  it('needs little time for much text', () => {
    expect(workedMs(() => maskDsn('//@ '.repeat(250_000)))).toBeLessThan(2000);
    expect(workedMs(() => maskDsn('z'.repeat(1_000_000)))).toBeLessThan(2000);
  });
});
