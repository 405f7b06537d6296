import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinVarsSize } from '../../lib/client/frame-vars';
import type { ExceptionValue } from '../../lib/protocol/event';

const LIMITS = { maxDepth: 6, maxListLength: 50, maxStringLength: 400 };

function cut(vars: Record<string, unknown>): Record<string, unknown> | undefined {
  const values: ExceptionValue[] = [{ type: 'Error', stacktrace: { frames: [{ function: 'f', vars }] } }];
  return withinVarsSize(values, LIMITS)[0].stacktrace?.frames[0].vars;
}

describe('withinVarsSize', () => {
  it('leaves variables that fit, but for nulls', () => {
    expect(cut({ a: 1, b: [1, { c: 'x' }], none: null })).toEqual({ a: 1, b: [1, { c: 'x' }], none: 'null' });
  });

  it('keeps rather less of each variable than some not at all', () => {
    const vars = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `v${index}`,
        Array.from({ length: 20 }, () => 'x'.repeat(300)),
      ]),
    );
    expect(Object.keys(cut(vars) ?? {})).toHaveLength(20);
  });

  it('is never more than servers keep, and never null', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 60 }), fc.jsonValue({ maxDepth: 4 })), (vars) => {
        const kept = cut(vars) ?? {};
        expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(2048);
        expect(Object.values(kept)).not.toContain(null);
      }),
    );
  });

  it('passes by what is no stack', () => {
    const values = [{ type: 'Error' }, { type: 'Error', stacktrace: { frames: 'none' } }] as never;
    expect(withinVarsSize(values, LIMITS)).toEqual(values);
  });
});
