import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collapseFrames } from '../../lib/event/collapse-frames';
import type { StackFrame } from '../../lib/protocol/event';

const OWN = { ownDirectory: '/app/lib' };

const FILES: Record<string, string> = {
  app: 'src/orders.js',
  own: 'lib/nest/http/http-scope.js',
  nest: 'node_modules/@nestjs/core/router/router-proxy.js',
  express: 'node_modules/express/lib/express.js',
  rxjs: 'node_modules/rxjs/dist/cjs/internal/Observable.js',
  fastify: 'node_modules/fastify/lib/route.js',
  pg: 'node_modules/pg/lib/client.js',
  pool: 'node_modules/express-session/index.js',
  node: 'node:async_hooks',
};

/** `app nest nest app`: frames in this order; `~` before one marks where an async part begins, `native` has no file. */
function frames(kinds: string): StackFrame[] {
  return kinds.split(' ').map((kind, index) => {
    const name = kind.replace('~', '');
    const file = FILES[name];
    return {
      function: `${name}${index}`,
      filename: file ?? '<anonymous>',
      ...(file !== undefined && { abs_path: name === 'node' ? file : `/app/${file}` }),
      in_app: name === 'app',
      ...(kind.startsWith('~') && { stack_start: true as const }),
    };
  });
}

function collapsed(kinds: string): string {
  return collapseFrames(frames(kinds), OWN)
    .map((frame) => `${frame.stack_start ? '~' : ''}${frame.function}`)
    .join(' ');
}

describe('frames of Nest in a row', () => {
  it.each([
    ['nest nest nest', 'nest0 nest2'],
    ['app nest express rxjs own fastify app', 'app0 nest1 fastify5 app6'],
    ['nest node native nest app', 'nest0 nest3 app4'],
    ['node node nest node nest node', 'node0 node1 nest2 nest4 node5'],
    ['nest nest nest pg nest nest nest', 'nest0 nest2 pg3 nest4 nest6'],
    ['nest nest nest app nest nest nest app', 'nest0 nest2 app3 nest4 nest6 app7'],
  ])('%s are told by their ends', (given, expected) => {
    expect(collapsed(given)).toBe(expected);
  });

  it.each([
    ['nest nest app'],
    ['nest app nest app nest'],
    ['node node node node'],
    ['native native native native'],
    ['pg pg pg pool pool pool'],
    ['nest node node node'],
    ['nest pg nest pool nest'],
  ])('%s are left as they are', (given) => {
    expect(collapsed(given).replaceAll(/\d/g, '')).toBe(given);
  });

  it('stay where the app counts them as its own', () => {
    const own = frames('nest nest nest').map((frame) => ({ ...frame, in_app: true }));
    expect(collapseFrames(own, OWN)).toEqual(own);
  });

  it.each([
    ['nest ~nest nest app', 'nest0 ~nest2 app3'],
    ['~nest nest nest app', '~nest0 nest2 app3'],
    ['nest nest nest ~app', 'nest0 nest2 ~app3'],
  ])('%s keep the boundary of an async part', (given, expected) => {
    expect(collapsed(given)).toBe(expected);
  });

  it('never lose a frame of the app or of a library, nor the first and the last, nor their order', () => {
    const kind = fc.constantFrom(...Object.keys(FILES), 'native', '~app', '~nest');
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 40 }), (kinds) => {
        const given = frames(kinds.join(' '));
        const kept = collapseFrames(given, OWN);
        const names = kept.map((frame) => frame.function);
        const all = given.map((frame) => frame.function);
        expect(names).toEqual(all.filter((name) => names.includes(name)));
        expect(names).toEqual(
          expect.arrayContaining(all.filter((name) => /^(?:app|pg|pool)/.test(name ?? ''))),
        );
        expect([names[0], names.at(-1)]).toEqual([all[0], all.at(-1)]);
        expect(collapseFrames(kept, OWN)).toEqual(kept);
      }),
    );
  });
});
