import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { register } from 'prom-client';
import { RavenApp } from '../nest/raven-app';
import { RavenAppModule } from '../nest/raven-app.module';
import { ConfigurableRavenMetricsModule, RAVEN_METRICS_OPTIONS } from './raven-metrics.module-definition';
import { checkMetricsOptions, type RavenMetricsOptions } from './raven-metrics.options';
import { shareMetrics } from './shared-metrics';

/** What the metrics' names begin with. */
const DEFAULT_PREFIX = 'nestjs_raven_';

/**
 * Has Prometheus told what `client.stats()` says of all clients of the app: `RavenMetricsModule.forRoot()` beside
 * `RavenModule`, for prom-client 15. It answers no requests: whatever serves the registry serves these metrics.
 *
 * They are read when the registry is scraped, stand in it from the start of the app until its end, and keep nothing
 * alive.
 */
@Module({ imports: [RavenAppModule] })
export class RavenMetricsModule
  extends ConfigurableRavenMetricsModule
  implements OnModuleInit, OnApplicationShutdown
{
  private leave?: () => void;

  constructor(
    private readonly app: RavenApp,
    @Inject(RAVEN_METRICS_OPTIONS) private readonly options: RavenMetricsOptions,
  ) {
    super();
    checkMetricsOptions(options);
  }

  /** @param options - see {@link RavenMetricsOptions}; none: prom-client's own registry */
  static override forRoot(options: RavenMetricsOptions = {}): DynamicModule {
    return super.forRoot(options);
  }

  /** @throws InvalidOptionsError where the registry has metrics of these names that are not of this module */
  onModuleInit(): void {
    const { registry = register, prefix = DEFAULT_PREFIX } = this.options;
    this.leave = shareMetrics(registry, prefix, this.app);
  }

  onApplicationShutdown(): void {
    this.leave?.();
  }
}
