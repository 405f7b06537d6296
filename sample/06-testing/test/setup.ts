// #region matchers
import { expect } from 'vitest';
import { ravenMatchers } from 'nestjs-raven/testing';

expect.extend(ravenMatchers);
// #endregion matchers
