import { describeValue } from '../describe-value';
import { hasMethods } from '../value-kinds';
import { checkWanted } from './check-wanted';
import type { WantedReport } from './expected-report';
import { describeReport, describeWanted } from './explain-reports';
import type { RavenTesting } from './raven-testing';

/** The matchers as `expect(…)` of Vitest and Jest has them. @typeParam R - what a matcher returns there */
export interface RavenMatchers<R> {
  /**
   * That the app reported an event like this; without an argument, any. `await raven.waitFor(…)` is for what is
   * still to come.
   */
  toHaveReported(wanted?: WantedReport): R;
}

declare global {
  // Jest's own types and Vitest's both take what stands here.
  namespace jest {
    interface Matchers<R, T = {}> extends RavenMatchers<R> {}
  }
}

/** For `expect.extend(ravenMatchers)`, in Vitest, Jest, and whatever else has it. */
export const ravenMatchers = {
  toHaveReported(
    received: unknown,
    ...given: [wanted?: WantedReport]
  ): { pass: boolean; message: () => string } {
    // By its shape: a runner that loads modules anew has several of the class.
    if (!hasMethods(received, ['find', 'explain'])) {
      throw new TypeError(
        `toHaveReported: was given ${describeValue(received)}; expected what the app reported, app.get(RavenTesting)`,
      );
    }
    const raven = received as RavenTesting;
    const [wanted] = given;
    if (given.length > 0) checkWanted('toHaveReported', wanted);
    const found = raven.find(wanted);
    return {
      pass: found !== undefined,
      message: () =>
        found
          ? `${describeWanted(wanted)} was not expected, and there is one:\n  - ${describeReport({ client: undefined, event: found })}`
          : raven.explain(wanted),
    };
  },
};
