import { describe, expect, it } from 'vitest';
import { parseStack, type FrameOptions } from '../../lib/event/stack-frames';
import type { StackFrame } from '../../lib/protocol/event';

const OPTIONS: FrameOptions = {
  root: '/app',
  includePaths: [],
  excludePaths: [],
  ownDirectory: '/app/vendor/nestjs-raven',
};
const WINDOWS: FrameOptions = { ...OPTIONS, root: 'C:\\app', ownDirectory: 'C:\\app\\vendor\\nestjs-raven' };

function frame(line: string, options = OPTIONS): StackFrame {
  const frames = parseStack(`Error: m\n    at ${line}`, options);
  expect(frames).toHaveLength(1);
  return frames[0];
}

describe('a line of a V8 stack', () => {
  it.each([
    ['handle (/app/src/a.js:12:34)', 'handle'],
    ['/app/src/a.js:12:34', '<anonymous>'],
    ['async handle (/app/src/a.js:12:34)', 'handle'],
    ['async /app/src/a.js:12:34', '<anonymous>'],
    ['Object.<anonymous> (/app/src/a.js:12:34)', 'Object.<anonymous>'],
    ['new Orders (/app/src/a.js:12:34)', 'new Orders'],
    ['async Orders.find (/app/src/a.js:12:34)', 'Orders.find'],
    ['Orders.handle [as callback] (/app/src/a.js:12:34)', 'Orders.handle'],
    ['Orders.get total [as total] (/app/src/a.js:12:34)', 'Orders.get total'],
    ['Orders.set total (/app/src/a.js:12:34)', 'Orders.set total'],
    ['Orders.#secretly (/app/src/a.js:12:34)', 'Orders.#secretly'],
    ['Orders.<instance_members_initializer> (/app/src/a.js:12:34)', 'Orders.<instance_members_initializer>'],
    ['Function.<static_initializer> (/app/src/a.js:12:34)', 'Function.<static_initializer>'],
    ['<static_initializer> (/app/src/a.js:12:34)', '<static_initializer>'],
    ['Object.a (b) (/app/src/a.js:12:34)', 'Object.a (b)'],
    ['Orders.<computed> [as a b] (/app/src/a.js:12:34)', 'Orders.<computed>'],
    ['eval (eval at run (/app/src/a.js:12:34), <anonymous>:1:1)', 'eval'],
    ['inner (eval at o (eval at run (/app/src/a.js:12:34), <anonymous>:1:1), <anonymous>:2:3)', 'inner'],
    ['Object.eval [as f] (eval at run (/app/src/a.js:12:34), <anonymous>:1:1)', 'Object.eval'],
    ['handle (file:///app/src/a.js:12:34)', 'handle'],
    ['file:///app/src/a.js:12:34', '<anonymous>'],
    ['async file:///app/src/a.js?update=17:12:34', '<anonymous>'],
  ])('%s is in src/a.js, line 12, column 34', (line, name) => {
    expect(frame(line)).toEqual({
      function: name,
      filename: 'src/a.js',
      abs_path: '/app/src/a.js',
      module: 'src.a',
      lineno: 12,
      colno: 34,
      in_app: true,
    });
  });

  it.each([
    ['async Promise.all (index 3)', 'Promise.all', '<anonymous>'],
    ['Array.map (<anonymous>)', 'Array.map', '<anonymous>'],
    ['Array.map (native)', 'Array.map', 'native'],
    ['new Promise (<anonymous>)', 'new Promise', '<anonymous>'],
    ['<anonymous>', '<anonymous>', '<anonymous>'],
    ['JSON.parse (<anonymous>)', 'JSON.parse', '<anonymous>'],
  ])('%s has no file and is not the app’s', (line, name, filename) => {
    expect(frame(line)).toEqual({ function: name, filename, in_app: false });
  });

  it.each([
    ['f (/app/my dir/a (copy).js:1:2)', 'my dir/a (copy).js'],
    ['/app/my dir (1)/a.js:1:2', 'my dir (1)/a.js'],
    ['async /app/my dir (1)/a.js:1:2', 'my dir (1)/a.js'],
    ['f (file:///app/my%20dir/a%3Fb.js:1:2)', 'my dir/a?b.js'],
    ['f (file:///app/100%/a.js:1:2)', '100%/a.js'],
    ['eval (eval at f (/app/my dir (1)/a.js:1:2), <anonymous>:1:1)', 'my dir (1)/a.js'],
  ])('%s keeps spaces and parentheses of its path', (line, filename) => {
    expect(frame(line)).toMatchObject({ filename, lineno: 1, colno: 2 });
  });

  it.each([
    ['f (C:\\app\\src\\a.js:1:2)', 'src/a.js', 'C:\\app\\src\\a.js'],
    ['C:\\app\\src\\a.js:1:2', 'src/a.js', 'C:\\app\\src\\a.js'],
    ['f (file:///C:/app/src/a.js:1:2)', 'C:/app/src/a.js'.slice('C:/app/'.length), 'C:/app/src/a.js'],
    ['f (D:\\other\\a.js:1:2)', 'D:/other/a.js', 'D:\\other\\a.js'],
    ['f (\\\\server\\share\\a.js:1:2)', '//server/share/a.js', '\\\\server\\share\\a.js'],
    ['f (file://server/share/a.js:1:2)', '//server/share/a.js', '//server/share/a.js'],
    [
      'f (C:\\app\\node_modules\\pg\\lib\\c.js:1:2)',
      'node_modules/pg/lib/c.js',
      'C:\\app\\node_modules\\pg\\lib\\c.js',
    ],
  ])('%s is a path of Windows', (line, filename, absPath) => {
    const found = frame(line, WINDOWS);
    expect([found.filename, found.abs_path, found.lineno, found.colno]).toEqual([filename, absPath, 1, 2]);
    expect(found.in_app).toBe(!filename.startsWith('node_modules/'));
  });

  it.each([
    ['f (webpack://shop/./src/a.ts:1:2)', 'webpack://shop/./src/a.ts', true],
    ['f (webpack-internal:///./src/a.ts:1:2)', 'webpack-internal:///./src/a.ts', true],
    ['f (webpack:///node_modules/pg/a.js:1:2)', 'node_modules/pg/a.js', false],
    ['f (evalmachine.<anonymous>:1:2)', 'evalmachine.<anonymous>', true],
    ['f (REPL1:1:2)', 'REPL1', true],
    ['f (node:internal/timers:1:2)', 'node:internal/timers', false],
    ['node:events:1:2', 'node:events', false],
    ['f (wasm://wasm/a1b2:wasm-function[3]:0x1f)', 'wasm://wasm/a1b2:wasm-function[3]:0x1f', false],
  ])('%s is named by its URL', (line, filename, inApp) => {
    expect(frame(line)).toMatchObject({ filename, in_app: inApp });
  });

  it.each([
    ['/app/node_modules/@nestjs/core/router/router-proxy.js', '@nestjs/core/router/router-proxy'],
    ['/app/node_modules/.pnpm/pg@8.0.0/node_modules/pg/lib/client.js', 'pg/lib/client'],
    ['node:internal/process/task_queues', 'node:internal/process/task_queues'],
    ['/app/src/orders/orders.service.ts', 'src.orders.orders.service'],
    ['/app/src/orders.mjs', 'src.orders'],
    ['/opt/shared/a.js', 'opt.shared.a'],
  ])('of %s gives the module %s', (path, module) => {
    expect(frame(`f (${path}:1:2)`).module).toBe(module);
  });
});

describe('a stack', () => {
  it('is turned over: the caller first, what threw last', () => {
    const stack = 'Error: m\n    at inner (/app/a.js:1:1)\n    at outer (/app/b.js:2:2)';
    expect(parseStack(stack, OPTIONS).map((one) => one.function)).toEqual(['outer', 'inner']);
  });

  it('does not take lines of the message for frames', () => {
    const message = 'first\n    at fake (/app/fake.js:1:1)\nlast';
    const stack = `TypeError: ${message}\n    at real (/app/a.js:1:1)`;
    expect(parseStack(stack, OPTIONS, message).map((one) => one.function)).toEqual(['real']);
  });

  it('loses no frame to a message that was changed after the throw', () => {
    const stack = 'Error: before\n    at first (/app/a.js:1:1)\n    at second (/app/b.js:1:1)';
    expect(parseStack(stack, OPTIONS, 'first').map((one) => one.function)).toEqual(['second', 'first']);
  });

  it('passes over lines that are none of V8’s', () => {
    const stack = 'Error: m\r\n    at a (/app/a.js:1:1)\r\n  --- inner ---\r\nat b (/app/b.js:1:1)\r\n';
    expect(parseStack(stack, OPTIONS).map((one) => one.function)).toEqual(['b', 'a']);
  });

  it('passes over lines longer than any frame', () => {
    const stack = `Error: m\n    at a (/app/${'x'.repeat(5000)}.js:1:1)\n    at b (/app/b.js:1:1)`;
    expect(parseStack(stack, OPTIONS).map((one) => one.function)).toEqual(['b']);
  });

  it('is read up to 1000 frames from the throw', () => {
    const lines = Array.from({ length: 1100 }, (_, index) => `    at f${index} (/app/a.js:${index + 1}:1)`);
    const frames = parseStack(`Error: m\n${lines.join('\n')}`, OPTIONS);
    expect([frames.length, frames[0].function, frames[999].function]).toEqual([1000, 'f999', 'f0']);
  });

  it('marks frames that another one awaited', () => {
    const lines = [
      'inner (/app/a.js:1:1)',
      'outer (/app/a.js:2:1)',
      'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
      'async Promise.all (index 0)',
      'async caller (/app/a.js:3:1)',
    ];
    const frames = parseStack(`Error: m${lines.map((line) => `\n    at ${line}`).join('')}`, OPTIONS);
    expect(frames.map((one) => [one.function, one.stack_start])).toEqual([
      ['caller', undefined],
      ['Promise.all', true],
      ['process.processTicksAndRejections', true],
      ['outer', undefined],
      ['inner', undefined],
    ]);
  });

  it('takes a function of the name async for what it is', () => {
    const stack = 'Error: m\n    at inner (/app/a.js:1:1)\n    at async (/app/a.js:2:1)';
    const frames = parseStack(stack, OPTIONS);
    expect(frames.map((one) => [one.function, one.stack_start])).toEqual([
      ['async', undefined],
      ['inner', undefined],
    ]);
  });
});

describe('in_app', () => {
  const inApp = (path: string, options: Partial<FrameOptions>): boolean | undefined =>
    frame(`f (${path}:1:1)`, { ...OPTIONS, ...options }).in_app;

  it.each([
    ['/app/src/a.js', true],
    ['/app/dist/a.js', true],
    ['/elsewhere/a.js', true],
    ['/app/node_modules/pg/a.js', false],
    ['/app/vendor/nestjs-raven/client.js', false],
    ['/app/vendor/nestjs-raven-extra/a.js', true],
    ['node:fs', false],
  ])('of %s is %s without options', (path, expected) => {
    expect(inApp(path, {})).toBe(expected);
  });

  it.each([
    ['an absolute path', '/app/node_modules/@acme/'],
    ['a path from the root', 'node_modules/@acme'],
    ['the name of a package', '@acme/core'],
  ])('is made true by includePaths with %s', (_what, entry) => {
    expect(inApp('/app/node_modules/@acme/core/a.js', { includePaths: [entry] })).toBe(true);
    expect(inApp('/app/node_modules/pg/a.js', { includePaths: [entry] })).toBe(false);
  });

  it('takes the name of a package whole', () => {
    expect(inApp('/app/node_modules/pg-pool/a.js', { includePaths: ['pg'] })).toBe(false);
  });

  it.each([['/app/src/generated'], ['src/generated']])('is made false by excludePaths with %s', (entry) => {
    expect(inApp('/app/src/generated/a.js', { excludePaths: [entry] })).toBe(false);
    expect(inApp('/app/src/a.js', { excludePaths: [entry] })).toBe(true);
  });

  it('is false where both say something of a path', () => {
    expect(inApp('/app/src/a.js', { includePaths: ['src'], excludePaths: ['src/a.js'] })).toBe(false);
  });

  it('takes paths of Windows with their own slashes', () => {
    const options = { ...WINDOWS, excludePaths: ['C:\\app\\src\\generated'] };
    expect(frame('f (C:\\app\\src\\generated\\a.js:1:1)', options).in_app).toBe(false);
    expect(frame('f (C:\\app\\vendor\\nestjs-raven\\a.js:1:1)', WINDOWS).in_app).toBe(false);
    expect(frame('f (C:\\app\\src\\a.js:1:1)', options).in_app).toBe(true);
  });

  it.each([
    ['/app/.yarn/cache/pg-npm-8.0.0-1f2e-10.zip/node_modules/pg/lib/a.js', 'node_modules/pg/lib/a.js'],
    ['/app/.yarn/__virtual__/pg-virtual-1f2e/0/cache/pg-1.zip/node_modules/pg/a.js', 'node_modules/pg/a.js'],
    ['/app/.yarn/unplugged/pg-npm-8.0.0-1f2e/node_modules/pg/a.js', 'node_modules/pg/a.js'],
    ['/app/node_modules/.pnpm/pg@8.0.0_x@1/node_modules/pg/a.js', 'node_modules/pg/a.js'],
    ['/home/me/.yarn/berry/cache/pg-1.zip/node_modules/pg/a.js', 'node_modules/pg/a.js'],
    ['file:///app/node_modules/pg/a.mjs', 'node_modules/pg/a.mjs'],
    ['C:\\app\\node_modules\\.pnpm\\pg@8.0.0\\node_modules\\pg\\a.js', 'node_modules/pg/a.js'],
  ])('of a package at %s is false, and its name tells no version', (path, filename) => {
    expect(frame(`f (${path}:1:1)`)).toMatchObject({ filename, in_app: false });
  });

  it('is true for a project that is installed as a package itself', () => {
    const root = '/usr/lib/node_modules/shop';
    const options = { ...OPTIONS, root };
    expect(frame(`f (${root}/dist/a.js:1:1)`, options)).toMatchObject({
      filename: 'dist/a.js',
      in_app: true,
    });
    expect(frame(`f (${root}/node_modules/pg/a.js:1:1)`, options)).toMatchObject({
      filename: 'node_modules/pg/a.js',
      in_app: false,
    });
    expect(frame('f (/usr/lib/node_modules/pg/a.js:1:1)', options).in_app).toBe(false);
  });
});

describe('files of a monorepo', () => {
  const MONOREPO = { ...OPTIONS, root: '/repo/apps/shop', workspaceRoot: '/repo' };

  it.each([
    ['/repo/apps/shop/src/a.js', 'src/a.js', 'src.a', true],
    ['/repo/packages/shared/dist/a.js', 'packages/shared/dist/a.js', 'packages.shared.dist.a', true],
    ['/repo/node_modules/pg/a.js', 'node_modules/pg/a.js', 'pg/a', false],
    ['/repo/packages/shared/node_modules/pg/a.js', 'node_modules/pg/a.js', 'pg/a', false],
    ['/elsewhere/a.js', '/elsewhere/a.js', 'elsewhere.a', true],
  ])('%s is named %s', (path, filename, module, inApp) => {
    expect(frame(`f (${path}:1:1)`, MONOREPO)).toMatchObject({ filename, module, in_app: inApp });
  });

  it('are taken out by the path of their package', () => {
    const options = { ...MONOREPO, excludePaths: ['packages/generated'] };
    expect(frame('f (/repo/packages/generated/a.js:1:1)', options).in_app).toBe(false);
    expect(frame('f (/repo/packages/shared/a.js:1:1)', options).in_app).toBe(true);
  });

  it('are found with a drive in small letters', () => {
    const options = { ...WINDOWS, root: 'c:\\repo\\shop', workspaceRoot: 'c:\\repo' };
    expect(frame('f (C:\\repo\\shop\\a.js:1:1)', options).filename).toBe('a.js');
    expect(frame('f (C:\\repo\\shared\\a.js:1:1)', options).filename).toBe('shared/a.js');
  });
});
