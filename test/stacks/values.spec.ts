import { describe, expect, it } from 'vitest';
import { eventOf, framesIn, framesOf, toldValues } from './support/stack-case';

const VALUES: [name: string, code: string, values: string[], frames?: string[]][] = [
  [
    'a message of several lines',
    `exports.run = () => { throw new Error('first\\nsecond\\n  third'); };`,
    ['Error: first\nsecond\n  third'],
    ['exports.run index.js:1'],
  ],
  [
    'a message that looks like frames',
    `exports.run = () => { throw new Error('m\\n    at fake (/app/fake.js:1:1)\\n    at async more (/app/fake.js:2:1)'); };`,
    ['Error: m\n    at fake (/app/fake.js:1:1)\n    at async more (/app/fake.js:2:1)'],
    ['exports.run index.js:1'],
  ],
  [
    'causes',
    `exports.run = () => {
  const inner = new TypeError('inner');
  throw new Error('outer', { cause: new RangeError('middle', { cause: inner }) });
};`,
    ['TypeError: inner', 'RangeError: middle', 'Error: outer'],
    ['exports.run index.js:3'],
  ],
  [
    'a cause that was thrown elsewhere',
    `function load() { throw new TypeError('inner'); }
exports.run = () => { try { load(); } catch (cause) { throw new Error('outer', { cause }); } };`,
    ['TypeError: inner', 'Error: outer'],
    ['exports.run index.js:2'],
  ],
  [
    'an AggregateError',
    `const fail = async (text) => { throw new Error(text); };
exports.run = async () => { await Promise.any([fail('a'), fail('b')]); };`,
    ['Error: b', 'Error: a', 'AggregateError: All promises were rejected'],
  ],
  [
    'an error that lists itself',
    `exports.run = () => { const error = new AggregateError([], 'm'); error.errors.push(error); throw error; };`,
    ['AggregateError: m'],
    ['exports.run index.js:1'],
  ],
  [
    'a class of the app’s own',
    `class OrderFailed extends Error { constructor(id) { super(\`order \${id} failed\`); } }
exports.run = () => { throw new OrderFailed(17); };`,
    ['OrderFailed: order 17 failed'],
    ['exports.run index.js:2'],
  ],
  [
    'a class as before classes',
    `function Gone(message) { this.name = 'Gone'; this.message = message; this.stack = new Error(message).stack; }
Gone.prototype = Object.create(Error.prototype);
exports.run = () => { throw new Gone('m'); };`,
    ['Gone: m'],
    ['exports.run index.js:3', 'new Gone index.js:1'],
  ],
  [
    'a stack that throws when it is read',
    `exports.run = () => { throw Object.defineProperty(new Error('m'), 'stack', { get() { throw new Error('no'); } }); };`,
    ['Error: m'],
  ],
  [
    'a message that throws when it is read',
    `exports.run = () => {
  const error = new Error('m');
  void error.stack;
  throw Object.defineProperty(error, 'message', { get() { throw new Error('no'); } });
};`,
    ['Error: '],
    ['exports.run index.js:2'],
  ],
  [
    'a frozen error',
    `exports.run = () => { throw Object.freeze(new Error('m')); };`,
    ['Error: m'],
    ['exports.run index.js:1'],
  ],
  [
    'an abort',
    `exports.run = () => { AbortSignal.abort().throwIfAborted(); };`,
    ['AbortError: This operation was aborted'],
  ],
  ['undefined', `exports.run = () => { throw undefined; };`, ['Error: non-error thrown: undefined']],
  ['null', `exports.run = () => { throw null; };`, ['Error: non-error thrown: null']],
  ['a symbol', `exports.run = () => { throw Symbol('gone'); };`, ['symbol: non-error thrown: Symbol(gone)']],
  ['text', `exports.run = () => { throw 'it broke'; };`, ['string: it broke']],
  ['an object', `exports.run = () => { throw { code: 17 }; };`, ['Object: non-error thrown: {"code":17}']],
  [
    'a promise',
    `exports.run = () => { throw Promise.resolve(1); };`,
    ['Promise: non-error thrown: [Promise] (is an await missing?)'],
  ],
  [
    'a class',
    `exports.run = () => { throw TypeError; };`,
    ['Function: non-error thrown: [Function: TypeError] (is a new missing?)'],
  ],
  [
    'an answer',
    `exports.run = () => { throw new Response('', { status: 404, statusText: 'Not Found' }); };`,
    ['Response: non-error thrown: 404 Not Found'],
  ],
];

describe('what is told of', () => {
  it.each(VALUES)('%s', async (_name, code, values, frames) => {
    const event = await eventOf(code);
    expect(toldValues(event)).toEqual(values);
    if (frames) expect(framesIn(event)).toEqual(frames);
  });
});

it('what a group has that is no Error is told among the extra, by its place', async () => {
  const event = await eventOf(
    `exports.run = () => Promise.any([Promise.reject('timeout'), Promise.reject(new Error('b')), Promise.reject({ code: 7 })]);`,
  );
  expect(toldValues(event)).toEqual(['Error: b', 'AggregateError: All promises were rejected']);
  expect(event.extra).toMatchObject({ 'errors[0]': 'timeout', 'errors[2]': { code: 7 } });
  expect(event.extra).not.toHaveProperty('errors[1]');
});

it('a group of no Errors at all tells them, and a list of other things is none', async () => {
  const group = await eventOf(`exports.run = () => Promise.any([Promise.reject('timeout')]);`);
  expect(group.extra).toMatchObject({ 'errors[0]': 'timeout' });
  const list = await eventOf(
    `exports.run = () => { throw Object.assign(new Error('m'), { errors: ['a', 'b'] }); };`,
  );
  expect(Object.keys(list.extra).filter((key) => key.startsWith('errors'))).toEqual([]);
});

describe('the stack under settings of an app', () => {
  const FAILS = `const fail = () => { throw new Error('m'); };
exports.run = function run() { SETTING; fail(); };`;
  const CASES: [setting: string, frames: string[]][] = [
    [
      'Error.prepareStackTrace = (error, sites) => `${error}\\n    at mapped (/app/src/a.ts:1:2)`',
      ['mapped /app/src/a.ts:1'],
    ],
    [
      'Error.prepareStackTrace = (error, sites) => String(error) + sites.map((site) => `\\n    at ${site}`).join("")',
      ['Object.run index.js:2', 'fail index.js:1'],
    ],
    ['Error.stackTraceLimit = 200', ['Object.run index.js:2', 'fail index.js:1']],
    ['Error.stackTraceLimit = 1', ['fail index.js:1']],
  ];
  it.each(CASES)('%s', async (setting, expected) => {
    expect((await framesOf(FAILS.replace('SETTING', setting))).slice(-expected.length)).toEqual(expected);
  });

  it('that gives no text is left out', async () => {
    const event = await eventOf(FAILS.replace('SETTING', 'Error.prepareStackTrace = (_, sites) => sites'));
    expect(event.exception?.values[0].stacktrace).toBeUndefined();
  });

  it('a recursion of more frames than servers keep has those next to the throw', async () => {
    const frames =
      await framesOf(`function down(left) { if (left === 0) throw new Error('m'); down(left - 1); }
exports.run = function run() { Error.stackTraceLimit = 400; down(300); };`);
    expect([frames.length, frames[0], frames[249]]).toEqual([250, 'down index.js:1', 'down index.js:1']);
  });
});
