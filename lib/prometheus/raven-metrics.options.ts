import type { OpenMetricsContentType, PrometheusContentType, Registry } from 'prom-client';
import { checkOptions, expects } from '../check-options';
import { hasMethods, isText } from '../value-kinds';

/** A registry of prom-client, whichever format it writes. */
export type MetricsRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

/** Where the metrics of an app's clients stand, and under which names. */
export interface RavenMetricsOptions {
  /** The registry that is scraped. Default prom-client's own, `register`. Several apps may share one. */
  registry?: MetricsRegistry | undefined;
  /** What the metrics' names begin with. Default `nestjs_raven_`. */
  prefix?: string | undefined;
}

/** What names of metrics may begin with. */
const PREFIX = /^[a-z_:][\w:]*$/i;

/** @throws InvalidOptionsError at the first option that is unknown or has a wrong value */
export function checkMetricsOptions(options: RavenMetricsOptions): void {
  checkOptions('RavenMetricsModule', options, {
    registry: expects('a Registry of prom-client', (value) =>
      hasMethods(value, ['getSingleMetric', 'registerMetric', 'removeSingleMetric']),
    ),
    prefix: expects(
      'letters, digits, "_" and ":", such as "shop_errors_"',
      (value) => isText(value) && PREFIX.test(value),
    ),
  });
}
