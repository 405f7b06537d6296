import { DelayedError, Queue, RateLimitError, UnrecoverableError, Worker, type Job } from 'bullmq';
import { runQuietly } from '../context/scope';
import { parseDsn, publicDsn } from '../protocol/dsn';
import { parseEnvelope } from '../protocol/parse-envelope';
import { setTimer } from '../transport/set-timer';
import { readMark, unpackEnvelope } from './envelope-job';
import { ForwardTarget, type Outcome } from './forward-target';
import type { ForwarderSettings } from './forwarder.options';
import { asConnection, type RedisClient } from './redis-client';
import { SharedHealth } from './shared-health';

/** A job whose worker died this often may be what kills them. */
const MAX_STALLED_COUNT = 100;
/** No limit of its own; with one, BullMQ looks whether a worker has set a pause for all. */
const LIMITER = { max: Number.MAX_SAFE_INTEGER, duration: 1000 };
const GIVE_BACK_WITHIN_MS = 1000;
/** After an error of Redis. */
const TROUBLE_REST_MS = 1000;

/** Takes envelopes off the queue and delivers them; tells BullMQ what becomes of each job. */
export class ForwardWorker {
  readonly queue: Queue;
  readonly targets: readonly ForwardTarget[];
  readonly #settings: ForwarderSettings;
  readonly #worker: Worker;
  readonly #dead: (reason: string) => void;
  readonly #complain: (error: Error) => void;

  /**
   * @param complain - told of what goes wrong between here and Redis; must not throw
   * @param dead - told of each dead letter; must not throw
   */
  constructor(
    settings: ForwarderSettings,
    client: RedisClient,
    { complain, dead }: { complain: (error: Error) => void; dead: (reason: string) => void },
  ) {
    const { queueing, concurrency, recoverAfterMs, maxDeadLetters, deadLetterMaxAgeMs } = settings;
    const { queueName, prefix } = queueing;
    const common = { connection: asConnection(client), prefix };
    this.#settings = settings;
    this.#dead = dead;
    this.#complain = complain;
    this.queue = new Queue(queueName, { ...common, skipVersionCheck: true });
    this.queue.on('error', complain);
    this.targets = settings.dsns.map((dsn) => {
      const keyBase = this.queue.toKey('').slice(0, -1);
      const server = publicDsn(dsn);
      const health = new SharedHealth(client, keyBase, server, settings.timeoutMs, Math.random);
      return new ForwardTarget(dsn, settings, health);
    });
    this.#worker = new Worker(queueName, (job, token) => runQuietly(() => this.#process(job, token)), {
      ...common,
      concurrency,
      lockDuration: recoverAfterMs,
      stalledInterval: Math.max(1, Math.floor(recoverAfterMs / 3)),
      maxStalledCount: MAX_STALLED_COUNT,
      limiter: LIMITER,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: maxDeadLetters, age: Math.ceil(deadLetterMaxAgeMs / 1000) },
    });
    this.#worker.on('error', complain);
  }

  /** Lets what is under way finish in time, gives the rest back, and takes nothing more. */
  async close(timeoutMs: number): Promise<void> {
    // A worker that closes ends its timers and connections only after the last job, for which a Redis that is gone
    // may let it wait for ever.
    const resting = this.#worker.pause();
    let isDone = await settledWithin(resting, timeoutMs);
    if (isDone) await Promise.all(this.targets.map((target) => target.report(GIVE_BACK_WITHIN_MS)));
    for (const target of this.targets) target.close();
    isDone = await settledWithin(resting, GIVE_BACK_WITHIN_MS);
    await settledWithin(this.#worker.close(!isDone), GIVE_BACK_WITHIN_MS);
    await settledWithin(this.queue.close(), GIVE_BACK_WITHIN_MS);
  }

  async #process(job: Job, token: string | undefined): Promise<void> {
    const outcome = await this.#outcomeOf(job);
    switch (outcome.kind) {
      case 'done':
        return;
      case 'wait':
        return this.#putOff(job, token, outcome.forMs);
      case 'rejected':
        throw withoutStack(new Error(outcome.reason));
      case 'dead':
        this.#dead(outcome.reason);
        throw withoutStack(new UnrecoverableError(outcome.reason));
    }
  }

  /** What goes wrong between here and Redis is no refusal by the server, and must not count as one. */
  async #outcomeOf(job: Job): Promise<Outcome> {
    try {
      return await this.#forward(job);
    } catch (error) {
      this.#complain(error as Error);
      return { kind: 'wait', forMs: TROUBLE_REST_MS };
    }
  }

  async #forward(job: Job): Promise<Outcome> {
    const bytes = await unpackEnvelope(job.data, this.#settings.maxJobBytes);
    const envelope = bytes && parseEnvelope(bytes);
    if (envelope === undefined)
      return { kind: 'dead', reason: 'the job holds no envelope that could be read' };
    const target = this.#targetOf(envelope.headers.dsn);
    if (target === undefined) {
      return { kind: 'dead', reason: 'the envelope is for a DSN that this forwarder was not given' };
    }
    const { retriedAtMs, rejectionsBefore } = readMark(job.data);
    const isRetried = retriedAtMs > 0;
    if (Date.now() - Math.max(job.timestamp, retriedAtMs) > this.#settings.maxAgeMs) {
      if (!isRetried) target.lost(envelope.items);
      return { kind: 'dead', reason: 'the envelope waited too long' };
    }
    const { attemptsStarted, attemptsMade, timestamp } = job;
    return target.forward(envelope, {
      isFirst: attemptsStarted <= 1,
      isRetried,
      rejections: Math.max(0, attemptsMade - rejectionsBefore),
      createdMs: timestamp,
    });
  }

  /** A DSN in an envelope chooses among those that were given; it is no address. */
  #targetOf(dsn: string | undefined): ForwardTarget | undefined {
    if (dsn === undefined) return this.targets.length === 1 ? this.targets[0] : undefined;
    const wanted = keyAndPlace(dsn);
    return this.targets.find((target) => keyAndPlace(target.publicDsn) === wanted);
  }

  /** One server pauses the queue, for all workers; of several, the others must not wait for it. */
  async #putOff(job: Job, token: string | undefined, forMs: number): Promise<never> {
    try {
      if (this.targets.length > 1 && forMs > 0) {
        await job.moveToDelayed(Date.now() + forMs, token);
        throw new DelayedError();
      }
      if (forMs > 0) await this.queue.rateLimit(forMs);
    } catch (error) {
      if (error instanceof DelayedError) throw error;
      this.#complain(error as Error);
    }
    throw new RateLimitError();
  }
}

/** Apps may reach the server by another scheme. */
function keyAndPlace(dsn: string): string | undefined {
  try {
    return publicDsn(parseDsn(dsn));
  } catch {
    return undefined;
  }
}

/** BullMQ keeps the stack in Redis, where it is of no use. */
function withoutStack(error: Error): Error {
  error.stack = error.message;
  return error;
}

/** @returns whether the work was over, well or not, in time */
async function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let cancel: (() => void) | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    cancel = setTimer(() => resolve(false), timeoutMs, true);
  });
  const done = work.then(
    () => true,
    () => true,
  );
  const isDone = await Promise.race([done, timeUp]);
  cancel?.();
  return isDone;
}
