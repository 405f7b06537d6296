import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { RavenMetricsOptions } from './raven-metrics.options';

/** What a class given to `forRootAsync` has: it makes the options. */
export interface RavenMetricsOptionsFactory {
  createRavenMetricsOptions(): RavenMetricsOptions | Promise<RavenMetricsOptions>;
}

export const {
  ConfigurableModuleClass: ConfigurableRavenMetricsModule,
  MODULE_OPTIONS_TOKEN: RAVEN_METRICS_OPTIONS,
} = new ConfigurableModuleBuilder<RavenMetricsOptions>({ moduleName: 'RavenMetrics' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createRavenMetricsOptions')
  .build();
