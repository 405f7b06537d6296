import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import type { CaptureOptions, RavenClient, RavenOptions } from 'nestjs-raven';

const cyclic = new Error('cyclic');
cyclic.cause = new Error('cause', { cause: cyclic });

/** What may be thrown. */
export const THROWN: [name: string, thrown: unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a string', 'text'],
  ['a plain object', { code: 17, nested: { list: [1, null] } }],
  ['an error with a cause', new TypeError('outer', { cause: new RangeError('inner') })],
  ['an AggregateError', new AggregateError([new Error('one'), 'two', null], 'several')],
  ['cyclic causes', cyclic],
  ['a DOMException', new DOMException('no', 'AbortError')],
  ['an error of another realm', runInContext('new TypeError("elsewhere")', createContext({}))],
  ['a frozen error', Object.freeze(new Error('frozen'))],
];

/** Options that add to events. */
export const TELLING_OPTIONS: RavenOptions = {
  site: 'shop',
  release: '1.2.3',
  environment: 'test',
  repos: { lib: { type: 'git', name: 'acme/shop' } },
  sendDefaultPii: true,
};

/** Captures four events with all that a context and a capture can give. */
export function captureAllKinds(client: RavenClient): void {
  client.userContext({
    id: 17,
    username: 'ada',
    email: 'ada@example.com',
    ip_address: '10.0.0.1',
    plan: 'pro',
  });
  client.tagsContext({ number: 17, flag: true, none: null });
  client.extraContext({ when: new Date(0), map: new Map([['a', 1]]) });
  client.httpContext({
    url: 'http://localhost/a',
    method: 'PUT',
    headers: { a: 'b' },
    data: { x: [1] },
  });
  client.captureBreadcrumb({ message: 'm', category: 'c', level: 'INFO', data: { x: 1 } });
  client.captureBreadcrumb({ message: 'm', level: 'unheard of' as never, type: 'http' });
  client.captureMessage('Hello %s', { params: ['world'], formatted: 'Hello world', stack: true });
  client.captureQuery('SELECT 1', { params: [1], engine: 'postgres', timeSpent: 12 });
  client.captureException(new Error('e'), { level: 'fatal', fingerprint: ['a', 'b'], date: new Date() });
  client.transaction.push('a transaction');
  client.captureMessage('in a transaction', {
    data: { release: 'of data', logger: 'log', server_name: 's' },
  });
}

/** A tree of so many branches at every node. */
function tree(branches: number, depth: number): unknown {
  if (depth === 0) return 'a leaf';
  return Object.fromEntries(
    Array.from({ length: branches }, (_, index) => [`k${index}`, tree(branches, depth - 1)]),
  );
}

/** An error thrown far down in a stack. */
function thrownDeep(depth: number): Error {
  return depth === 0 ? new Error('x'.repeat(20_000)) : thrownDeep(depth - 1);
}

function deepError(depth: number): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Infinity;
  try {
    return thrownDeep(depth);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Captures two events that have too much of everything: too long, too deep, too wide. */
export function captureTooMuch(client: RavenClient): void {
  const long = 'ü'.repeat(20_000);
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key ${index}`, long]));
  const much = {
    long,
    wide,
    deep: tree(1, 20),
    bushy: tree(8, 4),
    list: Array.from({ length: 500 }, () => wide),
  };
  client.userContext({ id: long, email: long, username: long, ip_address: '::1', ...much });
  client.tagsContext({ [long]: long, ...wide });
  client.httpContext({
    url: `http://localhost/${'x'.repeat(20_000)}`,
    method: 'POST',
    query_string: long,
    data: much,
    headers: wide as Record<string, string>,
    cookies: wide as Record<string, string>,
    env: wide as Record<string, string>,
  });
  for (let index = 0; index < 100; index++)
    client.captureBreadcrumb({ message: `${index} ${long}`, category: long, type: long, data: much });
  const options = {
    extra: { ...much, ...wide },
    fingerprint: [long, ...Object.keys(wide)],
    data: {
      logger: long,
      culprit: long,
      release: 'r'.repeat(300),
      environment: 'e'.repeat(100),
      contexts: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`c${index}`, much])),
    },
  } as unknown as CaptureOptions;
  const errors = Array.from({ length: 60 }, () => deepError(300));
  client.captureException(new AggregateError(errors, long, { cause: deepError(300) }), options);
  client.captureMessage(long, {
    ...options,
    params: Object.keys(wide).map(() => long),
    formatted: long,
    stack: true,
  });
}

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const anything = fc.anything({
  key: text,
  values: [text, fc.boolean(), fc.integer(), fc.double(), fc.constantFrom(null, undefined)],
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  maxDepth: 3,
});
const record = fc.dictionary(text, anything, { maxKeys: 5 });

/** Captures three events with whatever may be given as tags, extra, user, request, level, fingerprint and data. */
export const anyCaptures: fc.Arbitrary<(client: RavenClient) => void> = fc
  .record({
    thrown: anything,
    tags: record,
    extra: record,
    user: record,
    request: record,
    level: anything,
    fingerprint: anything,
    stack: fc.boolean(),
  })
  .map(({ thrown, user, request, ...options }) => (client) => {
    const given = { ...options, data: { user, request } } as unknown as CaptureOptions;
    client.captureException(thrown, given);
    client.captureMessage('m', given);
    client.captureBreadcrumb({ message: 'm', data: user, level: options.level as never });
    client.captureQuery('q', given);
  });
