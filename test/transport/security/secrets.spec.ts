import axios, { AxiosError, type AxiosAdapter } from 'axios';
import fc from 'fast-check';
import { RavenClient, type RavenOptions } from 'nestjs-raven';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { maskDsn } from '../../../lib/protocol/mask-dsn';
import { safeText } from '../../../lib/transport/safe-text';
import type { Receiver } from '../../support/receiver';
import { recordingLogger } from '../../support/silent-logger';
import { receiverFor } from '../support/setup';
import { workedMs } from '../../support/worked-ms';

/** What a message must not hold, whatever stands around it in the secret. */
const CORE = 'Hunter2';
/** What people put into passwords, and what it becomes on its way. */
const PIECES = [
  '',
  '@',
  ':',
  '/',
  '//',
  '?',
  '#',
  '%40',
  '%3A',
  '%2F',
  '%25',
  '%',
  '=',
  ',',
  '&',
  '"',
  "'",
  '[',
  'é',
  '\u{1f4a3}',
  '$&',
  '.*',
  '+',
];

const SOON = { interval: 2, timeout: 30_000 };

const piece = fc.constantFrom(...PIECES);
const secret = fc.tuple(piece, piece, piece).map(([a, b, c]) => `${a}${b}${CORE}${c}`);
/** A secret that a DSN takes as it is. */
const plainPiece = fc.constantFrom(...PIECES.filter((text) => !/[/?#[@:]/.test(text)));
const plainSecret = fc.tuple(plainPiece, plainPiece, plainPiece).map(([a, b, c]) => `${a}${b}${CORE}${c}`);

/** How a client complains about its options; empty where it does not. */
function complaint(options: RavenOptions, env: NodeJS.ProcessEnv = {}): string {
  const logger = recordingLogger();
  try {
    const client = new RavenClient({ installProcessHandlers: false, ...options }, { logger, env });
    void client.close(0);
    return logger.lines.join('\n');
  } catch (error) {
    return inspect(error, { depth: null, showHidden: true }) + String(error);
  }
}

/** A client over HTTP that ends with the test, and its log. */
function clientFor(options: RavenOptions): { client: RavenClient; lines: string[] } {
  const logger = recordingLogger();
  const given = {
    installProcessHandlers: false,
    includeVersions: false,
    context: {},
    debug: true,
    ...options,
  };
  const client = new RavenClient(given, { logger, env: {} });
  onTestFinished(async () => void (await client.close(0).catch(() => undefined)));
  return { client, lines: logger.lines };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

describe('a DSN that cannot be used', () => {
  const BROKEN: ((secret: string) => string)[] = [
    (given) => `https://key:${given}@sentry.test`,
    (given) => `https://key:${given}@sentry.test/`,
    (given) => `https://:${given}@sentry.test/1`,
    (given) => `https://key:${given}@/1`,
    (given) => `https://key:${given}@sentry.test:port/1`,
    (given) => `https://key:${given}@sentry.test:99999/1`,
    (given) => `https://key:${given}@sentry test/1`,
    (given) => `https://key: ${given}@sentry.test/1`,
    (given) => `https://key:${given}\n@sentry.test/1`,
    (given) => `https://key:${given}@[::1/1`,
    (given) => `https://key:${given}\\@sentry.test/1`,
    (given) => `ftp://key:${given}@sentry.test/1`,
    (given) => `https:/key:${given}@sentry.test/1`,
    (given) => `https:key:${given}@sentry.test/1`,
    (given) => `//key:${given}@sentry.test/1`,
    (given) => `key:${given}@sentry.test/1`,
    (given) => `https//key:${given}@sentry.test/1`,
    (given) => `"https://key:${given}@sentry.test/1"`,
    (given) => `DSN=https://key:${given}@sentry.test/1`,
    (given) => `https://key:${given}%40sentry.test/1`,
    (given) => `https%3A%2F%2Fkey%3A${given}%40sentry.test%2F1`,
    (given) => `https://key@sentry.test?secret=${given}`,
    (given) => `https://key:${given}@host/1 https://key:${given}@host/1`,
    (given) => `https://key:${given}@sentry.test/..`,
    (given) => `https://key:${given}@sentry.test/%2e%2E`,
  ];

  /** Of these nobody can tell a secret with an `@` from a host. */
  const WITHOUT_HOST: ((secret: string) => string)[] = [
    (given) => `https://key:x${given}/1`,
    (given) => `https://key:x${given}`,
    (given) => `key:x${given}`,
    (given) => `https:key:x${given}`,
    (given) => `//key:x${given}/1`,
  ];
  const broken = fc.oneof(
    fc.tuple(fc.constantFrom(...BROKEN), secret),
    fc.tuple(
      fc.constantFrom(...WITHOUT_HOST),
      secret.filter((given) => !given.includes('@')),
    ),
  );

  it('is complained about without its secret, from the options and from the environment', () => {
    let complaints = 0;
    fc.assert(
      fc.property(broken, ([write, given]) => {
        const dsn = write(given);
        for (const said of [complaint({ dsn }), complaint({}, { SENTRY_DSN: dsn })]) {
          expect(said).not.toContain(CORE);
          if (said !== '') complaints += 1;
        }
      }),
      { numRuns: 1000 },
    );
    // A few are no worse than unusual.
    expect(complaints).toBeGreaterThan(1500);
  });

  it('leaves nothing of a key that reaches into the address to be asked for by name', () => {
    for (const given of [`pass@${CORE}/x`, `pass@x/${CORE}`, `pass@x/1?${CORE}`, `pass@x/1#${CORE}`]) {
      expect(complaint({ dsn: `https://key:${given}@sentry.test/1` })).toContain(
        'has an "@" behind its host',
      );
    }
    expect(complaint({ dsn: 'https://key:pass%40x%2Fy@sentry.test/1' })).toBe('');
  });

  it('is not printed as the value of any other option', () => {
    const dsn = `https://key:${CORE}@sentry.test/1`;
    const WRONG: Record<string, unknown>[] = [
      { dsn: [dsn] },
      { dsn: new URL(dsn) },
      { dsn: Buffer.from(dsn) },
      { dsn: { url: dsn } },
      { spotlight: dsn.replace('https', 'ftp') },
      { protocol: dsn },
      { transport: dsn },
      { processors: [dsn] },
      { processors: dsn },
      { orgId: dsn },
      { axios: dsn },
      { sampleRate: dsn },
      { sanitizeKeys: dsn },
      { enabled: dsn },
      { repos: dsn },
      { beforeSend: dsn },
    ];
    for (const options of WRONG) {
      const said = complaint(options as RavenOptions);
      expect(said).toContain('InvalidOptionsError');
      expect(said).not.toContain(CORE);
    }
  });
});

describe('maskDsn', () => {
  it.each([
    ['https://key:se//cr@et@host/1', 'https://***@host/1'],
    ['https://key:secret%40host/1', 'https://***'],
    ['https://key:secret/1', 'https://***'],
    ['key:secret', '***'],
    ['key:secret//x', '***'],
    ['https://key@host?secret=a@b', 'https://***'],
    ['DSN=https://key:secret@host/1', 'DSN=https://***@host/1'],
    ['see https://key:secret@host/1', '***@host/1'],
    ['https://host:8080/1', 'https://host:8080/1'],
    ['host:8080', 'host:8080'],
    ['https://[::1]:80/1', 'https://[::1]:80/1'],
    ['https://01234567-89ab-cdef-0123-456789abcdef/1', 'https://***/1'],
  ])('turns %s into %s', (text, masked) => {
    expect(maskDsn(text)).toBe(masked);
  });
});

describe('safeText', () => {
  const forms: ((text: string) => string)[] = [
    (text) => text,
    (text) => encodeURIComponent(text),
    decoded,
    (text) => JSON.stringify(text).slice(1, -1),
    (text) => encodeURIComponent(decoded(text)),
    (text) => text.toUpperCase(),
  ];

  it('holds no form of a secret, wherever the text is cut', () => {
    fc.assert(
      fc.property(
        plainSecret,
        fc.constantFrom(...forms),
        fc.nat(120),
        fc.constantFrom('', ' ', '   ', '\n', '%', '"'),
        (given, form, count, gap) => {
          const text = safeText(`${form(given)}${gap}`.repeat(count + 1), [given, 'public']);
          expect(text.toLowerCase()).not.toContain(CORE.toLowerCase());
          expect(text.length).toBeLessThanOrEqual(300);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['connect 10.0.0.1:80 as ab, about abacus', ['ab'], 'connect 10.0.0.1:80 as ***, about abacus'],
    ['sentry_secret=x, sentry_key=y', ['x', 'y'], 'sentry_secret=***, sentry_key=***'],
    ['{"sentry_secret":"x y"}', [], '{"sentry_secret":"*** y"}'],
    ['?sentry_key=abc&x=1', [], '?sentry_key=***&x=1'],
    ['at http://u:p/w@proxy:80/x', [], 'at http://***@proxy:80/x'],
    ['Sentry x: xyz-longer', ['xyz', 'xyz-longer'], 'Sentry x: ***'],
    ['mail to ops@example.com', [], 'mail to ops@example.com'],
  ])('turns %s into what says no more', (text, secrets, safe) => {
    expect(safeText(text, secrets)).toBe(safe);
  });

  it('keeps no part of a secret at the end of what is looked at', () => {
    const long = `${CORE}-${'x'.repeat(60)}`;
    for (const text of [long.repeat(100), ' '.repeat(2990) + long, `${' '.repeat(60_000)}${long}`]) {
      expect(safeText(text, [long])).not.toContain(CORE);
    }
  });

  it('needs little time for much text', () => {
    const tookMs = workedMs(() => {
      for (const text of ['//', '@', ':', 'sentry_key', 'sentry_key=', ' ', 'a', '\u200b']) {
        safeText(text.repeat(300_000), ['secret', 'a secret', 'aa']);
      }
    });
    expect(tookMs).toBeLessThan(3000);
  });
});

describe('the log and the errors of delivery', () => {
  /** Answers that give back what they were sent. */
  const ECHOES: ((said: string) => ReturnType<Parameters<Receiver['respondWith']>[0] & object>)[] = [
    (said) => ({ status: 400, headers: { 'X-Sentry-Error': said } }),
    (said) => ({ status: 401, body: JSON.stringify({ detail: said }) }),
    (said) => ({ status: 403, body: JSON.stringify({ detail: 'no', causes: [said, said] }) }),
    (said) => ({ status: 413, body: said }),
    (said) => ({
      status: 302,
      headers: { Location: `/${encodeURIComponent(said)}`, 'X-Sentry-Error': said },
    }),
    (said) => ({ status: 503, headers: { 'X-Sentry-Error': said } }),
    (said) => ({ status: 500, body: JSON.stringify({ detail: said.repeat(20) }) }),
    (said) => ({ status: 429, headers: { 'X-Sentry-Error': said, 'Retry-After': '1' } }),
  ];

  it('do not give back what a server gives back', async () => {
    const receiver = await receiverFor();
    await fc.assert(
      fc.asyncProperty(plainSecret, fc.constantFrom(...ECHOES), async (given, echo) => {
        const dsn = receiver.dsn('1', given);
        receiver.respondWith(({ headers }) => echo(`got ${String(headers['x-sentry-auth'])}`));
        const { client, lines } = clientFor({ dsn });
        client.captureMessage('m');
        await expect.poll(() => lines.join(), SOON).toMatch(/cannot deliver|answered|does not take/);
        const raising = clientFor({ dsn, raiseSendErrors: true });
        const error: unknown = await raising.client.send({ message: 'm' }).catch((thrown: unknown) => thrown);
        await client.close(0);
        await raising.client.close(0).catch(() => undefined);
        const said = [
          ...lines,
          ...raising.lines,
          inspect(error, { depth: null, showHidden: true }),
          String(error),
        ];
        expect(said.join('\n')).not.toContain(CORE);
        expect(error).toMatchObject({ name: 'SendError' });
      }),
      { numRuns: 80 },
    );
  });

  /** What an interceptor or an adapter of the app may fail with. */
  const FAILURES: ((dsn: string, config: object) => unknown)[] = [
    (dsn) => new Error(`cannot reach ${dsn}`),
    (dsn) => new Error(`cannot reach ${encodeURIComponent(dsn)}, ${decoded(dsn)}`),
    (dsn) => new Error(JSON.stringify({ dsn })),
    (dsn, config) => Object.assign(new Error(inspect(config, { depth: null })), { dsn, config }),
    (dsn, config) => new AxiosError(`no way to ${dsn}`, 'ERR_NETWORK', config as never, { dsn }),
    (dsn) => dsn,
    (dsn) => new Error('outer', { cause: new Error(dsn) }),
    (dsn) => Object.assign(new Error(''), { code: dsn }),
    (dsn) => ({ message: dsn, response: { status: 400, headers: { 'x-sentry-error': dsn } } }),
  ];

  it('do not tell what the network, or code of the app on the way, says', async () => {
    await fc.assert(
      fc.asyncProperty(plainSecret, fc.constantFrom(...FAILURES), async (given, fail) => {
        const dsn = `http://public:${given}@127.0.0.1:9/1`;
        const adapter: AxiosAdapter = (config) => Promise.reject(fail(dsn, config) as Error);
        const { client, lines } = clientFor({ dsn, axios: { adapter } });
        client.captureMessage('m');
        await expect.poll(() => lines.join(), SOON).toMatch(/cannot deliver|answered 400/);
        const raising = clientFor({ dsn, axios: axios.create({ adapter }), raiseSendErrors: true });
        const error: unknown = await raising.client.send({ message: 'm' }).catch((thrown: unknown) => thrown);
        await client.close(0);
        await raising.client.close(0).catch(() => undefined);
        const said = [
          ...lines,
          ...raising.lines,
          inspect(error, { depth: null, showHidden: true }),
          String(error),
        ];
        expect(said.join('\n')).not.toContain(CORE);
        // Neither the request nor what failed comes along: both hold the auth header.
        expect(error).toMatchObject({ name: 'SendError' });
        expect(error).not.toHaveProperty('cause');
        expect(error).not.toHaveProperty('config');
        expect(error).not.toHaveProperty('request');
      }),
      { numRuns: 80 },
    );
  });

  it('hold no secret that is as short as two characters', async () => {
    const receiver = await receiverFor();
    receiver.respondWith(({ headers }) => ({
      status: 400,
      headers: { 'X-Sentry-Error': `ab and ${String(headers['x-sentry-auth'])}` },
    }));
    const { client, lines } = clientFor({ dsn: receiver.dsn('1', 'ab') });
    client.captureMessage('m');
    expect(await client.flush(5000)).toBe(true);
    expect(lines.join()).toContain('answered 400 (*** and Sentry');
    expect(lines.join()).not.toMatch(/\bab\b/);
  });
});
