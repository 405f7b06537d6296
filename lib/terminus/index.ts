export { RavenHealthIndicator } from './raven.health-indicator';
export type { RavenHealth, RavenHealthDetails } from './raven-health';
export type { RavenHealthOptions } from './raven-health.options';
