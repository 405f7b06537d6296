/**
 * @context @nestjs/bullmq
 * @sees processors (the last attempt; each with `captureRetries`), listeners of a worker
 * @handled attempts that are tried again
 * @transaction the job: queue and name
 * @once reports the last attempt alone, with job, queue and attempt
 * @unchanged has jobs end as they end without the module
 * @isolated keeps 50 jobs that overlap apart
 * @undone leaves processors as they were
 */
import {
  Inject,
  Injectable,
  Module,
  NotFoundException,
  Scope,
  type DynamicModule,
  type INestApplicationContext,
} from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import { BullModule, getQueueToken, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import {
  DelayedError,
  QueueEvents,
  UnrecoverableError,
  type Job,
  type JobsOptions,
  type Queue,
} from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, Tag, getRavenToken, type RavenOptions } from 'nestjs-raven';
import { startRedis, type Broker } from '../support/broker';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';
import { testOptions } from '../support/test-app';

const QUEUE = 'orders';

@Tag('team', 'shipping')
@Processor(QUEUE, { concurrency: 50, settings: { backoffStrategy: () => -1 } })
class OrdersProcessor extends WorkerHost {
  private readonly delayed = new Set<string | undefined>();

  constructor(private readonly raven: RavenClient) {
    super();
  }

  async process(job: Job<{ id: string }>, token?: string): Promise<string> {
    const { id } = job.data;
    this.raven?.userContext({ id });
    this.raven?.tagsContext({ [`job.${id}`]: id });
    await new Promise(setImmediate);
    if (job.name === 'ship') throw new Error(`ship ${id}`);
    if (job.name === 'hopeless') throw new UnrecoverableError('hopeless');
    if (job.name === 'expected') throw new NotFoundException('expected');
    if (job.name === 'discarded') {
      job.discard();
      throw new Error('discarded');
    }
    if (job.name === 'flaky' && job.attemptsMade < 1) throw new Error('flaky');
    if (job.name === 'delayed' && !this.delayed.has(job.id)) {
      this.delayed.add(job.id);
      await job.moveToDelayed(Date.now() + 1, token);
      throw new DelayedError();
    }
    return `done ${id}`;
  }

  @OnWorkerEvent('completed')
  onCompleted(job: Job): void {
    if (job.name === 'listener') throw new Error('listener');
  }
}

@Processor('scoped')
@Injectable({ scope: Scope.REQUEST })
class ScopedProcessor extends WorkerHost {
  constructor(@Inject(REQUEST) private readonly job: Job) {
    super();
  }

  process(): Promise<void> {
    throw new Error(`scoped ${String(this.job.id)}`);
  }
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

interface Parts {
  imports?: DynamicModule[];
  processors?: (typeof OrdersProcessor | typeof ScopedProcessor)[];
}

/** Each app has queues of its own. */
let apps = 0;

async function start(
  observed: Receiver | undefined,
  options: RavenOptions = {},
  log = new JobLog(),
  { imports = [], processors = [OrdersProcessor, ScopedProcessor] }: Parts = {},
) {
  const connection = { host: '127.0.0.1', port: redis.port };
  app = await startStandalone(
    observed,
    {
      imports: [
        BullModule.forRoot({ connection, prefix: `app${apps++}` }),
        BullModule.registerQueue({ name: QUEUE }, { name: 'scoped' }),
        ...imports,
      ],
      providers: observed ? processors : [{ provide: RavenClient, useValue: undefined }, ...processors],
    },
    options,
    log,
  );
  const queue = app.get<Queue>(getQueueToken(QUEUE));
  const events = new QueueEvents(QUEUE, { connection, prefix: queue.opts.prefix });
  // What is closed while it connects leaves a rejection behind.
  await Promise.all([
    events.waitUntilReady(),
    queue.waitUntilReady(),
    app.get<Queue>(getQueueToken('scoped')).waitUntilReady(),
    app.get(OrdersProcessor, { strict: false }).worker.waitUntilReady(),
  ]);
  /** Adds a job and tells how it ended. */
  const run = async (name: string, id: string, jobOptions: JobsOptions = {}): Promise<string> => {
    const job = await queue.add(name, { id }, jobOptions);
    return job.waitUntilFinished(events).then(String, (error: Error) => `failed: ${error.message}`);
  };
  const { close } = app;
  app.close = async () => {
    await events.close();
    await close.call(app);
  };
  return { queue, run, raven: observed && app.get(RavenClient) };
}

describe('@nestjs/bullmq', () => {
  it('reports the last attempt alone, with job, queue and attempt', async () => {
    const { run, raven } = await start(receiver);
    expect(await run('ship', '17', { attempts: 3, jobId: 'job-17' })).toBe('failed: ship 17');
    await raven?.flush();
    expect(receiver.events).toHaveLength(1);
    const [event] = receiver.events;
    expect(event).toMatchObject({
      transaction: 'ship',
      transaction_info: { source: 'task' },
      level: 'error',
      contexts: { job: { queue: QUEUE, name: 'ship', id: 'job-17', attempt: 3, attempts: 3 } },
      tags: { team: 'shipping', 'job.17': '17' },
      user: { id: '17' },
    });
    expect(event.exception.values[0].mechanism).toMatchObject({ type: 'auto.queue.nestjs', handled: false });
  });

  it('reports each attempt where the app asks for it', async () => {
    const { run, raven } = await start(receiver, { captureRetries: true });
    expect(await run('ship', '1', { attempts: 3 })).toBe('failed: ship 1');
    expect(await run('flaky', '2', { attempts: 3 })).toBe('done 2');
    await raven?.flush();
    expect(receiver.events.map((event) => [errorOf(event), event.contexts.job.attempt])).toEqual([
      ['ship 1', 1],
      ['ship 1', 2],
      ['ship 1', 3],
      ['flaky', 1],
    ]);
  });

  it("reports each attempt where the client of a processor's feature asks for it, and not where another does", async () => {
    @Module({ imports: [RavenModule.forFeature({ client: 'shipping' })], providers: [OrdersProcessor] })
    class ShippingModule {}
    for (const captureRetries of [true, false]) {
      const shipping = { ...testOptions(receiver, { captureRetries }), name: 'shipping' };
      const { run } = await start(receiver, { captureRetries: !captureRetries }, undefined, {
        imports: [{ module: ShippingModule }, RavenModule.forRoot(shipping)],
        processors: [],
      });
      expect(await run('ship', String(captureRetries), { attempts: 2 })).toBe(
        `failed: ship ${captureRetries}`,
      );
      await app?.get<RavenClient>(getRavenToken('shipping')).flush();
      await app?.close();
      app = undefined;
    }
    expect(receiver.events.map((event) => [errorOf(event), event.contexts.job.attempt])).toEqual([
      ['ship true', 1],
      ['ship true', 2],
      ['ship false', 2],
    ]);
  });

  it('knows jobs that are not tried again although attempts are left, and what is no failure', async () => {
    const { run, raven } = await start(receiver);
    expect(await run('hopeless', '1', { attempts: 3 })).toBe('failed: hopeless');
    expect(await run('discarded', '2', { attempts: 3 })).toBe('failed: discarded');
    expect(await run('ship', 'given up', { attempts: 3, backoff: { type: 'give up' } })).toBe(
      'failed: ship given up',
    );
    expect(await run('flaky', '3', { attempts: 3 })).toBe('done 3');
    expect(await run('delayed', '4')).toBe('done 4');
    expect(await run('expected', '5')).toBe('failed: expected');
    await raven?.flush();
    expect(receiver.events.map(errorOf)).toEqual(['hopeless', 'discarded', 'ship given up']);
  });

  it('has jobs end as they end without the module', async () => {
    const outcomes = [];
    for (const observed of [receiver, undefined]) {
      const log = new JobLog();
      const { run, queue } = await start(observed, {}, log);
      const ended = [];
      for (const name of [
        'ship',
        'hopeless',
        'discarded',
        'expected',
        'flaky',
        'delayed',
        'fine',
        'listener',
      ]) {
        ended.push(await run(name, '1', { attempts: 2 }));
      }
      const jobs = (await queue.getJobs(['failed', 'completed'])).map((job) => [
        job.name,
        job.attemptsMade,
        job.failedReason,
        job.stacktrace?.length,
      ]);
      await app?.close();
      app = undefined;
      outcomes.push([ended, jobs, log.errors]);
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
  });

  it('reports listeners of a worker, which no job fails with', async () => {
    const { run, raven } = await start(receiver);
    expect(await run('listener', '1')).toBe('done 1');
    await receiver.waitForEvents(1);
    await raven?.flush();
    expect(receiver.events.map((event) => [event.transaction, errorOf(event)])).toEqual([
      ['OrdersProcessor.onCompleted', 'listener'],
    ]);
  });

  it('reports processors of request scope', async () => {
    await start(receiver);
    await app?.get<Queue>(getQueueToken('scoped')).add('one', {}, { jobId: 'first' });
    const [event] = await receiver.waitForEvents(1);
    expect([event.transaction, errorOf(event)]).toEqual(['one', 'scoped first']);
  });

  it('keeps 50 jobs that overlap apart', async () => {
    const { run, raven } = await start(receiver);
    await Promise.all(Array.from({ length: 50 }, (_, id) => run('ship', String(id))));
    await raven?.flush(10_000);
    expect(new Set(receiver.events.map(errorOf)).size).toBe(50);
    for (const event of receiver.events) {
      const id = String(event.user.id);
      expect(errorOf(event)).toBe(`ship ${id}`);
      expect(event.tags).toEqual({ team: 'shipping', [`job.${id}`]: id });
    }
  });

  it('leaves processors as they were', async () => {
    const { process } = OrdersProcessor.prototype;
    await start(receiver);
    // BullMQ goes by the number of parameters.
    expect(OrdersProcessor.prototype.process).toHaveLength(process.length);
    expect(OrdersProcessor.prototype.process).not.toBe(process);
    await app?.close();
    app = undefined;
    expect(OrdersProcessor.prototype.process).toBe(process);
  });
});
