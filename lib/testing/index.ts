export { RavenTestingModule } from './raven-testing.module';
export { RavenTesting } from './raven-testing';
export { FakeClock } from './fake-clock';
export { ravenMatchers } from './raven-matchers';
export type { RavenMatchers } from './raven-matchers';
export type { AsymmetricMatcher, ExpectedReport, ExpectedText, WantedReport } from './expected-report';
