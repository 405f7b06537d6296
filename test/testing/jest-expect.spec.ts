import { expect as jestExpect } from 'expect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RavenClient } from 'nestjs-raven';
import { RavenTesting, ravenMatchers, type RavenMatchers } from 'nestjs-raven/testing';

// As docs/testing.md has it for those who do not take Jest's globals.
declare module 'expect' {
  interface Matchers<R> extends RavenMatchers<R> {}
}

expect.extend(ravenMatchers);
jestExpect.extend(ravenMatchers);

// Jest itself runs in test/apps: it cannot load NestJS 12 on every Node.
describe('toHaveReported of Jest', () => {
  let raven: RavenTesting;
  let client: RavenClient;
  beforeEach(() => {
    raven = new RavenTesting();
    client = raven.makeClient();
  });
  afterEach(async () => void (await client.close()));

  it('passes and fails as Vitest’s', () => {
    client.captureException(new RangeError('nothing left'));
    jestExpect(raven).toHaveReported({ type: RangeError, message: jestExpect.stringContaining('left') });
    jestExpect(raven).not.toHaveReported({ type: TypeError });
    expect(() => jestExpect(raven).toHaveReported({ type: TypeError })).toThrow(
      "a report of { type: TypeError } was expected, and these were:\n  - RangeError 'nothing left', level error\n      type is 'RangeError', expected 'TypeError'",
    );
    expect(() => jestExpect(raven).not.toHaveReported()).toThrow(
      'a report was not expected, and there is one',
    );
  });

  it('is typed', () => {
    // @ts-expect-error there is no such field
    expect(() => jestExpect(raven).toHaveReported({ tag: 'x' })).toThrow('an unknown "tag"');
    // @ts-expect-error there is no such level
    expect(() => expect(raven).toHaveReported({ level: 'warn' })).toThrow('"level" as "warn"');
  });
});
