import { publicDsn, type Dsn } from '../protocol/dsn';
import type { QueuedTransportSettings } from '../transport/queued-transport.options';
import { QueuedTransport } from '../transport/queued.transport';
import { setTimer } from '../transport/set-timer';
import { BullSender } from './bull-sender';
import { aSize, checkOptions } from '../check-options';
import { QUEUE_CHECKS, resolveQueue, type QueueOptions } from './queue.options';
import { QueueConnection } from './queue-connection';
import { describeQueue, secretsOf } from './redis-client';

/** Where events go, and how many. */
export interface BullTransportOptions extends QueueOptions {
  /** Most jobs that wait in the queue; beyond, events stay in the app's memory or spool. Default 100 000. */
  maxQueuedJobs?: number | undefined;
  /** Largest envelope that becomes a job, in bytes before gzip. Default 10 MiB. */
  maxJobBytes?: number | undefined;
}

/** What the client tells a transport. */
export interface BullTransportSettings extends QueuedTransportSettings {
  dsn: Dsn;
}

const SPEAKER = 'RavenBullTransport';
const CHECKS = { ...QUEUE_CHECKS, maxQueuedJobs: aSize, maxJobBytes: aSize };

/**
 * Puts envelopes onto a queue in Redis or Valkey, from which a `RavenForwarderModule` delivers them: for
 * `RavenModule.forRoot({ transport: RavenBullTransport })`.
 *
 * Redis is the server here: while it cannot be reached, events wait as they do for any server, in memory or in the
 * spool, and the client is `offline`. `sent` in the client's stats are those that Redis has.
 */
export class RavenBullTransport extends QueuedTransport {
  /**
   * @param settings - what the client tells
   * @param options - which queue; default `REDIS_URL`, else localhost
   * @throws InvalidOptionsError where an option is unknown or has a wrong value
   */
  constructor(settings: BullTransportSettings, options: BullTransportOptions = {}) {
    checkOptions(SPEAKER, options, CHECKS);
    const queueing = resolveQueue(options);
    // What came from the environment is held to the same rules.
    checkOptions(SPEAKER, queueing, QUEUE_CHECKS);
    const { dsn, spool, ...others } = settings;
    const sender = new BullSender({
      connection: new QueueConnection(queueing),
      publicDsn: publicDsn(dsn, dsn.scheme),
      maxQueuedJobs: options.maxQueuedJobs ?? 100_000,
      maxJobBytes: options.maxJobBytes ?? 10 * 1024 * 1024,
      timeoutMs: settings.timeoutMs ?? 10_000,
      secrets: secretsOf(queueing.connection),
      setTimer: settings.setTimer ?? setTimer,
      now: settings.now ?? (() => performance.now()),
    });
    super(sender, {
      ...others,
      // The forwarder knows what its server understands.
      protocol: 'envelope',
      server: describeQueue(queueing),
      ...(spool && { spool: { ...spool, publicDsn: publicDsn(dsn, dsn.scheme) } }),
    });
  }

  /**
   * The transport with a queue of your choice: `transport: RavenBullTransport.on({ connection: 'redis://queue:6379' })`.
   *
   * @throws InvalidOptionsError where an option is unknown or has a wrong value
   */
  static on(options: BullTransportOptions): new (settings: BullTransportSettings) => RavenBullTransport {
    checkOptions(SPEAKER, options, CHECKS);
    return class extends RavenBullTransport {
      constructor(settings: BullTransportSettings) {
        super(settings, options);
      }
    };
  }
}
