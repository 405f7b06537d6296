import { Counter, Gauge } from 'prom-client';
import type { RavenClient } from '../client/raven.client';
import { InvalidOptionsError } from '../validate-options';
import { CLIENT_METRICS, type ClientMetric } from './client-metrics';
import type { MetricsRegistry } from './raven-metrics.options';

/** Whose clients a metric tells of: an app, which has them from its start on or later. */
export interface ClientSource {
  readonly allClients: Iterable<RavenClient>;
}

type PromMetric = Counter | Gauge;

/**
 * The apps that each metric tells of. A registry takes a name but once, so apps that share one share its metrics;
 * their values under the same labels are added up.
 */
const sources = new WeakMap<object, Set<ClientSource>>();

/**
 * Puts the metrics of an app's clients into a registry. They are read when it is scraped: until then nothing is done.
 *
 * @returns takes the app out of the registry, and with the last app the metrics
 * @throws InvalidOptionsError where the registry has another metric of such a name; it is left as it was
 */
export function shareMetrics(registry: MetricsRegistry, prefix: string, source: ClientSource): () => void {
  for (const { name } of CLIENT_METRICS) {
    const found = registry.getSingleMetric(prefix + name);
    if (found && !sources.has(found)) {
      throw new InvalidOptionsError(
        `RavenMetricsModule: the registry has a metric "${prefix}${name}" already; expected another "prefix" or "registry"`,
      );
    }
  }
  const metrics = CLIENT_METRICS.map((metric) => {
    const name = prefix + metric.name;
    return registry.getSingleMetric(name) ?? register(registry, name, metric);
  });
  for (const metric of metrics) sources.get(metric)?.add(source);
  return () => {
    for (const [index, metric] of metrics.entries()) {
      const name = prefix + CLIENT_METRICS[index].name;
      const left = sources.get(metric);
      left?.delete(source);
      // A test may have cleared the registry, and somebody else have taken the name.
      if (left?.size === 0 && registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
    }
  };
}

function register(
  registry: MetricsRegistry,
  name: string,
  { help, kind, label, read }: ClientMetric,
): PromMetric {
  const of = new Set<ClientSource>();
  const options = {
    name,
    help,
    labelNames: ['client', ...(label ? [label] : [])],
    registers: [registry],
    collect(this: PromMetric): void {
      this.reset();
      for (const { allClients } of of) {
        for (const client of allClients) {
          const labels = { client: client.options.name ?? 'default' };
          const value = read(client.stats(), client);
          const values = typeof value === 'number' ? [[undefined, value] as const] : value;
          for (const [at, count] of values) this.inc({ ...labels, ...(label && { [label]: at }) }, count);
        }
      }
    },
  };
  const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);
  sources.set(metric, of);
  return metric;
}
