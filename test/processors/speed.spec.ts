import { describe, expect, it } from 'vitest';
import { SanitizeKeysProcessor } from '../../lib/processors/sanitize-keys.processor';
import { SanitizePasswordsProcessor } from '../../lib/processors/sanitize-passwords.processor';
import type { RavenEvent } from '../../lib/protocol/event';
import { workedMs } from '../support/worked-ms';

const MB = 1_000_000;
const MAX_MS_PER_MB = 50;
const ATTEMPTS = 8;

const passwords = new SanitizePasswordsProcessor();
const keys = new SanitizeKeysProcessor({ options: { sanitizeKeys: ['credit', 'iban'] } });

/** The shortest of several attempts: what else the machine does makes some of them longer, none shorter. */
function shortestMs(handle: (event: RavenEvent) => void, event: object): number {
  let shortest = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const subject = structuredClone(event) as RavenEvent;
    const tookMs = workedMs(() => handle(subject));
    shortest = Math.min(shortest, tookMs);
    // Enough is known.
    if (attempt >= 2 && shortest < MAX_MS_PER_MB * 0.8) break;
  }
  return shortest;
}

/** What the work of `reference` takes on a machine that has nothing else to do. */
const REFERENCE_MS = 4;

/** How much slower than such a machine this one is at the moment; 1 where it is not. */
function slowness(): number {
  const times = Array.from({ length: 9 }, () => workedMs(reference)).sort((one, other) => one - other);
  return Math.max(1, times[4] / REFERENCE_MS);
}

/** Finds words and cuts them out, as the masks do. */
function reference(): Map<number, number> {
  const text = run('word=1 ', 420_000);
  const words = /\w+/g;
  const lengths = new Map<number, number>();
  let from = 0;
  while (words.test(text)) {
    lengths.set(text.slice(from, words.lastIndex).length, from);
    from = words.lastIndex;
  }
  return lengths;
}

/** A copy with other keys. */
function inUpperCase(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key.toUpperCase(), value as unknown]),
  );
}

function expectWithin(limitMs: number, tookMs: number): void {
  expect(tookMs).toBeLessThan(tookMs < limitMs ? limitMs : limitMs * slowness());
}

/** Runs of what the masks look for, and of what they skip. */
const UNITS = [
  '1',
  '1 ',
  '=',
  '&',
  ';',
  '"',
  "'",
  '`',
  '\\',
  '\\"',
  '[',
  '{',
  '}',
  '%',
  '%22',
  '%5D',
  ']',
  '-',
  ':',
  '@',
  '://',
  'a://b',
  'a://b:c',
  'a://@',
  'a://a:b/',
  ' ',
  '\t',
  '\n',
  'a',
  'a.',
  'aaaaaaaaaaaaaaaaaaa ',
  'password',
  'password ',
  'password=',
  'password:',
  'password=x ',
  'password="',
  'password=["',
  'password=\\',
  '--password ',
  '--password x ',
  '"password":"x",',
  '<password>',
  '<password ',
  '<password a="b">x</password>',
  '<password><![CDATA[x]]>',
  'password="""',
  '%70assword=x&',
  '%70',
  '%61=1&',
  'sig ',
  'token=x&',
  'a key=1 ',
  'otp ',
  'pass',
  'pin',
  'cookie=a;',
  'Cookie: ',
  'Authorization:',
  'bearer ',
  'bearer aaaaaa ',
  'basic ',
  'basic aaaaaaaaa ',
  'eyJ',
  'eyJ.',
  'eyJaaaaaaaaaaaaaaaaaaa ',
  '-----BEGIN ',
  '-----BEGIN PRIVATE KEY-----',
  '-----END ',
  'a=1&',
  'a=%7B&',
  'a=%7B%22%7D&',
  'a=%FF%FF%FF&',
  '[1,',
  '{"a":',
  '"a":1,',
  'Order 42 of Anna failed. ',
];

const NASTY: Record<string, (size: number) => string> = {
  ...Object.fromEntries(UNITS.map((unit) => [JSON.stringify(unit), (size: number) => run(unit, size)])),
  'brackets behind a name': (size) => `password=${run('[', size)}`,
  'backslashes in brackets': (size) => `password=[${run('\\', size)}`,
  'marks in brackets': (size) => `password=[${run(`"'`, size)}`,
  'JSON of numbers': (size) => `[${run('1,', size)}1]`,
  'JSON of lists': (size) => `[${run('[],', size - (size % 3))}1]`,
  'JSON of objects': (size) => `[${run('{"a":1},', size - (size % 8))}1]`,
  'JSON of texts': (size) => `[${run('"hello, this is text",', size - (size % 22))}1]`,
  'JSON of broken JSON': (size) => `[${run('"[\\"]",', size - (size % 7))}1]`,
  'JSON in depth': (size) => run('[', size / 2) + run(']', size / 2),
  'JSON of many keys': (size) =>
    `{${Array.from({ length: size / 16 }, (_, index) => `"key${1e6 + index}":1`).join(',')}}`,
};

function run(unit: string, size: number): string {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size);
}

const PLACES: Record<string, (text: string) => object> = {
  'a message': (message) => ({ message }),
  'a body': (data) => ({ request: { data } }),
  cookies: (cookies) => ({ request: { cookies } }),
};

describe.each(Object.entries(PLACES))('a megabyte in %s', (_place, put) => {
  it.each(Object.entries(NASTY))('of %s is read in 50 ms', (_what, text) => {
    const event = put(text(MB));
    expectWithin(
      MAX_MS_PER_MB,
      shortestMs((subject) => passwords.process(subject), event),
    );
    expectWithin(
      MAX_MS_PER_MB,
      shortestMs((subject) => keys.process(subject), event),
    );
  });
});

describe('the time', () => {
  it.each(Object.entries(NASTY))('grows as a text of %s does', (_what, text) => {
    const processed = (size: number): number =>
      shortestMs((subject) => passwords.process(subject), {
        request: { data: text(size) },
        message: text(size),
      });
    // Ten times the text: a square would take a hundred times as long.
    expect(processed(MB)).toBeLessThan(40 * Math.max(processed(MB / 10), 1));
  });

  it.each([
    ['key1=', (index: number) => `key${1e6 + index}=`],
    ['key1', (index: number) => `key${1e6 + index}`],
    ['a 1', (index: number) => `a ${1e6 + index}`],
  ])('of a megabyte of 40,000 keys such as %j is less than 50 ms, or that of four copies', (_form, name) => {
    const members = Array.from({ length: 40_000 }, (_, index) => [name(index), 'a value of it']);
    const event = { extra: { data: Object.fromEntries(members) as object } };
    const tookMs = shortestMs((subject) => passwords.process(subject), event);
    // It waits for memory: that is slow where others use it too, for a copy as well.
    const copyMs = shortestMs(({ extra }) => void inUpperCase(extra?.data as object), event);
    expect(tookMs).toBeLessThan(Math.max(MAX_MS_PER_MB, 4 * copyMs));
  });

  it('of a typical event of 10 KB is less than half a millisecond on average', () => {
    const event = typicalEvent();
    expect(JSON.stringify(event).length).toBeGreaterThan(9_500);
    expect(JSON.stringify(event).length).toBeLessThan(11_000);
    const rounds: number[] = [];
    for (let round = 0; round < 6; round++) {
      const events = Array.from({ length: 200 }, () => structuredClone(event));
      rounds.push(workedMs(() => events.forEach((one) => passwords.process(one))) / events.length);
    }
    expectWithin(0.5, Math.min(...rounds));
    if (process.env.SPEED) console.log(`typical event: ${Math.min(...rounds).toFixed(3)} ms`);
  });
});

/** What an order that failed looks like: 30 frames, 12 breadcrumbs, a request with body and cookies, extra. */
function typicalEvent(): RavenEvent {
  const frames = Array.from({ length: 30 }, (_, index) => ({
    function: `OrdersService.step${index}`,
    filename: `src/orders/orders.service.${index}.ts`,
    abs_path: `/app/src/orders/orders.service.${index}.ts`,
    module: `src.orders.orders.service.${index}`,
    lineno: index + 1,
    colno: 7,
    in_app: index % 2 === 0,
  }));
  const crumbs = Array.from({ length: 12 }, (_, index) => ({
    timestamp: 1_700_000_000 + index,
    type: 'http',
    category: 'http',
    level: 'info',
    message: `GET https://stock.example.com/items/${index}?warehouse=north&page=${index}`,
    data: { url: `https://stock.example.com/items/${index}`, method: 'GET', status_code: 200, tookMs: 12.5 },
  }));
  return {
    event_id: 'a'.repeat(32),
    timestamp: 1_700_000_000,
    platform: 'node',
    level: 'error',
    message: 'PaymentError: the card of order 42 was declined',
    exception: { values: [{ type: 'PaymentError', value: 'the card was declined', stacktrace: { frames } }] },
    breadcrumbs: { values: crumbs },
    request: {
      url: 'https://shop.example.com/orders/42/pay',
      method: 'POST',
      query_string: 'page=2&sort=price&token=abc',
      headers: {
        host: 'shop.example.com',
        'user-agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
        accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
        authorization: 'Bearer abcdef123456',
      },
      cookies: { theme: 'dark', sessionid: 'abc' },
      data: {
        order: 42,
        items: [{ sku: 'A-1', count: 2 }],
        card: { number: '4111111111111111', cvv: '123' },
      },
    },
    user: { id: '7', email: 'anna@example.com' },
    tags: { shop: 'north', plan: 'gold' },
    extra: {
      order: { id: 42, total: 99.5, note: 'leave it at the door', lines: Array.from({ length: 9 }, String) },
    },
    contexts: {
      runtime: { name: 'node', version: 'v20.1.0' },
      os: { name: 'Linux' },
      device: { arch: 'x64' },
    },
  };
}
