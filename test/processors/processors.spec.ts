import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isProcessorName, processorByName } from '../../lib/processors/processor-names';
import { RemovePostDataProcessor } from '../../lib/processors/remove-post-data.processor';
import { RemoveStackLocalsProcessor } from '../../lib/processors/remove-stack-locals.processor';
import { SanitizeKeysProcessor } from '../../lib/processors/sanitize-keys.processor';
import { SanitizePasswordsProcessor } from '../../lib/processors/sanitize-passwords.processor';
import type { Processor } from '../../lib/processors/processor';
import type { RavenEvent } from '../../lib/protocol/event';

const MASK = '********';

function after(processor: Processor, event: object): RavenEvent {
  const subject = event as RavenEvent;
  return processor.process(subject) ?? subject;
}

function sanitizeKeys(...sanitizeKeys: string[]): SanitizeKeysProcessor {
  return new SanitizeKeysProcessor({ options: { sanitizeKeys } });
}

describe('RemovePostDataProcessor', () => {
  it('drops the body of the request and nothing else', () => {
    const event = { request: { url: 'u', data: { a: 1 }, query_string: 'b=2' }, extra: { data: 1 } };
    expect(after(new RemovePostDataProcessor(), event)).toEqual({
      request: { url: 'u', query_string: 'b=2' },
      extra: { data: 1 },
    });
  });

  it('leaves an event without request as it is', () => {
    expect(after(new RemovePostDataProcessor(), { extra: {} })).toEqual({ extra: {} });
  });
});

describe('RemoveStackLocalsProcessor', () => {
  it('drops the variables of all frames, of causes, threads and the stack of a message', () => {
    const stacktrace = () => ({ frames: [{ function: 'f', vars: { a: 1 } }, { function: 'g' }] });
    const event = {
      exception: { values: [{ value: 'cause', stacktrace: stacktrace() }, { stacktrace: stacktrace() }, {}] },
      threads: { values: [{ id: 1, stacktrace: stacktrace() }] },
      stacktrace: stacktrace(),
    };
    const text = JSON.stringify(after(new RemoveStackLocalsProcessor(), event));
    expect(text).not.toContain('vars');
    expect(text.match(/"function":"f"/g)).toHaveLength(4);
  });
});

describe('SanitizeKeysProcessor', () => {
  it('masks the query of requests among the breadcrumbs', () => {
    const crumb = {
      timestamp: 1,
      type: 'http',
      data: { method: 'GET', url: '/orders?phone=0701234567&page=2' },
    };
    const event = after(sanitizeKeys('phone'), { breadcrumbs: { values: [crumb] } });
    expect(event.breadcrumbs).toMatchObject({
      values: [{ data: { method: 'GET', url: '/orders?phone=********&page=2' } }],
    });
  });

  it('masks what is under a key that contains one of sanitizeKeys, in any case, at any depth', () => {
    const event = {
      extra: { list: [{ MyCreditLimit: 5, x: 1 }], credit: { a: 1 }, none: null, Credits: null },
    };
    expect(after(sanitizeKeys('credit'), event).extra).toEqual({
      list: [{ MyCreditLimit: MASK, x: 1 }],
      credit: MASK,
      none: null,
      Credits: null,
    });
  });

  it.each([
    ['query_string', 'a=1&credit=2=3&b', `a=1&credit=${MASK}&b`],
    ['query_string', 'credit=&credit', 'credit=&credit'],
    ['query_string', '%63redit=2', `%63redit=${MASK}`],
    ['query_string', 'f=%7B%22credit%22%3A5%7D', `f=%7B%22credit%22%3A%22${MASK}%22%7D`],
    ['query_string', 'a="&credit=2', `a="&credit=${MASK}`],
    ['data', 'a=1&user[credit]=2', `a=1&user[credit]=${MASK}`],
    ['data', '{"a":1,"credit":2}', `{"a":1,"credit":"${MASK}"}`],
    ['data', '{"a":1,"credit":', MASK],
    ['cookies', 'a=1; credit=2;b=3', `a=1; credit=${MASK};b=3`],
    ['url', 'http://h/credit?credit=2&a=1', `http://h/credit?credit=${MASK}&a=1`],
  ])('reads the request’s %s %j', (key, text, expected) => {
    expect(after(sanitizeKeys('credit'), { request: { [key]: text } }).request).toEqual({ [key]: expected });
  });

  it('reads headers by their names, and the cookies among them', () => {
    const headers = { 'X-Credit': '1', cookie: 'a=1;credit=2', accept: 'credit=5', 'x-none': null };
    expect(after(sanitizeKeys('credit'), { request: { headers } }).request?.headers).toEqual({
      'X-Credit': MASK,
      cookie: `a=1;credit=${MASK}`,
      accept: `credit=${MASK}`,
      'x-none': null,
    });
  });

  it('looks everywhere else, too', () => {
    const credit = 7;
    const event = {
      tags: { credit },
      user: { credit },
      contexts: { order: { credit } },
      breadcrumbs: { values: [{ message: 'm', data: { credit } }] },
      exception: {
        values: [{ stacktrace: { frames: [{ vars: { credit, text: JSON.stringify({ credit }) } }] } }],
      },
      credit_of_mine: 1,
    };
    expect(JSON.stringify(after(sanitizeKeys('credit'), event))).not.toMatch(/[1-9]/);
  });

  it('leaves every other value alone, credentials too: it knows no names but those it was given', () => {
    const event = {
      extra: { password: 'p', number: '4111111111111111', text: 'password=p' },
      message: 'a=b',
    };
    expect(after(sanitizeKeys('credit'), structuredClone(event))).toEqual(event);
    expect(after(new SanitizeKeysProcessor({ options: {} }), structuredClone(event))).toEqual(event);
  });

  it('never masks what the protocol names', () => {
    const event = { event_id: '1', level: 'error', message: 'm', tags: { a: 'b' }, user: { id: '1' } };
    const processor = sanitizeKeys('level', 'event', 'message', 'tags', 'user');
    expect(after(processor, structuredClone(event))).toEqual(event);
  });
});

describe('SanitizePasswordsProcessor', () => {
  const processor = new SanitizePasswordsProcessor();

  it.each([
    ['a sentence', 'The order 42 of anna@example.com could not be paid.'],
    ['an error of JSON', `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`],
    [
      'words that hold names',
      'The passenger passed by; compass: north, mapping = 3, spinning: yes, author: Anna',
    ],
    ['a name that is told of', 'The password of the user has expired and the token is invalid'],
    ['a basic word', 'a basic understanding of bearer bonds'],
    ['a URL', 'https://shop.example.com:8443/orders/42?page=2&sort=-price#top'],
    ['a URL with an @ in its path', 'https://cdn.example.com/@scope/pkg@1.2.3/index.js'],
    ['a port', 'http://localhost:3000/@anna and http://[::1]:80/@anna'],
    ['a host named as a credential', 'connect ECONNREFUSED https://token.example.com:443/v1'],
    ['a path', '/app/src/auth/password/password.service.ts:12:34'],
    ['a time and numbers', '2026-11-23T10:00:00.000Z took 1234.56 ms, 123456789012, 12345678901234567890'],
    ['a public key', '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----'],
    ['JSON in its own form', '{ "id": 12345678901234567890,\n  "a" : [1.0, "\\u0041"] }'],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ a: [1, { b: 'c' }] }) })],
    ['a log line', '[info] 2026 started {pid: 7}'],
    ['what is no JSON', '[2026-11-23] done [x]'],
    ['percent signs', '100% of %7Bnothing%7D, %zz, a+b'],
    ['an empty value', 'password=, token= &secret="", pin:'],
    ['white space', ' \t\n  '],
  ])('leaves %s as it is', (_what, text) => {
    const event = {
      message: text,
      extra: { text, list: [text] },
      breadcrumbs: { values: [{ message: text, data: { text } }] },
      exception: { values: [{ type: 'PasswordError', value: text, module: 'auth.token' }] },
    };
    expect(after(processor, structuredClone(event))).toEqual(event);
  });

  it.each([
    'page',
    'id',
    'author',
    'keyword',
    'passenger',
    'pin_count',
    'spin',
    'captcha_seen',
    'monkey',
    'key',
    'keys',
    'keyboard',
    'primaryKey',
    'publicKey',
    'design',
    'signal',
    'assign',
    'assignee',
    'signed_at',
    'factor',
    'remembered',
    'class',
  ])('leaves what is under the key %s', (key) => {
    expect(after(processor, { extra: { [key]: 'value' } }).extra).toEqual({ [key]: 'value' });
  });

  it('leaves numbers that only are as long as those of cards: times, ids', () => {
    const extra = {
      ms: 1700000000000,
      us: 1700000000000000,
      id: 4111111111111112,
      short: 42,
      part: 411111111111.5,
    };
    expect(after(processor, { extra: structuredClone(extra) }).extra).toEqual(extra);
  });

  it.each<Record<string, unknown>>([
    { name: 'page', value: 'v' },
    { property: 'email', value: 'v', constraints: { isEmail: 'email must be an email' } },
    { path: ['items', 0], received: 'v' },
    { name: 'password', type: 'string', valueOf: 'v' },
    { name: 'password', value: null },
  ])('leaves what belongs to a harmless name, or is no value: %j', (member) => {
    expect(after(processor, { extra: structuredClone({ member }) }).extra).toEqual({ member });
  });

  it('leaves what tells of the program as it is, whatever its keys', () => {
    const event = {
      exception: { values: [{ type: 'TokenError', value: 'v' }] },
      server_name: 'token-service-7d9f.example.com',
      release: 'shop@1.2.3+4567',
      environment: 'production',
      dist: '1234567890123',
      platform: 'node',
      transaction: 'GET /orders/:id',
      modules: { jsonwebtoken: '9.0.2', cookie: '^1.0.0', password: 'npm:a@1.2.3' },
      sdk: { name: 'nestjs-raven', version: '1.2.3', integrations: ['session'] },
      debug_meta: { images: [{ type: 'sourcemap', debug_id: '12345678-1234-1234-1234-123456789012' }] },
    };
    expect(after(processor, structuredClone(event))).toEqual(event);
    expect(after(processor, { transaction: 'POST /auth/token/:token/verify' }).transaction).toBe(
      'POST /auth/token/:token/verify',
    );
  });

  it('keeps what stands around a secret in elements and blocks', () => {
    expect(after(processor, { message: '<a><password type="x">s</password><b>1</b></a>' }).message).toBe(
      `<a><password type="x">${MASK}</password><b>1</b></a>`,
    );
    expect(after(processor, { message: 'login(password: """s""", id: 1)' }).message).toBe(
      `login(password: """${MASK}""", id: 1)`,
    );
    expect(after(processor, { message: 'GET /a?%70age=1&%70assword=s&b=1' }).message).toBe(
      `GET /a?%70age=1&%70assword=${MASK}&b=1`,
    );
    expect(after(processor, { message: '<password/><b>1</b> <passenger type="x">1' }).message).toBe(
      '<password/><b>1</b> <passenger type="x">1',
    );
  });

  it('leaves what the protocol defines, also where it looks like a number of a card', () => {
    const event = {
      event_id: '1234567890123456',
      release: '1700000000000',
      contexts: { trace: { trace_id: '12345678901234567890123456789012', span_id: '1234567890123456' } },
      exception: { values: [{ type: 'TokenExpired', mechanism: { type: 'generic', handled: true } }] },
      fingerprint: ['{{ default }}'],
    };
    expect(after(processor, structuredClone(event))).toEqual(event);
  });

  it('keeps what stands around a secret', () => {
    expect(after(processor, { message: 'GET /a?x=1&token=abc&y=2 failed: {"pin":"1","b":2}' }).message).toBe(
      `GET /a?x=1&token=${MASK}&y=2 failed: {"pin":"${MASK}","b":2}`,
    );
    expect(after(processor, { message: '://:http://u:p@h/x' }).message).toBe(`://${MASK}@h/x`);
    expect(after(processor, { message: 'postgres://u:p@h:5432/db?a=b' }).message).toBe(
      `postgres://${MASK}@h:5432/db?a=b`,
    );
  });

  it.each(['password=q7Zk ', 'a://q7Zk@h ', 'a=1&token=q7Zk&'])('masks any number of %s', (unit) => {
    const text = unit.repeat(30_000);
    const event = { message: text, request: { data: text, query_string: text } };
    expect(JSON.stringify(after(processor, event))).not.toContain('q7Zk');
  });

  it('leaves null, which says nothing', () => {
    const event = { extra: { password: null, list: [null] }, user: null, request: null, exception: null };
    expect(after(processor, structuredClone(event))).toEqual(event);
  });
});

/** Texts made of what the masks look for, in any order. */
const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'={}[]()<>"\'`\\&;:,@%+-/?# \n*'.split(''),
        'password',
        'token',
        'Cookie',
        'Authorization: ',
        'Bearer ',
        'Basic ',
        'eyJ',
        'pin',
        '://',
        '--',
        '-----BEGIN ',
        'PRIVATE KEY-----',
        '-----END ',
        '%22',
        '%3A',
        '%7B',
        '%70',
        '"""',
        '<password ',
        '<![CDATA[',
        ']]>',
        '</',
        'sig=',
        '********',
        '4111111111111111',
        'a',
        'xyz',
        '12',
        '{"password":',
        '"a"',
        ':1',
        'http://u:p@h',
      ),
      fc.string(),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

const key = fc.constantFrom(
  'a',
  'password',
  'headers',
  'value',
  'Value',
  'received',
  'name',
  'Key',
  'path',
  'data',
  'rawHeaders',
  'Cookie',
  '__proto__',
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    nastyText,
    fc.constantFrom<unknown>(null, 1, true, 4111111111111111),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('tree')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
  ),
}));
const part = fc.constantFrom(
  'message',
  'extra',
  'tags',
  'user',
  'contexts',
  'request',
  'exception',
  'threads',
  'stacktrace',
  'breadcrumbs',
  'logentry',
  'fingerprint',
  'transaction',
  'custom',
  'release',
  'modules',
  'sdk',
  'server_name',
);
const requestPart = fc.constantFrom('url', 'data', 'query_string', 'cookies', 'headers', 'env');
const anyEvent = fc
  .tuple(
    fc.array(fc.tuple(part, tree), { maxLength: 4 }),
    fc.array(fc.tuple(requestPart, tree), { maxLength: 3 }),
  )
  .map(([parts, request]) => ({ request: Object.fromEntries(request), ...Object.fromEntries(parts) }));

const all: [string, Processor][] = [
  ['SanitizePasswordsProcessor', new SanitizePasswordsProcessor()],
  ['SanitizeKeysProcessor', sanitizeKeys('a', 'pass')],
];

describe.each(all)('%s', (_name, processor) => {
  it('changes nothing more the second time', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const once = structuredClone(after(processor, structuredClone(event)));
        expect(after(processor, structuredClone(once))).toEqual(once);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves plain JSON behind', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const done = after(processor, structuredClone(event));
        expect(JSON.parse(JSON.stringify(done))).toEqual(done);
      }),
    );
  });

  it('throws at nothing, whatever an event holds', () => {
    fc.assert(
      fc.property(
        fc.dictionary(part, fc.anything({ withBigInt: true, withMap: true, withDate: true })),
        (event) => {
          after(processor, event);
        },
      ),
    );
  });

  it('masks what cannot be read or changed', () => {
    const cyclic: Record<string, unknown> = { b: 1 };
    cyclic.self = cyclic;
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const throwing = Object.defineProperty({}, 'b', {
      get: () => {
        throw new Error('no');
      },
      enumerable: true,
    });
    const frozen = Object.freeze({ password: 'q7Zk' });
    expect(after(processor, { extra: { cyclic, proxy, throwing, frozen, b: 1 } }).extra).toEqual({
      cyclic: { b: 1, self: MASK },
      proxy: MASK,
      throwing: MASK,
      frozen: MASK,
      b: 1,
    });
    expect(after(processor, { extra: proxy }).extra).toBe(MASK);
    expect(after(processor, { request: proxy, exception: throwing })).toMatchObject({ request: MASK });
  });

  it('masks what is too deep to be looked at', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(JSON.stringify(after(processor, { extra: { deep } }))).toContain(MASK);
    const text = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(after(processor, { extra: { text } }).extra).toEqual({ text: MASK });
  });
});

describe('the name of a processor', () => {
  it.each([
    ['SanitizePasswordsProcessor', SanitizePasswordsProcessor],
    ['SanitizeKeysProcessor', SanitizeKeysProcessor],
    ['RemovePostDataProcessor', RemovePostDataProcessor],
    ['RemoveStackLocalsProcessor', RemoveStackLocalsProcessor],
  ])('is %s, or raven’s longer one', (name, type) => {
    expect(processorByName(name)).toBe(type);
    expect(processorByName(`raven.processors.${name}`)).toBe(type);
    expect(isProcessorName(name)).toBe(true);
  });

  it.each(['', 'SanitizePasswords', 'raven.SanitizeKeysProcessor', 'constructor'])('is not %j', (name) => {
    expect(isProcessorName(name)).toBe(false);
  });
});
