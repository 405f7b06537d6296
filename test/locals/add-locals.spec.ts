import { describe, expect, it } from 'vitest';
import { addLocals } from '../../lib/locals/add-locals';
import type { RecordedFrame } from '../../lib/locals/recorded-locals';
import type { StackFrame } from '../../lib/protocol/event';

/** Frames as V8 lists them, what threw first. */
function stack(...names: string[]): StackFrame[] {
  return names
    .map((name, index) => {
      const [own, path = '/app/a.js'] = name.split('@');
      return { function: own, abs_path: path, lineno: index + 1 };
    })
    .reverse();
}

function call(name: string, vars: Record<string, string>, path = '/app/a.js', line = 0): RecordedFrame {
  return { name, path, line, vars };
}

/** What the frames have, what threw first. */
function shown(frames: StackFrame[]): unknown[] {
  return frames.map(({ vars }) => vars).reverse();
}

describe('addLocals', () => {
  it.each([
    ['a method', 'Orders.place', 'place'],
    ['a constructor', 'new Orders', 'Orders'],
    ['a getter', 'Orders.get total', 'get total'],
    ['a static method', 'Function.make', 'make'],
    ['a function in a module', 'Object.<anonymous>', ''],
    ['a function of exports', 'exports.handler', 'exports.handler'],
  ])('knows %s again', (_, shownAs, own) => {
    const frames = stack(shownAs);
    addLocals(frames, [call(own, { a: '1' })], false);
    expect(shown(frames)).toEqual([{ a: '1' }]);
  });

  it('keeps calls of one function apart by their order', () => {
    const frames = stack('make', 'walk', 'walk', 'main');
    addLocals(frames, [call('walk', { n: '2' }), call('walk', { n: '1' }), call('main', { m: '0' })], false);
    expect(shown(frames)).toEqual([undefined, { n: '2' }, { n: '1' }, { m: '0' }]);
  });

  it('passes over calls that the stack does not show, and takes no function of another file', () => {
    const frames = stack('place@/app/b.js', 'main');
    addLocals(frames, [call('place', { a: '1' }), call('main', { m: '0' })], false);
    expect(shown(frames)).toEqual([undefined, { m: '0' }]);
  });

  it('takes a call without a name by its line', () => {
    const frames = stack('Timeout._onTimeout', 'Array.map');
    addLocals(frames, [call('', { a: '1' }, '/app/a.js', 1)], false);
    expect(shown(frames)).toEqual([{ a: '1' }, undefined]);
  });

  it('takes names alone where stacks show sources of what ran', () => {
    const frames = stack('Orders.place@/app/src/a.ts', '<anonymous>@/app/src/a.ts');
    addLocals(
      frames,
      [call('place', { a: '1' }, '/app/dist/a.js'), call('', { b: '2' }, '/app/dist/a.js')],
      true,
    );
    expect(shown(frames)).toEqual([{ a: '1' }, undefined]);
  });
});
