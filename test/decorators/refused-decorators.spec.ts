import { describe, expect, it } from 'vitest';
import { CaptureErrors, Extra, Fingerprint, IgnoreErrors, Level, Tag, Tags } from 'nestjs-raven';

/** What an import gives that was not made yet. */
const NOT_YET: unknown = undefined;

/** Decorates a method and a class, as an app in plain JavaScript could. */
function decorate(decorator: unknown, ...given: unknown[]): void {
  const decorated = decorator as (...values: unknown[]) => MethodDecorator & ClassDecorator;
  class Decorated {
    @decorated(...given)
    method(): void {}
  }
  decorated(...given)(Decorated);
}

describe('a decorator that cannot work stops the app where its class is defined, with one line', () => {
  it.each<[string, unknown, unknown[], string]>([
    [
      "@CaptureErrors('TypeError')",
      CaptureErrors,
      ['TypeError'],
      '@CaptureErrors was given "TypeError"; expected classes of errors (one may be undefined in a circular import), or one object of options',
    ],
    [
      '@CaptureErrors(undefined)',
      CaptureErrors,
      [NOT_YET],
      '@CaptureErrors was given undefined; expected classes of errors (one may be undefined in a circular import), or one object of options',
    ],
    [
      '@CaptureErrors(TypeError, undefined)',
      CaptureErrors,
      [TypeError, NOT_YET],
      '@CaptureErrors was given undefined; expected classes of errors (one may be undefined in a circular import), or one object of options',
    ],
    [
      '@CaptureErrors([TypeError])',
      CaptureErrors,
      [[TypeError]],
      '@CaptureErrors was given a list; expected classes of errors (one may be undefined in a circular import), or one object of options',
    ],
    [
      '@CaptureErrors({…}, TypeError)',
      CaptureErrors,
      [{ level: 'info' }, TypeError],
      '@CaptureErrors was given an object; expected classes of errors (one may be undefined in a circular import), or one object of options',
    ],
    [
      '@CaptureErrors({ foo: 1 })',
      CaptureErrors,
      [{ foo: 1 }],
      '@CaptureErrors was given the option "foo"; expected some of types, level, tags, extra, fingerprint, client',
    ],
    [
      '@CaptureErrors({ types: [undefined] })',
      CaptureErrors,
      [{ types: [NOT_YET] }],
      '@CaptureErrors({ types }) was given a list; expected a list of classes of errors',
    ],
    [
      "@CaptureErrors({ level: 'warn' })",
      CaptureErrors,
      [{ level: 'warn' }],
      '@CaptureErrors({ level }) was given "warn"; expected one of fatal, error, warning, info, debug',
    ],
    [
      '@CaptureErrors({ tags: new Map() })',
      CaptureErrors,
      [{ tags: new Map() }],
      '@CaptureErrors({ tags }) was given a Map object; expected an object of names and values',
    ],
    [
      "@CaptureErrors({ fingerprint: 'f' })",
      CaptureErrors,
      [{ fingerprint: 'f' }],
      '@CaptureErrors({ fingerprint }) was given "f"; expected a list of texts',
    ],
    [
      "@CaptureErrors({ client: '' })",
      CaptureErrors,
      [{ client: '' }],
      '@CaptureErrors({ client }) was given empty; expected a name that is not empty',
    ],
    [
      '@Tags(undefined)',
      Tags,
      [NOT_YET],
      '@Tags was given undefined; expected an object of names and values',
    ],
    ['@Tags([])', Tags, [[]], '@Tags was given a list; expected an object of names and values'],
    [
      "@Level('warn')",
      Level,
      ['warn'],
      '@Level was given "warn"; expected one of fatal, error, warning, info, debug',
    ],
    ['@Level()', Level, [], '@Level was given undefined; expected one of fatal, error, warning, info, debug'],
    [
      '@IgnoreErrors(undefined)',
      IgnoreErrors,
      [NOT_YET],
      '@IgnoreErrors was given undefined; expected classes of errors (one may be undefined in a circular import) or their names',
    ],
    [
      "@IgnoreErrors('')",
      IgnoreErrors,
      [''],
      '@IgnoreErrors was given empty; expected classes of errors (one may be undefined in a circular import) or their names',
    ],
    [
      "@Fingerprint('a', undefined)",
      Fingerprint,
      ['a', NOT_YET],
      '@Fingerprint was given undefined; expected texts, or one function that gives a list of them',
    ],
    [
      "@Fingerprint('a', () => ['b'])",
      Fingerprint,
      ['a', () => ['b']],
      '@Fingerprint was given a function; expected texts, or one function that gives a list of them',
    ],
    [
      "@Tag(undefined, 'a')",
      Tag,
      [NOT_YET, 'a'],
      '@Tag was given undefined; expected a name that is not empty',
    ],
    ["@Extra('', 'a')", Extra, ['', 'a'], '@Extra was given empty; expected a name that is not empty'],
    ["@Tag('x')", Tag, ['x'], "@Tag('x') has no value; expected one, save on a parameter"],
  ])('%s', (_, decorator, given, line) => {
    expect(() => decorate(decorator, ...given)).toThrow(new TypeError(line));
  });

  it.each([
    ["@Tag('x', 1)", Tag, 'Tag'],
    ["@Extra('x', 1)", Extra, 'Extra'],
  ])('%s on a parameter, whose own value is meant', (_, decorator, name) => {
    expect(() => {
      class Wrong {
        method(@decorator('x', 1) value: number): number {
          return value;
        }
      }
      return Wrong;
    }).toThrow(
      new TypeError(
        `@${name}('x') was given the value 1 on a parameter; expected none, as the parameter's own is reported`,
      ),
    );
  });

  it.each<[string, unknown, unknown[]]>([
    ['@CaptureErrors()', CaptureErrors, []],
    ['@CaptureErrors(TypeError)', CaptureErrors, [TypeError, class extends Error {}]],
    [
      '@CaptureErrors({ … })',
      CaptureErrors,
      [
        {
          types: [TypeError],
          level: undefined,
          tags: { a: 1 },
          extra: {},
          fingerprint: ['f'],
          client: 'billing',
        },
      ],
    ],
    ['@Tags({ … })', Tags, [{ a: 1 }]],
    ["@Level('warning')", Level, ['warning']],
    ['@IgnoreErrors(TypeError, …)', IgnoreErrors, [TypeError, 'Timeout', 'shop.*']],
    ["@Fingerprint('a', 'b')", Fingerprint, ['a', 'b']],
    ["@Fingerprint(() => ['a'])", Fingerprint, [() => ['a']]],
    ["@Extra('x', undefined)", Extra, ['x', undefined]],
  ])('but not %s', (_, decorator, given) => {
    expect(() => decorate(decorator, ...given)).not.toThrow();
  });
});
