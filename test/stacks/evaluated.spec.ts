import { describe, expect, it } from 'vitest';
import { framesOf } from './support/stack-case';

const CASES: [name: string, code: string, frames: string[]][] = [
  [
    'eval',
    `exports.run = function run() { eval('(function evaluated() { throw new Error("m"); })()'); };`,
    ['Object.run index.js:1', 'eval index.js:1', 'evaluated index.js:1'],
  ],
  [
    'an indirect eval',
    `exports.run = function run() { (0, eval)('throw new Error("m")'); };`,
    ['Object.run index.js:1', 'eval <anonymous> -', 'eval index.js:1'],
  ],
  [
    'an eval in an eval',
    `exports.run = function run() { eval('eval("throw new Error(1)")'); };`,
    ['Object.run index.js:1', 'eval index.js:1', 'eval index.js:1'],
  ],
  [
    'eval with a source URL',
    `exports.run = function run() { eval('throw new Error("m")\\n//# sourceURL=orders.js'); };`,
    ['Object.run index.js:1', 'eval orders.js:1'],
  ],
  [
    'new Function',
    `const made = new Function('a', 'throw new Error(a)');
exports.run = function run() { made('m'); };`,
    ['Object.run index.js:2', 'eval index.js:1'],
  ],
  [
    'a script without a name',
    `const { Script } = require('node:vm');
exports.run = function run() { new Script('\\nthrow new Error("m")').runInThisContext(); };`,
    ['Object.run index.js:2', 'Script.runInThisContext node:vm -', '<anonymous> evalmachine.<anonymous>:2'],
  ],
  [
    'a script with a name',
    `const vm = require('node:vm');
exports.run = function run() { vm.runInThisContext('throw new Error("m")', { filename: 'rules.js', lineOffset: 9 }); };`,
    [
      'Object.run index.js:2',
      'Object.runInThisContext node:vm -',
      'Script.runInThisContext node:vm -',
      '<anonymous> rules.js:10',
    ],
  ],
  [
    'an error of another realm',
    `const vm = require('node:vm');
exports.run = function run() { vm.runInNewContext('(function rule() { throw new RangeError("m"); })()', {}, 'rules.js'); };`,
    [
      'Object.run index.js:2',
      'Object.runInNewContext node:vm -',
      'Script.runInNewContext node:vm -',
      'Script.runInContext node:vm -',
      '<anonymous> rules.js:1',
      'rule rules.js:1',
    ],
  ],
  [
    'an error thrown in a worker',
    `const { Worker } = require('node:worker_threads');
const code = '\\nfunction work() { throw new Error("m"); }\\nwork();';
exports.run = () => new Promise((resolve, reject) => new Worker(code, { eval: true }).on('error', reject));`,
    ['<anonymous> [worker eval]-wrapper:6 -', '<anonymous> [worker eval]:3', 'work [worker eval]:2'],
  ],
  [
    'an error posted from a worker',
    `const { Worker, isMainThread, parentPort } = require('node:worker_threads');
function work() { parentPort.postMessage(new RangeError('m')); }
if (!isMainThread) work();
exports.run = () => new Promise((resolve, reject) => new Worker(__filename).on('message', reject));`,
    ['Object.<anonymous> index.js:3', 'work index.js:2'],
  ],
  [
    'an error that a child process sent',
    `const { fork } = require('node:child_process');
function work() { process.send(new RangeError('m')); }
if (process.argv[2] === 'child') work();
exports.run = () => new Promise((resolve, reject) => {
  fork(__filename, ['child'], { serialization: 'advanced', execArgv: [] }).on('message', reject);
});`,
    ['Object.<anonymous> index.js:3', 'work index.js:2'],
  ],
];

describe('the stack of', () => {
  it.each(CASES)('%s', async (_name, code, expected) => {
    expect(await framesOf(code)).toEqual(expected);
  });
});
