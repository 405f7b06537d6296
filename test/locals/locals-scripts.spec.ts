import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageScripts, type Run, type Scripts } from '../integrations/support/scripts';
import { startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';

/**
 * `client(captureLocals, options)`; `ready()`, which resolves when the thread has found what it looks for; `seen()`, which
 * resolves when an error that is caught has variables: on a busy machine stops may have taken too long before.
 */
const PRELUDE = `
const client = (captureLocals, options) =>
  new raven.RavenClient({ dsn: DSN, includeVersions: false, frameContextLines: 0, sourceMaps: false, context: {}, captureLocals, shutdownTimeoutMs: 15_000, ...options });
const marks = () => Object.getOwnPropertySymbols(process).filter((key) => String(key).includes('nestjs-raven'));
const ready = async () => { while (marks().length > 0) await new Promise((resolve) => setTimeout(resolve, 1)); };
const seen = async () => {
  const transport = new raven.RecordingTransport();
  const probe = new raven.RavenClient({ dsn: DSN, transport, includeVersions: false, frameContextLines: 0, sourceMaps: false, captureLocals: 'all', installProcessHandlers: false });
  const tried = () => {
    probe.captureException(thrown(function probed() { const tried = 1; throw new Error('probe ' + tried); }));
    return transport.events.at(-1).exception.values[0].stacktrace.frames.some(({ vars }) => vars?.tried === 1);
  };
  while (!tried()) await new Promise((resolve) => setTimeout(resolve, 100));
};
const thrown = (fn) => { try { fn(); } catch (error) { return error; } };
`;

let scripts: Scripts;
let receiver: Receiver;
beforeAll(() => {
  scripts = packageScripts();
});
afterAll(() => scripts.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** Runs an async function's body; the process ends by itself, or the test fails. */
async function run(body: string, nodeFlags: string[] = []): Promise<Run> {
  const result = await scripts.run(`${PRELUDE}\n(async () => {\n${body}\n})();`, receiver.dsn(), nodeFlags);
  expect(result, result.stderr).toMatchObject({ signal: null });
  return result;
}

type Vars = Record<string, unknown>;

/** The variables of the frame of that function, in the error that was thrown last. */
function varsOf(event: ReceivedEvent, name: string): Vars | undefined {
  const frames = event.exception.values.at(-1)?.stacktrace.frames ?? [];
  const frame = frames.find(({ function: own }) => own === name);
  expect(frame, `a frame of ${name}`).toBeDefined();
  return frame?.vars as Vars | undefined;
}

function withVars(event: ReceivedEvent): Vars[] {
  return event.exception.values.flatMap(({ stacktrace }) =>
    stacktrace.frames.map(({ vars }) => vars as Vars).filter((vars) => vars !== undefined),
  );
}

describe("captureLocals: 'all'", () => {
  it('shows the variables of each call, masked, of an error that is caught', async () => {
    await run(`
      const raven = client('all');
      await ready();
      class Orders {
        place(order, password) {
          const total = order.items.length;
          for (const item of order.items) {
            const card = '4111 1111 1111 1111';
            if (item > 1) throw new Error('no');
          }
          return total + card;
        }
      }
      function outer(apiToken) { const url = 'https://user:pass@host/x'; return new Orders().place({ items: [1, 2], apiKey: 'k', left: null }, 'hunter2') + url; }
      raven.captureException(thrown(() => outer('abc')));
    `);
    const [event] = receiver.events;
    expect(varsOf(event, 'Orders.place')).toEqual({
      card: '********',
      item: 2,
      total: 2,
      order: { items: [1, 2], apiKey: '********', left: 'null' },
      password: '********',
    });
    const outer = varsOf(event, 'outer');
    expect(outer).toMatchObject({ apiToken: '********' });
    expect(JSON.stringify(event)).not.toMatch(/hunter2|4111|user:pass|"abc"/);
  });

  it('shows those of async functions, generators, callbacks without a name, and constructors', async () => {
    await run(`
      const raven = client('all');
      await ready();
      async function load(id) { const table = 'orders'; await null; throw new Error('async ' + id + table); }
      await load(7).catch((error) => raven.captureException(error));
      function* rows(limit) { const page = 2; yield page; throw new Error('generator ' + limit); }
      raven.captureException(thrown(() => [...rows(3)]));
      raven.captureException(thrown(() => [5].map((value) => { const doubled = value * 2; throw new Error('callback ' + doubled); })));
      class Cart { constructor(size) { const owner = 'o'; throw new Error('constructor ' + size + owner); } }
      raven.captureException(thrown(() => new Cart(4)));
      await new Promise((resolve) => setTimeout(() => {
        const inTimer = 'yes';
        try { throw new Error('timer ' + inTimer); } catch (error) { raven.captureException(error); }
        resolve();
      }));
    `);
    const [load, rows, callback, cart, timer] = receiver.events;
    expect(varsOf(load, 'load')).toEqual({ id: 7, table: 'orders' });
    expect(varsOf(rows, 'rows')).toEqual({ limit: 3, page: 2 });
    expect(withVars(callback)).toContainEqual({ value: 5, doubled: 10 });
    expect(varsOf(cart, 'new Cart')).toEqual({ size: 4, owner: 'o' });
    expect(withVars(timer)[0]).toEqual({ inTimer: 'yes' });
  });

  it('shows each cause with its own, and the innermost of variables of one name', async () => {
    await run(`
      const raven = client('all');
      await ready();
      function inner(attempt) { { const attempt = 'shadow'; throw new Error('inner ' + attempt); } }
      function outer(query) { try { inner(2); } catch (cause) { throw new Error('outer ' + query, { cause }); } }
      raven.captureException(thrown(() => outer('select')));
    `);
    const [cause, outer] = receiver.events[0].exception.values;
    expect(cause.stacktrace.frames.at(-1)).toMatchObject({ function: 'inner', vars: { attempt: 'shadow' } });
    expect(outer.stacktrace.frames.at(-1)).toMatchObject({ function: 'outer', vars: { query: 'select' } });
  });

  it('keeps what an error was thrown with first, and finds its calls when it was made elsewhere', async () => {
    await run(`
      const raven = client('all');
      await ready();
      const make = (what) => { const helper = 1; return new Error(what + helper); };
      function fail(step) { throw make('made ' + step); }
      function again(step) { try { fail(step); } catch (error) { step = 'changed'; throw error; } }
      raven.captureException(thrown(() => again('first')));
    `);
    const [event] = receiver.events;
    expect(varsOf(event, 'make')).toBeUndefined();
    expect(varsOf(event, 'fail')).toEqual({ step: 'first' });
    expect(varsOf(event, 'again')).toEqual({ step: 'first' });
  });

  it('runs none of the code of what it looks at, and bounds it', async () => {
    const { stdout } = await run(`
      const raven = client('all');
      await ready();
      const trap = (target) => new Proxy(target, new Proxy({}, { get: (_, name) => { console.log('TRAPPED', name); } }));
      function fail() {
        const proxy = trap({ a: 1 });
        const getter = { get value() { console.log('GETTER'); return 1; } };
        const says = { hidden: 1, toJSON() { console.log('TOJSON'); return 1; } };
        const derived = Object.create(trap({}), { own: { value: 1, enumerable: true } });
        const array = new Array(1e6).fill('x');
        const bytes = Buffer.alloc(1e6);
        const text = 'y'.repeat(1e6);
        const keys = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => ['key' + i, i]));
        let deep = {}; for (let i = 0; i < 10_000; i++) deep = { deep };
        const cycle = {}; cycle.self = cycle;
        const empty = null; let nothing;
        const request = new (require('node:http').IncomingMessage)(null);
        const error = Object.assign(new Error('inner'), { code: 'E' });
        throw new Error('full');
      }
      raven.captureException(thrown(fail));
      function many() { ${Array.from({ length: 200 }, (_, i) => `const v${i} = ['long text', ${i}];`).join('')} throw new Error('many'); }
      raven.captureException(thrown(many));
    `);
    expect(stdout).not.toMatch(/TRAPPED|GETTER|TOJSON/);
    const vars = varsOf(receiver.events[0], 'fail');
    expect(vars).toMatchObject({
      proxy: '[Proxy]',
      getter: { value: '<getter>' },
      says: '[Object]',
      bytes: '[Buffer: 1000000 bytes]',
      empty: 'null',
      nothing: 'undefined',
      request: '[IncomingMessage]',
    });
    for (const event of receiver.events) {
      for (const some of withVars(event)) expect(JSON.stringify(some).length).toBeLessThanOrEqual(2048);
    }
    expect(Object.keys(varsOf(receiver.events[1], 'many') ?? {})).toHaveLength(25);
  });

  it('leaves alone what packages throw and catch, and what is no Error', async () => {
    const { stdout } = await run(`
      const raven = client('all');
      const { RecordedLocals } = require('../dist/locals/recorded-locals');
      const { record } = RecordedLocals.prototype;
      RecordedLocals.prototype.record = function (error, ...rest) { console.log('stopped:', String(error?.message)); return record.call(this, error, ...rest); };
      await ready();
      const source = '(tries) => { for (let i = 0; i < tries; i++) try { throw new Error("of a package"); } catch {} }';
      const byPackage = new (require('node:vm').Script)(source, { filename: '/app/node_modules/some/index.js' }).runInThisContext();
      byPackage(3);
      function text(reason) { throw 'text ' + reason; }
      raven.captureException(thrown(() => text('why')));
      function byNode(size) { return Buffer.alloc(size); }
      raven.captureException(thrown(() => byNode('many')));
    `);
    const [text, byNode] = receiver.events;
    expect(stdout).not.toContain('of a package');
    expect(withVars(text)).toEqual([]);
    expect(varsOf(byNode, 'byNode')).toEqual({ size: 'many' });
  });

  it("shows those of a route's handler in an app on Express", async () => {
    await run(`
      require('reflect-metadata');
      const { Module, Controller, Get, Param } = require('@nestjs/common');
      const { NestFactory } = require('@nestjs/core');
      class Orders { find(id) { const table = 'orders'; return this.query(table, Number(id)); } async query(table, id) { const password = 'hunter2'; await null; throw new Error(table + id); } }
      Controller('orders')(Orders);
      Get(':id')(Orders.prototype, 'find', Object.getOwnPropertyDescriptor(Orders.prototype, 'find'));
      Param('id')(Orders.prototype, 'find', 0);
      class AppModule {}
      Module({ controllers: [Orders], imports: [raven.RavenModule.forRoot({ dsn: DSN, includeVersions: false, frameContextLines: 0, sourceMaps: false, captureLocals: 'all', shutdownTimeoutMs: 15_000 })] })(AppModule);
      const app = await NestFactory.create(AppModule, { logger: false });
      await app.listen(0, '127.0.0.1');
      await seen();
      const response = await fetch(await app.getUrl() + '/orders/17');
      console.log('status', response.status);
      await app.close();
    `);
    const [event] = receiver.events;
    expect(varsOf(event, 'Orders.query')).toEqual({ table: 'orders', id: 17, password: '********' });
  });
});

describe("captureLocals: 'uncaught'", () => {
  it.each([
    ['in a timer', `setTimeout(function fail() { const where = 'here'; throw new Error(where); });`],
    [
      'by a promise',
      `(async function fail() { const where = 'here'; await null; throw new Error(where); })();`,
    ],
    [
      'by an emitter',
      `const emitter = new (require('node:events'))().on('x', function fail() { const where = 'here'; throw new Error(where); }); setImmediate(() => emitter.emit('x'));`,
    ],
    [
      'by a stream',
      `require('node:stream').Readable.from([1]).on('data', function fail() { const where = 'here'; throw new Error(where); });`,
    ],
  ])('shows those of an error that nobody catches: %s', async (_, source) => {
    const { code } = await run(`const raven = client('uncaught'); await ready(); ${source}`);
    expect(code).toBe(1);
    expect(withVars(receiver.events[0])).toContainEqual({ where: 'here' });
  });

  it('shows none of an error that is caught', async () => {
    await run(`
      const raven = client('uncaught');
      await ready();
      function fail() { const where = 'here'; throw new Error(where); }
      raven.captureException(thrown(fail));
      await (async () => fail())().catch((error) => raven.captureException(error));
    `);
    expect(receiver.events.map(withVars)).toEqual([[], []]);
  });
});

describe('the recording', () => {
  it('is shared by clients, each with what it asked for, and ends with the last one', async () => {
    const { stdout } = await run(`
      const { processLocals } = require('../dist/locals/process-locals');
      const clients = ['all', 'uncaught', false].map((mode) => client(mode, { tags: { client: String(mode) } }));
      await ready();
      function fail() { const where = 'here'; throw new Error(where); }
      const error = thrown(fail);
      for (const one of clients) one.captureException(error);
      await Promise.all([clients[1].close(), clients[2].close()]);
      clients[0].captureException(thrown(fail));
      await clients[0].close();
      while (processLocals.isRunning) await new Promise((resolve) => setTimeout(resolve, 1));
      const startMs = performance.now();
      for (let i = 0; i < 10_000; i++) thrown(fail);
      console.log('per error', (performance.now() - startMs) / 10_000);
      debugger;
      const late = client('all', { tags: { client: 'late' } });
      await ready();
      late.captureException(thrown(fail));
    `);
    const by = (name: string): unknown[] =>
      receiver.events.filter(({ tags }) => tags.client === name).map((event) => varsOf(event, 'fail'));
    expect(by('all')).toEqual([{ where: 'here' }, { where: 'here' }]);
    expect(by('uncaught')).toEqual([undefined]);
    expect(by('false')).toEqual([undefined]);
    expect(by('late')).toEqual([{ where: 'here' }]);
    // A stop takes ten times as long on the fastest machine.
    expect(Number(/per error (\S+)/.exec(stdout)?.[1])).toBeLessThan(0.1);
  });

  it('stops for a while when errors are too many, and says so once', async () => {
    const { stdout } = await run(`
      const raven = client('all', { stormGuard: false });
      await seen();
      function fail(i) { const where = 'here'; throw new Error(where + i); }
      for (let i = 0; i < 300; i++) raven.captureException(thrown(() => fail(i)));
      await new Promise((resolve) => setTimeout(resolve, 10));
    `);
    const seen = receiver.events.filter((event) => varsOf(event, 'fail') !== undefined);
    expect(receiver.events).toHaveLength(300);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(150);
    expect(stdout.match(/local variables: errors are/g)).toHaveLength(2);
  });

  it('stops when stacks are so deep that stops take too long', async () => {
    const { stdout } = await run(`
      const raven = client('all');
      await seen();
      function deep(left) { if (left === 0) throw new Error('deep'); return deep(left - 1) + left; }
      for (let i = 0; i < 10; i++) thrown(() => deep(2000));
      await new Promise((resolve) => setTimeout(resolve, 10));
      function endless(left) { return endless(left + 1) + left; }
      raven.captureException(thrown(() => endless(0)));
    `);
    expect(stdout).toContain('held up for too long');
    expect(receiver.events[0].exception.values[0].type).toBe('RangeError');
  });

  it.each([
    ['a debugger may be attached', ['--inspect=127.0.0.1:0'], 'a debugger may be attached'],
    [
      'threads are not allowed',
      ['--experimental-permission', '--allow-fs-read=*', '--allow-fs-write=*'],
      'cannot',
    ],
  ])('is off where %s, with one line', async (_, flags, line) => {
    const { stdout, stderr } = await run(
      `const raven = client('all');
      await ready();
      function fail() { const where = 'here'; throw new Error(where); }
      raven.captureException(thrown(fail));`,
      flags,
    );
    expect(withVars(receiver.events[0])).toEqual([]);
    expect((stdout + stderr).split('\n').filter((text) => text.includes('local variables'))).toEqual([
      expect.stringContaining(line),
    ]);
  });

  it.each([
    ['process.exit', 'process.exit(0);', 0],
    ['an error', "throw new Error('end');", 1],
    ['nothing left to do', '', 0],
  ])('lets the process end by %s, without a word on stderr of its own', async (_, source, code) => {
    const { stderr, code: seen } = await run(
      `client('all'); await ready(); setTimeout(() => { ${source} });`,
    );
    expect(seen).toBe(code);
    expect(stderr).not.toContain('debugger');
  });

  it('is not there where no client asks for it', async () => {
    const { stdout } = await run(`
      const raven = client(false);
      raven.captureException(new Error('plain'));
      console.log('loaded', process.moduleLoadList.filter((name) => /NativeModule inspector$/.test(name)).join());
    `);
    expect(stdout).toMatch(/^loaded *$/m);
  });
});
