import * as terminus from '@nestjs/terminus';
import type { RavenHealth, RavenHealthDetails } from './raven-health';

/** What differs between versions: 10 has an error for `down`, 11 a service that makes results, 12 `degraded` too. */
const { HealthCheckError, HealthIndicatorService } = terminus as {
  HealthCheckError?: new (message: string, causes: unknown) => Error;
  HealthIndicatorService?: new () => { check(key: string): object };
};

/**
 * The result of a health check as the app's Terminus takes it.
 *
 * @throws HealthCheckError for `down` with Terminus 10
 */
export function healthResult<Key extends string>(
  key: Key,
  status: 'up' | 'degraded' | 'down',
  details: RavenHealthDetails,
): RavenHealth<Key> {
  const known = status === 'degraded' && !hasDegraded() ? 'up' : status;
  const result = { [key]: { status: known, ...details } } as RavenHealth<Key>;
  if (known === 'down' && !HealthIndicatorService && HealthCheckError) {
    throw new HealthCheckError(details.message ?? 'unhealthy', result);
  }
  return result;
}

function hasDegraded(): boolean {
  return HealthIndicatorService !== undefined && 'degraded' in new HealthIndicatorService().check('raven');
}
