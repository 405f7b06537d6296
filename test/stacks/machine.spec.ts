import { describe, expect, it } from 'vitest';
import { framesOf } from './support/stack-case';

/** Errors of Node itself, which the app's code reports from a catch: the call that reports stands underneath. */
const REPORTED: [name: string, code: string, frames: string[]][] = [
  [
    'a connection that is refused',
    `const { connect } = require('node:net');
const load = () => new Promise((resolve, reject) => connect(1, '127.0.0.1').on('error', reject));
async function handle(report) { try { await load(); } catch (error) { report(error); } }
exports.run = async (report) => { await handle(report); };`,
    ['exports.run index.js:4', '~handle index.js:3', '~TCPConnectWrap.afterConnect node:net -'],
  ],
  [
    'a file that is not there, with promises',
    `const { readFile } = require('node:fs/promises');
async function handle(report) { try { await readFile('/none'); } catch (error) { report(error); } }
exports.run = async (report) => { await handle(report); };`,
    ['exports.run index.js:3', '~handle index.js:2'],
  ],
  [
    'a file that is not there, with a callback',
    `const { readFile } = require('node:fs');
exports.run = (report) => new Promise((resolve) => {
  readFile('/none', function onRead(error) { report(error); resolve(); });
});`,
    ['FSReqCallback.readFileAfterOpen node:fs -', 'ReadFileContext.onRead index.js:3'],
  ],
  [
    'a name that is none',
    `const { lookup } = require('node:dns');
exports.run = (report) => new Promise((resolve) => {
  lookup('a'.repeat(300), function onFound(error) { report(error); resolve(); });
});`,
    ['exports.run index.js:2', 'new Promise <anonymous> -', '<anonymous> index.js:3', 'lookup node:dns -'],
  ],
  [
    'an abort',
    `async function wait() { await require('node:timers/promises').setTimeout(1e6, 0, { signal: AbortSignal.abort() }); }
exports.run = async (report) => { try { await wait(); } catch (error) { report(error); } };`,
    ['exports.run index.js:2', 'wait index.js:1', 'Object.setTimeout node:timers/promises -'],
  ],
  [
    'text in place of an error',
    `function handle(report) { report('it broke'); }
exports.run = (report) => handle(report);`,
    ['exports.run index.js:2', 'handle index.js:1'],
  ],
  [
    'an error without a stack',
    `function handle(report) {
  const error = new Error('m');
  delete error.stack;
  report(Object.assign(error, { stack: undefined }));
}
exports.run = (report) => handle(report);`,
    ['exports.run index.js:6', 'handle index.js:4'],
  ],
  [
    'an error made while stacks were off',
    `exports.run = function run(report) {
  Error.stackTraceLimit = 0;
  report(new Error('m'));
};`,
    ['Object.run index.js:3'],
  ],
];

const THROWN: [name: string, code: string, frames: string[]][] = [
  [
    'a file that is not there, at once',
    `const fs = require('node:fs');
exports.run = function run() { fs.readFileSync('/none'); };`,
    ['Object.run index.js:2', 'Object.readFileSync node:fs -', 'Object.openSync node:fs -'],
  ],
  [
    'an argument that Node refuses',
    `const path = require('node:path');
exports.run = function run() { path.join(1); };`,
    ['Object.run index.js:2', 'Object.join node:path -'],
  ],
  [
    'bytes out of range',
    `exports.run = function run() { Buffer.alloc(1).readUInt32LE(0); };`,
    ['Object.run index.js:1'],
  ],
  ['a URL that is none', `exports.run = function run() { new URL('no'); };`, ['Object.run index.js:1']],
  [
    'a module that is not there',
    `exports.run = function run() { require('./none'); };`,
    ['Object.run index.js:1'],
  ],
  [
    'a module that fails while it loads',
    `exports.run = function run() { new (require('node:module').Module)('x')._compile('\\nthrow new Error("m")', '/tmp/x.js'); };`,
    ['Object.run index.js:1', 'Object.<anonymous> /tmp/x.js:2'],
  ],
  [
    'an assertion',
    `const assert = require('node:assert');
exports.run = function run() { assert.equal(1, 2); };`,
    ['Object.run index.js:2'],
  ],
  [
    'a trap of WebAssembly',
    `// (module (func (export "f") unreachable))
const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
const { exports: wasm } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)));
exports.run = function run() { wasm.f(); };`,
    ['Object.run index.js:4', '<anonymous> wasm://wasm/0145fffe:wasm-function[0]:0x1e -'],
  ],
  [
    'structuredClone',
    `exports.run = function run() { structuredClone(() => {}); };`,
    ['Object.run index.js:1'],
  ],
  [
    'a stack that overflows',
    `let depth = 0;
function down() { depth += 1; down(); }
exports.run = function run() { Error.stackTraceLimit = 3; down(); };`,
    ['down index.js:2', 'down index.js:2', 'down index.js:2'],
  ],
  [
    'Error.captureStackTrace',
    `function fail() { const error = new Error('m'); Error.captureStackTrace(error, fail); throw error; }
exports.run = function run() { fail(); };`,
    ['Object.run index.js:2'],
  ],
  [
    'one frame',
    `function fail() { throw new Error('m'); }
exports.run = function run() { Error.stackTraceLimit = 1; fail(); };`,
    ['fail index.js:1'],
  ],
];

describe('the stack of', () => {
  it.each(THROWN)('%s', async (_name, code, expected) => {
    expect(await framesOf(code)).toEqual(expected);
  });
});

describe('the stack that is reported of', () => {
  it.each(REPORTED)('%s', async (_name, code, expected) => {
    expect(await framesOf(code)).toEqual(expected);
  });

  it('a fetch that fails, which Node gives no stack, or one that begins in its own code', async () => {
    const code = `const load = async () => await fetch('http://127.0.0.1:1');
async function handle(report) { try { await load(); } catch (error) { report(error); } }
exports.run = async (report) => { await handle(report); };`;
    expect(await framesOf(code)).toEqual(
      expect.arrayContaining(['exports.run index.js:3', expect.stringMatching(/^~?handle index\.js:2$/)]),
    );
  });
});
