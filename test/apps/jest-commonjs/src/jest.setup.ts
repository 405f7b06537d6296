// #region matchers
import { ravenMatchers } from 'nestjs-raven/testing';

expect.extend(ravenMatchers);
// #endregion matchers
