/**
 * @context @nestjs/bull
 * @sees processors (the last attempt; each with `captureRetries`)
 * @handled attempts that are tried again
 * @transaction the job: queue and name
 * @once reports the last attempt alone, with job, queue and attempt
 * @unchanged has jobs end as they end without the module
 * @isolated keeps 50 jobs that overlap apart
 * @undone leaves processors as they were
 */
import type { INestApplicationContext } from '@nestjs/common';
import { BullModule, getQueueToken, OnQueueCompleted, Process, Processor } from '@nestjs/bull';
import type { Job, JobOptions, Queue } from 'bull';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag, type RavenOptions } from 'nestjs-raven';
import { startRedis, type Broker } from '../support/broker';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';

@Tag('team', 'shipping')
@Processor('orders')
class OrdersProcessor {
  constructor(private readonly raven: RavenClient) {}

  @Process({ name: 'ship', concurrency: 50 })
  async ship(job: Job<{ id: string }>): Promise<void> {
    const { id } = job.data;
    this.raven?.userContext({ id });
    await new Promise(setImmediate);
    throw new Error(`ship ${id}`);
  }

  @Process('discarded')
  async discarded(job: Job): Promise<void> {
    await job.discard();
    throw new Error('discarded');
  }

  @Process('flaky')
  flaky(job: Job): string {
    if (job.attemptsMade < 1) throw new Error('flaky');
    return 'done';
  }

  @Process()
  unnamed(): void {
    throw new Error('unnamed');
  }

  @OnQueueCompleted()
  async onCompleted(): Promise<void> {}
}

let redis: Broker;
let receiver: Receiver;
let app: INestApplicationContext | undefined;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await receiver.close();
});

/** Each app has queues of its own. */
let apps = 0;

async function start(observed: Receiver | undefined, options: RavenOptions = {}, log = new JobLog()) {
  app = await startStandalone(
    observed,
    {
      imports: [
        BullModule.forRoot({ redis: { host: '127.0.0.1', port: redis.port }, prefix: `app${apps++}` }),
        BullModule.registerQueue({ name: 'orders' }),
      ],
      providers: observed
        ? [OrdersProcessor]
        : [{ provide: RavenClient, useValue: undefined }, OrdersProcessor],
    },
    options,
    log,
  );
  const queue = app.get<Queue>(getQueueToken('orders'));
  // Bull cannot be closed while it connects.
  await queue.isReady();
  /** Adds a job and tells how it ended. */
  const run = async (name: string, id: string, jobOptions: JobOptions = {}): Promise<string> => {
    const job = await queue.add(name, { id }, jobOptions);
    return job.finished().then(String, (error: Error) => `failed: ${error.message}`);
  };
  return { queue, run, raven: observed && app.get(RavenClient) };
}

describe('@nestjs/bull', () => {
  it('reports the last attempt alone, with job, queue and attempt', async () => {
    const { run, raven } = await start(receiver);
    expect(await run('ship', '17', { attempts: 3, jobId: 'job-17' })).toBe('failed: ship 17');
    expect(await run('flaky', '2', { attempts: 3 })).toBe('done');
    expect(await run('discarded', '3', { attempts: 3 })).toBe('failed: discarded');
    await raven?.flush();
    expect(receiver.events.map(errorOf)).toEqual(['ship 17', 'discarded']);
    expect(receiver.events[0]).toMatchObject({
      transaction: 'ship',
      transaction_info: { source: 'task' },
      contexts: { job: { queue: 'orders', name: 'ship', id: 'job-17', attempt: 3, attempts: 3 } },
      tags: { team: 'shipping' },
      user: { id: '17' },
    });
    expect(receiver.events[0].exception.values[0].mechanism).toMatchObject({ type: 'auto.queue.nestjs' });
  });

  it('reports each attempt where the app asks for it', async () => {
    const { run, raven } = await start(receiver, { captureRetries: true });
    expect(await run('ship', '1', { attempts: 3 })).toBe('failed: ship 1');
    await raven?.flush();
    expect(receiver.events.map((event) => event.contexts.job.attempt)).toEqual([1, 2, 3]);
  });

  it('calls a job without a name by its processor', async () => {
    const { queue, raven } = await start(receiver);
    const job = await queue.add({});
    await expect(job.finished()).rejects.toThrow('unnamed');
    await raven?.flush();
    expect(receiver.events.map((event) => event.transaction)).toEqual(['OrdersProcessor.unnamed']);
  });

  it('has jobs end as they end without the module', async () => {
    const outcomes = [];
    for (const observed of [receiver, undefined]) {
      const log = new JobLog();
      const { run, queue } = await start(observed, {}, log);
      const ended = [];
      for (const name of ['ship', 'discarded', 'flaky']) ended.push(await run(name, '1', { attempts: 2 }));
      const jobs = (await queue.getJobs(['failed', 'completed'])).map((job) => [
        job.name,
        job.attemptsMade,
        job.failedReason,
      ]);
      await app?.close();
      app = undefined;
      outcomes.push([ended, jobs, log.errors]);
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it('keeps 50 jobs that overlap apart', async () => {
    const { run, raven } = await start(receiver);
    await Promise.all(Array.from({ length: 50 }, (_, id) => run('ship', String(id))));
    await raven?.flush(10_000);
    expect(new Set(receiver.events.map(errorOf)).size).toBe(50);
    for (const event of receiver.events) expect(errorOf(event)).toBe(`ship ${String(event.user.id)}`);
  });

  it('leaves processors as they were', async () => {
    const { ship } = OrdersProcessor.prototype;
    const { run } = await start(receiver);
    await run('ship', '1');
    expect(OrdersProcessor.prototype.ship).not.toBe(ship);
    await app?.close();
    app = undefined;
    expect(OrdersProcessor.prototype.ship).toBe(ship);
  });
});
