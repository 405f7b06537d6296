// #region matchers
import { expect } from '@jest/globals';
import { ravenMatchers, type RavenMatchers } from 'nestjs-raven/testing';

declare module 'expect' {
  interface Matchers<R> extends RavenMatchers<R> {}
}

expect.extend(ravenMatchers);
// #endregion matchers
