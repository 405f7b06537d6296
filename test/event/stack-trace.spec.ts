import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { currentStackTrace, stackTrace, stackTraceOf } from '../../lib/event/stack-trace';
import type { FrameOptions } from '../../lib/event/stack-frames';
import { workedMs } from '../support/worked-ms';

const OPTIONS: FrameOptions = {
  root: join(__dirname, '../..'),
  includePaths: [],
  excludePaths: [],
  ownDirectory: join(__dirname, '../../lib'),
};

const { stackTraceLimit, prepareStackTrace } = Error;
afterEach(() => Object.assign(Error, { stackTraceLimit, prepareStackTrace }));

function withStack(stack: unknown): Error {
  return Object.defineProperty(new Error('m'), 'stack', { value: stack });
}

describe('the stack of an error', () => {
  it('ends where it was made', () => {
    const made = function makeIt(): Error {
      return new Error('m');
    };
    expect(stackTraceOf(made(), OPTIONS)?.frames.at(-1)).toMatchObject({
      function: 'makeIt',
      filename: 'test/event/stack-trace.spec.ts',
      in_app: true,
    });
  });

  it('tells async functions apart from those that called them', async () => {
    async function fails(): Promise<void> {
      await Promise.resolve();
      throw new Error('m');
    }
    async function calls(): Promise<void> {
      await Promise.all([fails(), Promise.resolve()]);
    }
    const error: unknown = await calls().catch((caught: unknown) => caught);
    const names = stackTraceOf(error, OPTIONS)?.frames.map((frame) => frame.function) ?? [];
    expect(names.filter((name) => /calls|fails|all/.test(name ?? ''))).toEqual([
      'calls',
      'Promise.all',
      'fails',
    ]);
  });

  it('has the line of code that called eval', () => {
    const run = Reflect.get(globalThis, 'eval') as (code: string) => unknown;
    const error = run('(function evaluated() { return new Error("m"); })()');
    const last = stackTraceOf(error, OPTIONS)?.frames.at(-1);
    expect(last).toMatchObject({ function: 'evaluated', filename: 'test/event/stack-trace.spec.ts' });
  });

  it('has the 250 frames next to the throw', () => {
    const lines = Array.from({ length: 300 }, (_, index) => `    at f${index} (/app/a.js:${index + 1}:1)`);
    const frames = stackTrace(`Error: m\n${lines.join('\n')}`, OPTIONS)?.frames ?? [];
    expect([frames.length, frames[0].function, frames[249].function]).toEqual([250, 'f249', 'f0']);
  });

  it.each([
    ['no text', 42],
    ['an object', {}],
    ['nothing', undefined],
    ['empty', ''],
    ['the message alone', 'Error: m'],
  ])('is left out where it is %s', (_what, stack) => {
    expect(stackTraceOf(withStack(stack), OPTIONS)).toBeUndefined();
  });

  it('is left out where reading it throws', () => {
    const error = Object.defineProperty(new Error('m'), 'stack', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(stackTraceOf(error, OPTIONS)).toBeUndefined();
  });

  it('is left out where the app has switched stacks off', () => {
    Error.stackTraceLimit = 0;
    expect(stackTraceOf(new Error('m'), OPTIONS)).toBeUndefined();
    expect(currentStackTrace(OPTIONS)).toBeUndefined();
  });

  it.each([
    ['gives call sites', (_error: Error, sites: NodeJS.CallSite[]): unknown => sites],
    [
      'throws',
      (): unknown => {
        throw new Error('no');
      },
    ],
  ])('is left out where an app’s prepareStackTrace %s', (_what, prepare) => {
    Error.prepareStackTrace = prepare;
    expect(stackTraceOf(new Error('m'), OPTIONS)).toBeUndefined();
    expect(currentStackTrace(OPTIONS)).toBeUndefined();
  });

  it.each([
    ['lines that are no frames', 'x\n'.repeat(2e6)],
    ['one line', 'x'.repeat(4e6)],
    ['one frame', `    at f (${'x'.repeat(4e6)}:1:1)`],
    ['opening parentheses', '    at ( ( ( (\n'.repeat(3e5)],
    ['closing parentheses', `    at f (eval at f (${')'.repeat(4000)}x)\n`.repeat(1000)],
    ['aliases', `    at f${' [as '.repeat(800)} (/a.js:1:1)\n`.repeat(1000)],
    ['colons', `    at f (${':1'.repeat(2000)})\n`.repeat(1000)],
    ['evals', `    at f (${'eval at f ('.repeat(360)})\n`.repeat(1000)],
  ])('of megabytes of %s is read in no time', (_what, stack) => {
    const tookMs = workedMs(() => {
      const trace = stackTrace(`Error: m\n${stack}`, OPTIONS, 'm');
      expect(trace?.frames.length ?? 0).toBeLessThanOrEqual(250);
    });
    expect(tookMs).toBeLessThan(1000);
  });

  it('is read in no time beside a message that nearly matches everywhere', () => {
    const tookMs = workedMs(() => stackTrace('a'.repeat(2e6), OPTIONS, `b${'a'.repeat(1e6)}`));
    expect(tookMs).toBeLessThan(1000);
  });

  it('is read without throwing whatever it is', () => {
    const part = fc.constantFrom(
      '    at ',
      'async ',
      ' (',
      ')',
      'eval at ',
      ':1',
      '\n',
      'file://',
      '%zz',
      'a',
      '[as ',
      ']',
      '<',
      '/',
    );
    const text = fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.string(), (stack, message) => {
        const trace = stackTrace(stack, OPTIONS, message);
        if (trace) expect(trace.frames.length).toBeGreaterThan(0);
        for (const frame of trace?.frames ?? []) {
          expect(typeof frame.function).toBe('string');
          expect(typeof frame.filename).toBe('string');
          expect(typeof frame.in_app).toBe('boolean');
        }
      }),
    );
  });
});

describe('the stack of a call', () => {
  const OWN = OPTIONS.ownDirectory;

  function callersOf(...lines: string[]): (string | undefined)[] | undefined {
    Error.prepareStackTrace = () => `Error: stack${lines.map((line) => `\n    at ${line}`).join('')}`;
    return currentStackTrace(OPTIONS)?.frames.map((frame) => frame.function);
  }

  it('ends with the caller, without this package’s own frames', () => {
    const frames = currentStackTrace(OPTIONS)?.frames;
    expect(frames?.at(-1)).toMatchObject({ filename: 'test/event/stack-trace.spec.ts', in_app: true });
  });

  it('leaves out what of the language stands between frames of this package', () => {
    const lines = [`build (${OWN}/a.js:1:1)`, 'Array.map (<anonymous>)', `capture (${OWN}/b.js:1:1)`];
    expect(callersOf(...lines, 'handler (/app/a.js:1:1)')).toEqual(['handler']);
  });

  it('keeps the app’s frames although this package had called them', () => {
    const lines = [`capture (${OWN}/a.js:1:1)`, 'handler (/app/a.js:1:1)', `intercept (${OWN}/b.js:1:1)`];
    expect(callersOf(...lines, 'express (/app/e.js:1:1)')).toEqual(['express', 'intercept', 'handler']);
  });

  it('is left out where there are no other frames than this package’s', () => {
    expect(callersOf(`capture (${OWN}/a.js:1:1)`)).toBeUndefined();
  });
});
