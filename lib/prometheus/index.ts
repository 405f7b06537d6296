export { RavenMetricsModule } from './raven-metrics.module';
export type { RavenMetricsOptionsFactory } from './raven-metrics.module-definition';
export type { MetricsRegistry, RavenMetricsOptions } from './raven-metrics.options';
