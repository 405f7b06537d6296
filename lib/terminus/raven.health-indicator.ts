import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { RavenClient } from '../client/raven.client';
import { getRavenToken } from '../raven.tokens';
import { DeliveryWatch } from './delivery-watch';
import { healthResult } from './health-result';
import type { RavenHealth, RavenHealthDetails } from './raven-health';
import type { RavenHealthOptions } from './raven-health.options';

/**
 * Tells Terminus how the delivery of errors does: `() => this.raven.isHealthy('raven')`. A provider of the module
 * whose controller asks for it; for @nestjs/terminus 10, 11 and 12.
 *
 * Unless there are limits it always says `up`, and details: were it `down` whenever the error server is, an
 * orchestrator would take every instance of the app away for that, and with them the events that wait in memory.
 */
@Injectable()
export class RavenHealthIndicator {
  readonly #watches = new WeakMap<RavenClient, DeliveryWatch>();

  constructor(private readonly moduleRef: ModuleRef) {}

  /**
   * Looks at what the client knows; nothing is sent.
   *
   * @param key - of the result
   * @param options - limits, see {@link RavenHealthOptions}
   * @returns the status under the key, `up` unless a limit is passed, with {@link RavenHealthDetails}
   * @throws (rejects) HealthCheckError where it is `down` and Terminus is 10, which hears of it in no other way
   */
  async isHealthy<const Key extends string>(
    key: Key,
    options: RavenHealthOptions = {},
  ): Promise<RavenHealth<Key>> {
    const client = this.#find(options.client);
    if (!client) {
      const message = options.client === undefined ? 'no RavenClient' : `no client named ${options.client}`;
      return healthResult(key, 'up', { state: 'unknown', message });
    }
    if (!client.isEnabled()) return healthResult(key, 'up', { state: 'disabled' });
    const watch = this.#watches.get(client) ?? new DeliveryWatch(client);
    this.#watches.set(client, watch);
    const look = watch.look();
    const { state, pending, spooled, lastError } = look.stats;
    const message = complaints(look, options).join('; ');
    const details: RavenHealthDetails = {
      state,
      pending,
      spooled,
      dropped: look.dropped,
      lost: look.lost,
      ...(lastError && { lastError }),
      ...(message && { message }),
    };
    return healthResult(key, message ? (options.unhealthyStatus ?? 'down') : 'up', details);
  }

  /** An app's tests may have something else in the client's place. */
  #find(name: string | undefined): RavenClient | undefined {
    try {
      const found: unknown = this.moduleRef.get(getRavenToken(name), { strict: false });
      return found instanceof RavenClient ? found : undefined;
    } catch {
      return undefined;
    }
  }
}

function complaints(
  { stats, offlineMs, lostAgoMs }: ReturnType<DeliveryWatch['look']>,
  { offlineForMs, maxPending, lostWithinMs }: RavenHealthOptions,
): string[] {
  const found: string[] = [];
  if (offlineForMs !== undefined && offlineMs !== undefined && offlineMs >= offlineForMs) {
    found.push(`no delivery for ${Math.round(offlineMs / 1000)} s`);
  }
  if (maxPending !== undefined && stats.pending > maxPending) {
    found.push(`${stats.pending} events wait in memory`);
  }
  if (lostWithinMs !== undefined && lostAgoMs !== undefined && lostAgoMs < lostWithinMs) {
    found.push('events were lost');
  }
  return found;
}
