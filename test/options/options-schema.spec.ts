import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_OPTIONS, type RavenOptions } from 'nestjs-raven';
import { validateOptions } from '../../lib/validate-options';
import { optionsSchema } from './options-schema';

const ROOT = join(__dirname, '../..');
const FILE = join(ROOT, 'options.schema.json');

interface OptionSchema {
  description: string;
  pattern?: string;
  default?: unknown;
}

const read = () =>
  JSON.parse(readFileSync(FILE, 'utf8')) as { properties: Record<keyof RavenOptions, OptionSchema> };

/** What the client says of options, or nothing. */
function complaint(options: unknown): string | undefined {
  try {
    validateOptions(options as RavenOptions);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('options.schema.json', () => {
  it('is what the types, their docstrings and the defaults make (UPDATE_DOCS=1 npx vitest run test/options)', () => {
    const written = `${JSON.stringify(optionsSchema(), null, 2)}\n`;
    if (process.env.UPDATE_DOCS) writeFileSync(FILE, written);
    expect(readFileSync(FILE, 'utf8')).toBe(written);
  }, 120_000);

  it('is found by the name that users have for it', () => {
    expect(createRequire(__filename).resolve('nestjs-raven/options.schema.json')).toBe(FILE);
  });

  it('describes each option by its docstring', () => {
    const source = readFileSync(join(ROOT, 'lib/raven.options.ts'), 'utf8');
    const docstrings = [...source.matchAll(/\/\*\* ([^*]*) \*\/\s+(\w+)\?: /g)];
    const { properties } = read();
    expect(docstrings.map(([, , name]) => name)).toEqual(Object.keys(properties));
    for (const [, text, name] of docstrings) {
      expect(properties[name as keyof RavenOptions].description.slice(0, text.length)).toBe(text);
    }
  });

  it('says of functions and classes that they are not for JSON', () => {
    const { properties } = read();
    for (const name of ['transport', 'captureFilter', 'beforeSend', 'beforeBreadcrumb'] as const) {
      expect(properties[name].description).toMatch(/ Not in JSON: it is given in code\.$/);
    }
    expect(properties.processors.description).toMatch(
      / In JSON: raven's names; classes, .* given in code\.$/,
    );
  });

  it('has the defaults', () => {
    const { properties } = read();
    for (const [name, value] of Object.entries(DEFAULT_OPTIONS)) {
      expect(properties[name as keyof RavenOptions].default).toEqual(value);
    }
  });
});

describe('what the schema takes', () => {
  let takes: ValidateFunction;
  beforeAll(() => {
    takes = new Ajv({ strict: true, strictTypes: false, allErrors: false }).compile(read());
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['the defaults', DEFAULT_OPTIONS],
    ['a DSN', { dsn: 'https://public:secret@o17.ingest.de.sentry.io/42' }],
    ['a DSN of a server on a path', { dsn: 'http://key@127.0.0.1:3000/errors/api/shop' }],
    ['no DSN', { dsn: '' }],
    ['a release', { release: 'shop@1.2.3+42', dist: '42', environment: 'staging' }],
    ['a release in other letters', { release: 'лавка@1', environment: 'тест' }],
    ['names of errors', { ignoreExceptions: ['PrematureClose', 'myapp.*'] }],
    [
      'processors and keys',
      { processors: ['raven.processors.SanitizeKeysProcessor'], sanitizeKeys: ['iban'] },
    ],
    ['a spool', { spool: { directory: '/var/spool/shop', durability: 'crash', maxBytes: 1, pauseMs: 0 } }],
    [
      'what is switched off',
      { spool: false, stormGuard: false, breadcrumbSources: false, captureLocals: false },
    ],
    ['some of what can be switched off', { breadcrumbSources: { console: false }, stormGuard: { limit: 5 } }],
    ['Spotlight', { spotlight: 'http://localhost:8969/stream' }],
    ['a proxy', { axios: { proxy: { host: 'proxy', port: 3128 }, timeout: 5000 } }],
    ['tags and extra of any kind', { tags: { shard: 3 }, context: { deep: [{ a: null }] } }],
    ['repositories', { repos: { src: { type: 'git', name: 'acme/shop' } } }],
  ])('and the client too: %s', (_, options) => {
    expect([takes(options), takes.errors, complaint(options)]).toEqual([true, null, undefined]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an unknown option', { dns: 'x' }],
    ['a DSN without a project', { dsn: 'https://key@sentry.example.com' }],
    ['a DSN without a key', { dsn: 'https://sentry.example.com/1' }],
    ['a DSN with a port that is none', { dsn: 'https://key@sentry.example.com:65536/1' }],
    ['the release "latest"', { release: 'Latest' }],
    ['a release with a slash', { release: 'feature/x' }],
    ['an environment that is too long', { environment: 'e'.repeat(65) }],
    ['a dist with a space', { dist: 'a b' }],
    ['a rate above 1', { sampleRate: 1.1 }],
    ['a number as text', { maxQueueLength: '100' }],
    ['half a breadcrumb', { maxBreadcrumbs: 0.5 }],
    ['a queue that is too small', { maxQueueBytes: 1024 }],
    ['a depth that is too deep', { normalizeDepth: 11 }],
    ['a processor that is none', { processors: ['raven.processors.Nope'] }],
    ['a processor of keys without keys', { processors: ['SanitizeKeysProcessor'] }],
    ['a key that is empty', { sanitizeKeys: [''] }],
    ['a spool without a folder', { spool: {} }],
    ['an unknown part of the spool', { spool: { directory: '/a', path: '/b' } }],
    ['true where there is more to say', { stormGuard: true }],
    ['an unknown source of breadcrumbs', { breadcrumbSources: { kafka: true } }],
    ['a protocol of others', { protocol: 'udp' }],
    ['an id that is no number', { orgId: 'acme' }],
    ['the name of a hook', { beforeSend: 'scrub' }],
    ['the name of a transport', { transport: 'NodeHttpTransport' }],
    ['null', { release: null }],
    ['an empty name', { name: '' }],
    ['Spotlight without a scheme', { spotlight: 'localhost:8969/stream' }],
  ])('is not this, nor does the client take it: %s', (_, options) => {
    expect([takes(options), complaint(options) !== undefined]).toEqual([false, true]);
  });

  it('the client takes, whatever JSON has in it, and the client takes no more of what is not text', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyOptions(), (options) => {
        const isTaken = takes(options);
        if (isTaken) {
          taken += 1;
          expect(complaint(options)).toBeUndefined();
        } else if (takes.errors?.every(({ keyword }) => keyword !== 'pattern')) {
          expect(complaint(options)).toBeDefined();
        }
      }),
      { numRuns: 3000 },
    );
    // What is never taken proves nothing.
    expect(taken).toBeGreaterThan(300);
  }, 60_000);
});

const count = fc.oneof(fc.integer(), fc.integer({ min: -1, max: 12 }), fc.double(), fc.maxSafeNat());
const flag = fc.boolean();
const pattern = (name: keyof RavenOptions): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(read().properties[name].pattern ?? ''));
const word = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 70 }),
  fc.constantFrom(
    'latest',
    'NONE',
    ' . ',
    '..',
    'a/b',
    'a\\b',
    'a\nb',
    ' ',
    '1.2.3',
    'x'.repeat(200),
    'ü'.repeat(60),
  ),
);
const members = <T>(shape: Record<string, fc.Arbitrary<T>>) =>
  fc.oneof(fc.constant(false), fc.record(shape, { requiredKeys: [] }), fc.jsonValue());

/** What a file may have of each option. */
const valuesOf = () =>
  ({
    dsn: fc.oneof(pattern('dsn'), word),
    enabled: flag,
    name: word,
    serverName: word,
    site: word,
    release: word,
    dist: word,
    environment: word,
    tags: fc.dictionary(fc.string(), fc.jsonValue()),
    context: fc.dictionary(fc.string(), fc.jsonValue()),
    includePaths: fc.array(word),
    excludePaths: fc.array(word),
    ignoreExceptions: fc.array(word),
    sampleRate: fc.oneof(fc.double({ min: -0.5, max: 1.5, noNaN: true }), fc.constantFrom(0, 1)),
    stringMaxLength: count,
    listMaxLength: count,
    normalizeDepth: count,
    maxValueLength: count,
    autoLogStacks: flag,
    frameContextLines: count,
    sourceMaps: flag,
    collapseFrames: flag,
    errorDetails: flag,
    captureLocals: fc.constantFrom(false, 'uncaught', 'all', true, 'none'),
    groupMessages: flag,
    processors: fc.array(
      fc.constantFrom('SanitizeKeysProcessor', 'raven.processors.RemovePostDataProcessor', 'Nope'),
    ),
    sanitizeKeys: fc.array(word),
    enableBreadcrumbs: flag,
    maxBreadcrumbs: count,
    maxBreadcrumbBytes: count,
    breadcrumbSources: members({ console: flag, http: flag, kafka: flag }),
    includeVersions: flag,
    repos: fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.string())),
    raiseSendErrors: flag,
    transport: fc.jsonValue(),
    captureFilter: fc.jsonValue(),
    captureRetries: flag,
    beforeSend: fc.jsonValue(),
    beforeBreadcrumb: fc.jsonValue(),
    sendDefaultPii: flag,
    debug: flag,
    shutdownTimeoutMs: count,
    exposeEventId: flag,
    installProcessHandlers: flag,
    spotlight: fc.oneof(flag, pattern('spotlight'), word),
    protocol: fc.constantFrom('envelope', 'store', 'udp'),
    axios: fc.dictionary(fc.string(), fc.jsonValue()),
    maxQueueBytes: fc.oneof(count, fc.integer({ min: 65_530, max: 65_540 })),
    maxQueueLength: count,
    stormGuard: members({ limit: count, windowMs: count, window: count }),
    maxAttachmentBytes: count,
    spool: members<unknown>({
      directory: word,
      maxBytes: count,
      maxAgeMs: count,
      durability: fc.constantFrom('shutdown', 'crash', 'never'),
      pauseMs: count,
    }),
    sendClientReports: flag,
    orgId: fc.oneof(pattern('orgId'), word),
    strictTraceContinuation: flag,
  }) satisfies Record<keyof RavenOptions, fc.Arbitrary<unknown>>;

/** Some options, as a file may have them: each right, nearly right, or anything. */
const anyOptions = () => {
  const values: Record<string, fc.Arbitrary<unknown>> = valuesOf();
  return fc.subarray(Object.keys(values), { minLength: 1, maxLength: 4 }).chain((names) => {
    const orAnything = (name: string) =>
      fc.oneof({ weight: 6, arbitrary: values[name] }, { weight: 1, arbitrary: fc.jsonValue() });
    return fc.record(Object.fromEntries(names.map((name) => [name, orAnything(name)])));
  });
};
