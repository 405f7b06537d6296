import { describe, expect, it } from 'vitest';
import { framesOf } from './support/stack-case';

const CASES: [name: string, code: string, frames: string[]][] = [
  [
    'an async function before its first await',
    `async function load() { throw new Error('m'); }
exports.run = async () => { await load(); };`,
    ['exports.run index.js:2', 'load index.js:1'],
  ],
  [
    'async functions that wait for each other',
    `const tick = () => new Promise((resolve) => setImmediate(resolve));
async function load() { await tick(); throw new Error('m'); }
async function find() { await load(); }
async function handle() { await find(); }
exports.run = async () => { await handle(); };`,
    ['exports.run index.js:5', '~handle index.js:4', '~find index.js:3', '~load index.js:2'],
  ],
  [
    'what an async function calls after it has waited',
    `const fail = () => { throw new Error('m'); };
async function load() { await null; fail(); }
exports.run = async () => { await load(); };`,
    ['exports.run index.js:3', '~load index.js:2', 'fail index.js:1'],
  ],
  [
    'an async method and an async arrow',
    `class Orders { async find() { await null; throw new Error('m'); } }
exports.run = async () => { await (async () => { await new Orders().find(); })(); };`,
    ['exports.run index.js:2', '~<anonymous> index.js:2', '~Orders.find index.js:1'],
  ],
  [
    'Promise.all',
    `async function load(id) { await null; if (id === 2) throw new Error('m'); }
async function find() { await Promise.all([load(1), load(2)]); }
exports.run = async () => { await find(); };`,
    ['exports.run index.js:3', '~find index.js:2', '~Promise.all <anonymous> -', '~load index.js:1'],
  ],
  [
    'Promise.any',
    `async function load() { await null; throw new Error('m'); }
async function find() { await Promise.any([load()]); }
exports.run = () => find().catch((error) => { throw error.errors[0]; });`,
    ['find index.js:2', '~Promise.any <anonymous> -', '~load index.js:1'],
  ],
  [
    'Promise.allSettled',
    `async function load() { await null; throw new Error('m'); }
exports.run = async () => {
  const [{ reason }] = await Promise.allSettled([load()]);
  throw reason;
};`,
    ['exports.run index.js:3', '~Promise.allSettled <anonymous> -', '~load index.js:1'],
  ],
  [
    'Promise.race',
    `async function load() { await null; throw new Error('m'); }
async function find() { await Promise.race([load()]); }
exports.run = async () => { await find(); };`,
    ['exports.run index.js:3', '~find index.js:2', '~load index.js:1'],
  ],
  [
    'callbacks of then',
    `function second() { throw new Error('m'); }
exports.run = async () => { await Promise.resolve().then(function first() {}).then(second); };`,
    ['exports.run index.js:2', '~second index.js:1'],
  ],
  [
    'the callback of a promise’s constructor',
    `exports.run = async () => { await new Promise(function start() { throw new Error('m'); }); };`,
    ['exports.run index.js:1', 'new Promise <anonymous> -', 'start index.js:1'],
  ],
  [
    'an async generator',
    `async function* numbers() { yield 1; throw new Error('m'); }
async function sum() { for await (const each of numbers()) void each; }
exports.run = async () => { await sum(); };`,
    ['exports.run index.js:3', '~sum index.js:2', 'numbers.next <anonymous> -', 'numbers index.js:1'],
  ],
  [
    'a thenable',
    `const thenable = { then() { throw new Error('m'); } };
exports.run = async () => { await thenable; };`,
    ['Object.then index.js:1'],
  ],
  [
    'a timer',
    `exports.run = () => new Promise((resolve, reject) => {
  setTimeout(function tick() { try { fail(); } catch (error) { reject(error); } });
});
function fail() { throw new Error('m'); }`,
    ['Timeout.tick index.js:2', 'fail index.js:4'],
  ],
  [
    'setImmediate and nextTick',
    `exports.run = () => new Promise((resolve, reject) => {
  setImmediate(() => process.nextTick(function tick() { reject(new Error('m')); }));
});`,
    ['tick index.js:2'],
  ],
  [
    'a microtask',
    `exports.run = () => new Promise((resolve, reject) => {
  Promise.resolve().finally(function task() { reject(new Error('m')); });
});`,
    ['<anonymous> <anonymous> -', 'task index.js:2'],
  ],
  [
    'timers that are waited for',
    `const { setTimeout } = require('node:timers/promises');
async function later() { await setTimeout(1); throw new Error('m'); }
exports.run = async () => { await later(); };`,
    ['exports.run index.js:3', '~later index.js:2'],
  ],
  [
    'a listener',
    `const { EventEmitter } = require('node:events');
const orders = new EventEmitter().on('placed', function onPlaced() { throw new Error('m'); });
exports.run = () => orders.emit('placed');`,
    ['exports.run index.js:3', 'EventEmitter.emit node:events -', 'EventEmitter.onPlaced index.js:2'],
  ],
  [
    'a stream',
    `const { pipeline } = require('node:stream/promises');
const { Readable, Transform } = require('node:stream');
const upper = new Transform({ transform(chunk, _, done) { done(new Error('m')); } });
exports.run = async () => { await pipeline(Readable.from(['a']), upper); };`,
    ['Readable.emit node:events -', 'Transform.transform index.js:3'],
  ],
  [
    'AsyncLocalStorage.run',
    `const { AsyncLocalStorage } = require('node:async_hooks');
const store = new AsyncLocalStorage();
exports.run = () => store.run({}, function inside() { throw new Error('m'); });`,
    ['exports.run index.js:3', 'inside index.js:3'],
  ],
  [
    'an async function in AsyncLocalStorage.run',
    `const { AsyncLocalStorage } = require('node:async_hooks');
const store = new AsyncLocalStorage();
async function inside() { await null; throw new Error('m'); }
exports.run = async () => { await store.run({}, inside); };`,
    ['exports.run index.js:4', '~inside index.js:3'],
  ],
  [
    'util.promisify',
    `const { promisify } = require('node:util');
const load = promisify((done) => setImmediate(() => done(new Error('m'))));
exports.run = async () => { await load(); };`,
    ['Immediate.<anonymous> index.js:2'],
  ],
  [
    'an error thrown again',
    `async function load() { await null; throw new Error('m'); }
async function find() { try { await load(); } catch (error) { throw error; } }
exports.run = async () => { await find(); };`,
    ['exports.run index.js:3', '~find index.js:2', '~load index.js:1'],
  ],
];

describe('the asynchronous stack of', () => {
  it.each(CASES)('%s', async (_name, code, expected) => {
    expect(await framesOf(code)).toEqual(expected);
  });
});
