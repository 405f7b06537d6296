import { describe, expect, it } from 'vitest';
import { framesOf } from './support/stack-case';

const CASES: [name: string, code: string, frames: string[]][] = [
  [
    'functions that call each other',
    `exports.run = () => outer();
function outer() { inner(); }
function inner() { throw new Error('m'); }`,
    ['exports.run index.js:1', 'outer index.js:2', 'inner index.js:3'],
  ],
  ['the top level of a module', `throw new Error('m');`, ['Object.<anonymous> index.js:1']],
  [
    'a method',
    `class Orders { find() { throw new Error('m'); } }
exports.run = () => new Orders().find();`,
    ['exports.run index.js:2', 'Orders.find index.js:1'],
  ],
  [
    'an inherited method',
    `class Base { find() { throw new Error('m'); } }
class Orders extends Base { find() { return super.find(); } }
exports.run = () => new Orders().find();`,
    ['exports.run index.js:3', 'Orders.find index.js:2', 'Orders.find index.js:1'],
  ],
  [
    'a static method',
    `class Orders { static find() { throw new Error('m'); } }
exports.run = () => Orders.find();`,
    ['exports.run index.js:2', 'Orders.find index.js:1'],
  ],
  [
    'a private method',
    `class Orders {
  find() { return this.#load(); }
  #load() { throw new Error('m'); }
}
exports.run = () => new Orders().find();`,
    ['exports.run index.js:5', 'Orders.find index.js:2', '#load index.js:3'],
  ],
  [
    'a getter and a setter',
    `class Orders {
  get total() { throw new Error('m'); }
  set total(value) { return this.total; }
}
exports.run = () => { new Orders().total = 1; };`,
    ['exports.run index.js:5', 'set total index.js:3', 'get total index.js:2'],
  ],
  [
    'a constructor and the one above it',
    `class Base { constructor() { throw new Error('m'); } }
class Orders extends Base {}
exports.run = () => new Orders();`,
    ['exports.run index.js:3', 'new Orders index.js:2', 'new Base index.js:1'],
  ],
  [
    'a field’s initializer',
    `const fail = () => { throw new Error('m'); };
class Orders { total = fail(); }
exports.run = () => new Orders();`,
    [
      'exports.run index.js:3',
      'new Orders index.js:2',
      '<instance_members_initializer> index.js:2',
      'fail index.js:1',
    ],
  ],
  [
    'a static block',
    `exports.run = () => {
  class Orders { static { throw new Error('m'); } }
  return Orders;
};`,
    ['exports.run index.js:1', '<static_initializer> index.js:2'],
  ],
  [
    'arrows and functions without a name',
    `const list = [() => { throw new Error('m'); }];
exports.run = () => (function () { list[0](); })();`,
    ['exports.run index.js:2', '<anonymous> index.js:2', 'Array.list index.js:1'],
  ],
  [
    'an object’s method, a shorthand and a computed one',
    `const name = 'a b';
const orders = { find() { this[name](); }, [name]: function () { throw new Error('m'); } };
exports.run = () => orders.find();`,
    ['exports.run index.js:3', 'Object.find index.js:2', 'a b index.js:2'],
  ],
  [
    'a method named by a symbol',
    `const key = Symbol('key');
class Orders { [key]() { throw new Error('m'); } }
exports.run = () => new Orders()[key]();`,
    ['exports.run index.js:3', '[key] index.js:2'],
  ],
  [
    'a bound function',
    `function find() { throw new Error('m'); }
const bound = find.bind({}, 1);
exports.run = () => bound();`,
    ['exports.run index.js:3', 'Object.find index.js:1'],
  ],
  [
    'call, apply and Reflect.apply',
    `function a() { throw new Error('m'); }
function b() { a.call({}); }
function c() { b.apply({}, []); }
exports.run = () => Reflect.apply(c, {}, []);`,
    ['exports.run index.js:4', 'Object.c index.js:3', 'Object.b index.js:2', 'Object.a index.js:1'],
  ],
  [
    'the trap of a proxy',
    `const proxy = new Proxy({}, { get(target, key) { throw new Error(key); } });
exports.run = () => proxy.total;`,
    ['exports.run index.js:2', 'Object.get index.js:1'],
  ],
  [
    'toString and valueOf',
    `const total = { toString() { throw new Error('m'); } };
exports.run = () => \`total: \${total}\`;`,
    ['exports.run index.js:2', 'Object.toString index.js:1'],
  ],
  [
    'a tagged template and a default argument',
    `const fail = () => { throw new Error('m'); };
function tag(parts, value = fail()) { return value; }
exports.run = () => tag\`a\`;`,
    ['exports.run index.js:3', 'tag index.js:2', 'fail index.js:1'],
  ],
  [
    'a generator',
    `function* numbers() { yield 1; throw new Error('m'); }
function outer() { return [...numbers()]; }
exports.run = () => outer();`,
    ['exports.run index.js:3', 'outer index.js:2', 'numbers.next <anonymous> -', 'numbers index.js:1'],
  ],
  [
    'a generator in a generator',
    `function* inner() { throw new Error('m'); }
function* outer() { yield* inner(); }
exports.run = () => { for (const each of outer()) void each; };`,
    [
      'exports.run index.js:3',
      'outer.next <anonymous> -',
      'outer index.js:2',
      'inner.next <anonymous> -',
      'inner index.js:1',
    ],
  ],
  [
    'an iterator of a class’s own',
    `class Orders { [Symbol.iterator]() { return { next() { throw new Error('m'); } }; } }
exports.run = () => { const [first] = new Orders(); return first; };`,
    ['exports.run index.js:2', 'Object.next index.js:1'],
  ],
  [
    'Array.map',
    `exports.run = () => [1].map((each) => { throw new Error(each); });`,
    ['exports.run index.js:1', 'Array.map <anonymous> -', '<anonymous> index.js:1'],
  ],
  [
    'Array.sort',
    `function compare() { throw new Error('m'); }
exports.run = () => [2, 1].sort(compare);`,
    ['exports.run index.js:2', 'Array.sort <anonymous> -', 'compare index.js:1'],
  ],
  [
    'Array.reduce within forEach',
    `exports.run = () => [1].forEach(function each() {
  [1, 2].reduce(function add() { throw new Error('m'); });
});`,
    [
      'exports.run index.js:1',
      'Array.forEach <anonymous> -',
      'each index.js:2',
      'Array.reduce <anonymous> -',
      'add index.js:2',
    ],
  ],
  [
    'String.replace',
    `exports.run = () => 'a'.replace(/a/, function replacer() { throw new Error('m'); });`,
    ['exports.run index.js:1', 'String.replace <anonymous> -', 'replacer index.js:1'],
  ],
  [
    'JSON.parse and its reviver',
    `exports.run = () => JSON.parse('[1]', function revive() { throw new Error('m'); });`,
    ['exports.run index.js:1', 'JSON.parse <anonymous> -', 'Array.revive index.js:1'],
  ],
  [
    'JSON.parse of what is none',
    `function read() { return JSON.parse('{'); }
exports.run = () => read();`,
    ['exports.run index.js:2', 'read index.js:1', 'JSON.parse <anonymous> -'],
  ],
  [
    'JSON.stringify and toJSON',
    `class Money { toJSON() { throw new Error('m'); } }
exports.run = () => JSON.stringify({ total: new Money() });`,
    ['exports.run index.js:2', 'JSON.stringify <anonymous> -', 'Money.toJSON index.js:1'],
  ],
  [
    'a pattern that is none',
    `exports.run = function run() { return new RegExp('('); };`,
    ['Object.run index.js:1', 'new RegExp <anonymous> -'],
  ],
  [
    'what is not there',
    `exports.run = function run() { return undefined.total; };`,
    ['Object.run index.js:1'],
  ],
  [
    'an assignment to a constant',
    `exports.run = function run() { const a = 1; a = 2; };`,
    ['Object.run index.js:1'],
  ],
  [
    'a call of what is no function',
    `exports.run = function run() { const orders = {}; orders.find(); };`,
    ['Object.run index.js:1'],
  ],
];

describe('the stack of', () => {
  it.each(CASES)('%s', async (_name, code, expected) => {
    expect(await framesOf(code)).toEqual(expected);
  });
});
