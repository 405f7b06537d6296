import type { JobsOptions, Queue } from 'bullmq';
import { joinEnvelope } from '../protocol/envelope';
import type { Delivery } from '../transport/delivery';
import { safeText } from '../transport/safe-text';
import type { Sender } from '../transport/sender';
import type { SendResult } from '../transport/send-result';
import type { SetTimer } from '../transport/set-timer';
import { ENVELOPE_JOB, packEnvelope } from './envelope-job';
import { NotConnectedError, type QueueConnection } from './queue-connection';

/** What a {@link BullSender} is told. */
export interface BullSenderOptions {
  connection: QueueConnection;
  /** Goes along with each envelope, so that the forwarder knows whose it is; without the secret. */
  publicDsn: string;
  /** Most jobs that may wait in the queue. */
  maxQueuedJobs: number;
  /** Largest envelope, in bytes. */
  maxJobBytes: number;
  /** For one attempt. */
  timeoutMs: number;
  /** What must not appear in any text that leaves this class. */
  secrets: readonly string[];
  setTimer: SetTimer;
  /** Monotonic clock in milliseconds. */
  now: () => number;
}

const COUNT_EVERY_MS = 1000;
/** An attempt of BullMQ's is a refusal by the server; the forwarder decides when it is enough. */
const ATTEMPTS = 1000;
const JOB: JobsOptions = { attempts: ATTEMPTS, removeOnComplete: true, stackTraceLimit: 1 };

/** Adds one job to a queue for each envelope; knows nothing of retries. A job has the event's id, so one event is one job. */
export class BullSender implements Sender {
  readonly #options: BullSenderOptions;
  #countedMs = Number.NEGATIVE_INFINITY;
  #isFull = false;

  constructor(options: BullSenderOptions) {
    this.#options = options;
  }

  async send(delivery: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    try {
      return await this.#inTime(this.#add(delivery));
    } catch (error) {
      return this.#failure(error);
    }
  }

  close(): void {
    this.#options.connection.drop();
  }

  async #add({ headers, items }: Pick<Delivery, 'headers' | 'items'>): Promise<SendResult> {
    const { connection, publicDsn, maxJobBytes } = this.#options;
    const envelope = joinEnvelope({ ...headers, dsn: publicDsn }, items);
    if (envelope.byteLength > maxJobBytes) {
      return { status: 413, reason: `${envelope.byteLength} bytes are more than maxJobBytes` };
    }
    const data = await packEnvelope(envelope);
    const queue = await connection.queue();
    if (await this.#hasNoRoom(queue)) {
      return {
        networkError: 'it is full: does a forwarder take jobs off?',
        isUnsent: true,
        isStaleSocket: false,
      };
    }
    await queue.add(ENVELOPE_JOB, data, { ...JOB, ...jobId(headers.event_id) });
    return { status: 200 };
  }

  /** Without anybody who takes jobs off, Redis must not fill up, which others need. */
  async #hasNoRoom(queue: Queue): Promise<boolean> {
    const nowMs = this.#options.now();
    if (nowMs - this.#countedMs >= COUNT_EVERY_MS) {
      this.#countedMs = nowMs;
      this.#isFull = (await queue.count()) >= this.#options.maxQueuedJobs;
    }
    return this.#isFull;
  }

  /** A Redis that does not answer is left, with all that waits for it. */
  #inTime(adding: Promise<SendResult>): Promise<SendResult> {
    const { connection, timeoutMs, setTimer } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = setTimer(() => {
        reject(new Error(`no answer within ${timeoutMs} ms`));
        connection.drop();
      }, timeoutMs);
      adding.then(resolve, reject).finally(cancel);
    });
  }

  #failure(error: unknown): SendResult {
    const { message, name } = error as Error;
    return {
      networkError: safeText(message, this.#options.secrets) || 'unknown error',
      // What Redis answers with an error it did not do.
      isUnsent: error instanceof NotConnectedError || name === 'ReplyError',
      isStaleSocket: false,
    };
  }
}

/** BullMQ takes no id that is a number or has a colon; whoever sends such a one gets one of BullMQ's. */
function jobId(eventId: string | undefined): { jobId?: string } {
  return eventId !== undefined && /^[\w-]{1,64}$/.test(eventId) ? { jobId: `event-${eventId}` } : {};
}
