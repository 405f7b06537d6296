import { describe, expect, it } from 'vitest';
import { literalValue } from '../../lib/cli/doctor/literal-value';

describe('a literal', () => {
  it.each([
    ['true', true],
    ['10_000', 10_000],
    ['0.5', 0.5],
    ["'a, b'", 'a, b'],
    ['"it\'s"', "it's"],
    ['[]', []],
    ["['a', 'b',]", ['a', 'b']],
  ])('%s has its value', (text, value) => {
    expect(literalValue(text)).toEqual({ value });
  });

  it.each(['process.env.A', '{}', 'a', '[a]', '`${a}`', "'a' + 'b'", "['a, b']", '1 + 1', '() => 1', ''])(
    'is not guessed of %s',
    (text) => expect(literalValue(text)).toBeUndefined(),
  );
});
