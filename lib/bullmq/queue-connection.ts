import { Queue } from 'bullmq';
import { unrefSocket } from '../transport/unref-socket';
import type { EnvelopeJob } from './envelope-job';
import type { Queueing } from './queue.options';
import { asConnection, givenClient, makeClient, type RedisClient } from './redis-client';

/** Redis cannot be reached, so nothing was sent. */
export class NotConnectedError extends Error {}

/**
 * A way to add jobs that connects when it is needed, and anew after it was dropped or lost.
 *
 * Nothing waits inside of it for a connection to come back, and nothing of it keeps the process alive: when to try
 * again is for the transport to say.
 */
export class QueueConnection {
  readonly #queueing: Queueing;
  readonly #given?: RedisClient;
  #stopWaiting?: () => void;
  #live?: { client: RedisClient; queue: Promise<Queue<EnvelopeJob>> };

  constructor(queueing: Queueing) {
    this.#queueing = queueing;
    this.#given = givenClient(queueing.connection);
  }

  /**
   * The queue, once Redis is there.
   *
   * @throws NotConnectedError (rejects) where it is not
   */
  async queue(): Promise<Queue<EnvelopeJob>> {
    const live = (this.#live ??= this.#open());
    try {
      const queue = await live.queue;
      if (live.client.status === 'ready') return queue;
    } catch (error) {
      // Redis may have let it connect, and no more.
      this.#end(live.client);
      throw new NotConnectedError((error as Error).message, { cause: error });
    }
    if (live.client !== this.#given) this.#forget(live.client);
    throw new NotConnectedError('not connected');
  }

  /** Ends the connection, if it is our own; what was asked over it fails. */
  drop(): void {
    const client = this.#live?.client;
    this.#stopWaiting?.();
    if (client !== undefined && client !== this.#given) this.#end(client);
  }

  #end(client: RedisClient): void {
    this.#forget(client);
    if (client === this.#given) return;
    client.disconnect();
    // `disconnect` is polite and waits for Redis to close its side.
    client.stream?.destroy();
  }

  #forget(client: RedisClient): void {
    if (this.#live?.client === client) this.#live = undefined;
  }

  #open(): { client: RedisClient; queue: Promise<Queue<EnvelopeJob>> } {
    const client = this.#given ?? this.#make();
    return { client, queue: this.#connect(client) };
  }

  #make(): RedisClient {
    const client = makeClient(this.#queueing.connection, {
      lazyConnect: true,
      retryStrategy: () => null,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
    });
    // Without a listener ioredis would print them; the promises tell as much.
    client.on('error', () => undefined);
    client.on('end', () => this.#forget(client));
    return client;
  }

  async #connect(client: RedisClient): Promise<Queue<EnvelopeJob>> {
    if (client.status === 'wait') await this.#connectQuietly(client);
    if (client.status === 'connecting' || client.status === 'connect') await this.#arrival(client);
    const { queueName, prefix } = this.#queueing;
    const queue = new Queue<EnvelopeJob>(queueName, {
      connection: asConnection(client),
      prefix,
      skipVersionCheck: true,
      skipMetasUpdate: true,
    });
    queue.on('error', () => undefined);
    return queue;
  }

  /** The app's own client may still be on its way; whether it got there its status tells. */
  #arrival(client: RedisClient): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        for (const event of ['ready', 'close', 'end']) client.off(event, settle);
        this.#stopWaiting = undefined;
        resolve();
      };
      for (const event of ['ready', 'close', 'end']) client.on(event, settle);
      this.#stopWaiting = settle;
    });
  }

  async #connectQuietly(client: RedisClient): Promise<void> {
    let reason: Error | undefined;
    client.once('error', (error: Error) => (reason = error));
    if (client !== this.#given) {
      // The socket is made a moment after it was asked for; with sentinels, once they have answered.
      setImmediate(() => client.stream && unrefSocket(client.stream));
      client.once('connect', () => client.stream?.unref?.());
    }
    try {
      await client.connect();
      // Redis may not let us in, or be loading what it had on disk.
      await client.ping();
    } catch (error) {
      // "Connection is closed" does not say why.
      throw reason ?? error;
    }
  }
}
