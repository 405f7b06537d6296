import { channel } from 'node:diagnostics_channel';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newClient } from '../../client/support/new-client';
import { crumbsOf } from './crumbs-of';
import { quietConsole } from './quiet-console';

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const;
let printed: string[];

beforeEach(() => {
  printed = quietConsole();
});

function messageOf(...values: unknown[]): string | null | undefined {
  const test = newClient();
  console.log(...values);
  return crumbsOf(test)[0].message;
}

describe('a line of console', () => {
  it('is a breadcrumb of its level', () => {
    const test = newClient();
    for (const method of METHODS) console[method](`by ${method}`);
    console.trace('where');
    const lines = crumbsOf(test);
    expect(lines.map(({ level, message }) => [level, message?.split('\n', 1)[0]])).toEqual([
      ['info', 'by log'],
      ['info', 'by info'],
      ['warning', 'by warn'],
      ['error', 'by error'],
      ['debug', 'by debug'],
      ['debug', 'Trace: where'],
    ]);
    expect(lines[0]).toMatchObject({ type: 'default', category: 'console', data: null });
  });

  it.each<[string, unknown[], string]>([
    ['a format', ['order %d of %s', 7, 'acme'], 'order 7 of acme'],
    ['primitives', ['a', 1, null, undefined, true, 2n, Symbol('s')], 'a 1 null undefined true 2n Symbol(s)'],
    ['an object', ['user', { id: 1, tags: ['x'] }], "user { id: 1, tags: [ 'x' ] }"],
    [
      'an error, whatever is in its message',
      [new TypeError('not %d', { cause: 1 }), 2],
      'TypeError: not %d 2',
    ],
    ['an error among others', ['failed:', new Error('why')], 'failed: Error: why'],
    ['what is deep', [{ a: { b: { c: { d: 1 } } } }], '{ a: { b: [Object] } }'],
    [
      'what has no properties to tell',
      [new Map([[1, 2]]), new Uint8Array(9), new URL('http://a/b')],
      '[Map] [Uint8Array] http://a/b',
    ],
    ['a function', [function named() {}], '[Function: named]'],
    ['lists', [[1, [2, [3]]]], '[ 1, [ 2, [Array] ] ]'],
  ])('shows %s, in short', (_, values, message) => {
    expect(messageOf(...values)).toBe(message);
  });

  it('shows what was logged, not what became of it, and holds nothing of it', () => {
    const test = newClient();
    const order = { id: 1, items: ['a'] };
    console.log(order);
    order.id = 2;
    order.items.push('b');
    expect(crumbsOf(test)[0].message).toBe("{ id: 1, items: [ 'a' ] }");
    expect(holds(test.client.context.breadcrumbs, order)).toBe(false);
  });

  it('masks secrets as any text', () => {
    expect(messageOf('login', { user: 'ann', password: 'hunter2', token: 'abc' })).not.toMatch(/hunter2|abc/);
    expect(messageOf('password=hunter2')).not.toContain('hunter2');
  });

  it('of hostile and huge values is bounded and fails nobody', () => {
    const cycle: Record<string, unknown> = {
      get thrown(): never {
        throw new Error('getter');
      },
    };
    cycle.self = cycle;
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    let calls = 0;
    const counting = {
      get calls() {
        return (calls += 1);
      },
    };
    const values = [
      cycle,
      revoked.proxy,
      counting,
      'x'.repeat(1e6),
      Array.from({ length: 1e5 }, () => 'y'.repeat(50)),
    ];
    const test = newClient();
    console.log(...values);
    const [{ message }] = crumbsOf(test);
    expect(message).toHaveLength(1024);
    expect(calls).toBe(0);
    expect(JSON.stringify(test.client.context.breadcrumbs[0].data).length).toBeLessThan(20_000);
  });

  it('is printed as it is without a client', () => {
    console.log('plain %s', 'text', { a: 1 });
    newClient();
    console.log('plain %s', 'text', { a: 1 });
    expect(printed).toEqual(['plain text { a: 1 }\n', 'plain text { a: 1 }\n']);
  });

  it('that a hook prints is none', () => {
    const test = newClient({ beforeBreadcrumb: () => console.log('by the hook') });
    console.log('by the app');
    expect(crumbsOf(test).map(({ message }) => message)).toEqual(['by the app']);
  });

  it('is kept by the scope that prints it', () => {
    const test = newClient();
    test.client.context.run(() => {
      console.log('inside');
      expect(crumbsOf(test)).toHaveLength(1);
    });
    expect(crumbsOf(test)).toEqual([]);
  });

  it('is none for a client that does not want it', () => {
    const off = newClient({ breadcrumbSources: { console: false } });
    const on = newClient();
    console.log('line');
    expect(crumbsOf(off)).toEqual([]);
    expect(crumbsOf(on)).toHaveLength(1);
  });
});

describe('console itself', () => {
  const properties = (): unknown[] => METHODS.map((name) => Object.getOwnPropertyDescriptor(console, name));
  const listened = (): boolean => METHODS.some((name) => channel(`console.${name}`).hasSubscribers);

  it('is as it was once the last client is closed', async () => {
    const before = properties();
    const [first, second] = [newClient().client, newClient().client];
    expect(listened() || before.some((own, index) => own !== properties()[index])).toBe(true);
    await first.close(0);
    await second.close(0);
    expect(properties()).toEqual(before);
    expect(listened()).toBe(false);
  });

  it('keeps what somebody else has put over it since', async () => {
    const { client } = newClient();
    const spy = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await client.close(0);
    console.log('seen');
    expect(spy).toHaveBeenCalledWith('seen');
    spy.mockRestore();
  });
});

function holds(kept: unknown, value: object, seen = new Set<unknown>()): boolean {
  if (kept === value) return true;
  if (typeof kept !== 'object' || kept === null || seen.has(kept)) return false;
  seen.add(kept);
  return Object.values(kept).some((inner) => holds(inner, value, seen));
}
