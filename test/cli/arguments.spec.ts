import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskWords } from '../../lib/cli/mask-words';
import { parseJsonObject } from '../../lib/cli/test-event/parse-json-object';
import { parsePairs } from '../../lib/cli/test-event/parse-pairs';
import { UsageError } from '../../lib/cli/usage-error';

/** What a key may be: it has no equals sign, and no white space around it. */
const key = fc.string({ minLength: 1 }).filter((text) => !text.includes('=') && text.trim() === text);
/** Long enough not to be part of a message by chance. */
const secret = fc.stringMatching(/^[A-Z]{12,20}$/);

function refusal(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('key=value', () => {
  it('gives the keys and values that it was made of, whatever they hold', () => {
    fc.assert(
      fc.property(fc.dictionary(key, fc.string()), (tags) => {
        const texts = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
        expect(Object.entries(parsePairs('--tag', texts))).toEqual(Object.entries(tags));
      }),
    );
  });

  it('is parted by its first equals sign', () => {
    expect(parsePairs('--tag', ['query=a=b', 'empty='])).toEqual({ query: 'a=b', empty: '' });
  });

  it('holds as it was said last', () => {
    expect(parsePairs('--tag', ['area=orders', 'area=bank'])).toEqual({ area: 'bank' });
  });

  it('makes no prototype of a key that is called so', () => {
    const tags = parsePairs('--tag', ['__proto__=evil']);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
    expect(Object.keys(tags)).toEqual(['__proto__']);
  });

  it('is refused without a key, and what was given is not repeated', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom('', '=', '  ='), (text, before) => {
        expect(refusal(() => parsePairs('--tag', ['a=b', before + text]))).not.toContain(text);
      }),
    );
    expect(refusal(() => parsePairs('--tag', ['a=b', 'c']))).toContain(
      'number 2 of --tag has no equals sign',
    );
    expect(refusal(() => parsePairs('--tag', ['=c']))).toContain('--tag has no key');
  });
});

describe('a JSON object', () => {
  it('is what it was written of', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const text = JSON.stringify(data);
        expect(parseJsonObject('--data', text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused where it is JSON of another kind', () => {
    const isOther = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || Array.isArray(value);
    fc.assert(
      fc.property(fc.jsonValue().filter(isOther), (value) => {
        expect(refusal(() => parseJsonObject('--data', JSON.stringify(value)))).toContain('no object');
      }),
    );
  });

  it('is refused where it is cut or spoilt, and nothing of it is repeated', () => {
    fc.assert(
      fc.property(secret, fc.nat(), fc.constantFrom('', '}', '"', ' x'), (text, at, end) => {
        const whole = JSON.stringify({ user: { token: text } });
        const cut = whole.slice(0, at % whole.length) + end;
        fc.pre(!isJson(cut));
        const message = refusal(() => parseJsonObject('--data', cut));
        expect(message).toContain('--data is no JSON');
        expect(message).not.toContain(text.slice(0, 6));
      }),
    );
  });

  it('that is broken is refused with the place', () => {
    expect(refusal(() => parseJsonObject('--data', '{"a" 1}'))).toContain('from character 6 on');
  });
});

describe('what is told of arguments', () => {
  it.each([
    ["error: unknown command 'https://key@errors.example/1'", 'key@'],
    ["error: unknown option '--dsn=https://key:word@errors.example/1'", 'key:word'],
    ["error: unknown option '--password=hunter2'", 'hunter2'],
    ["error: unknown option '-phunter2'", 'hunter2'],
    ['error: 0123456789abcdef0123456789abcdef', '0123456789abcdef'],
    ["error: unknown command 'sntrys_eyJpYXQiOjE3MDAwMDB9==_AbCdEfGhIjKlMn0123'", 'AbCdEf'],
  ])('%s is told without what is secret', (text, hidden) => {
    expect(maskWords(text)).not.toContain(hidden);
    expect(maskWords(text)).toMatch(/^error: .*\*\*\*/);
  });

  it('is not changed where nothing could be', () => {
    const text = "error: unknown option '--tga'\n(Did you mean --tag?)\n@nestjs/core and '@nestjs/common'\n";
    expect(maskWords(text)).toBe(text);
  });

  it('has the form of a DSN as it is', () => {
    const text = 'the DSN "x" is not a URL; expected https://PUBLIC_KEY@HOST/PROJECT_ID';
    expect(maskWords(text)).toBe(text);
  });

  it('takes no longer for a word that is long', () => {
    expect(maskWords('z'.repeat(1_000_000))).toHaveLength(1_000_000);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
