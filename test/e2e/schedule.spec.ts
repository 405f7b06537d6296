/**
 * @context @nestjs/schedule
 * @sees `@Cron`, `@Interval`, `@Timeout`, jobs that the app adds by itself
 * @handled HttpException below 500, RpcException, WsException
 * @transaction the job: its name, else `Class.method`
 * @once reports each failed run once, as a task of its own, and Nest logs it as ever
 * @unchanged reports each failed run once, as a task of its own, and Nest logs it as ever
 * @isolated keeps 50 runs that overlap apart
 * @undone leaves classes, their metadata and the registry as they were
 */
import { Controller, Get, Injectable, NotFoundException, type INestApplicationContext } from '@nestjs/common';
import { Cron, Interval, ScheduleModule, SchedulerRegistry, Timeout } from '@nestjs/schedule';
import { CronJob } from 'cron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';
import { get, startApp } from '../support/test-app';

const EVERY_SECOND = '* * * * * *';
const NEVER = '0 0 1 1 *';

/** Fails in each way a scheduled method can, once each. */
@Tag('team', 'night')
@Injectable()
class Jobs {
  private readonly done = new Set<string>();

  constructor(private readonly raven: RavenClient) {}

  @Cron(EVERY_SECOND, { name: 'nightly' })
  cron(): void {
    this.once('cron');
  }

  @Tag('job', 'interval')
  @Interval(5)
  async interval(): Promise<void> {
    this.raven.userContext({ id: 'interval' });
    await Promise.resolve();
    this.once('interval');
  }

  @Timeout('soon', 1)
  async timeout(): Promise<void> {
    await Promise.resolve();
    this.once('timeout');
  }

  @Timeout(1)
  expected(): void {
    throw new NotFoundException('expected');
  }

  private once(name: string): void {
    if (this.done.has(name)) return;
    this.done.add(name);
    this.raven.captureBreadcrumb({ message: name });
    throw new Error(name);
  }
}

let receiver: Receiver;
let app: INestApplicationContext | undefined;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await receiver.close();
});

describe('@nestjs/schedule', () => {
  it('reports each failed run once, as a task of its own, and Nest logs it as ever', async () => {
    const log = new JobLog();
    app = await startStandalone(
      receiver,
      { imports: [ScheduleModule.forRoot()], providers: [Jobs] },
      // What Nest logs of one run is among what the next one inherits.
      { breadcrumbSources: { logger: false } },
      log,
    );
    const raven = app.get(RavenClient);
    const events = await receiver.waitForEvents(3);
    await app.close();

    expect(events.map(errorOf).toSorted()).toEqual(['cron', 'interval', 'timeout']);
    const byError = new Map(events.map((event) => [errorOf(event), event]));
    expect(byError.get('cron')?.transaction).toBe('nightly');
    expect(byError.get('interval')?.transaction).toBe('Jobs.interval');
    expect(byError.get('timeout')?.transaction).toBe('soon');
    expect(byError.get('interval')?.tags).toEqual({ team: 'night', job: 'interval' });
    for (const event of events) {
      expect(event.transaction_info).toEqual({ source: 'task' });
      expect(event.level).toBe('error');
      expect(event.tags).toMatchObject({ team: 'night' });
      expect(event.exception.values.at(-1)?.mechanism).toMatchObject({
        type: 'auto.schedule.nestjs',
        handled: false,
      });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([errorOf(event)]);
      expect(event.user?.id).toBe(errorOf(event) === 'interval' ? 'interval' : undefined);
    }
    expect(new Set(events.map((event) => event.contexts.trace.trace_id)).size).toBe(3);
    expect(raven.rootContext.get()).toEqual({});
    for (const name of ['cron', 'interval', 'timeout']) {
      expect(log.errors.filter((line) => line === `error [Scheduler] Error: ${name}`)).toHaveLength(1);
    }
    expect(log.errors).toContain('error [Scheduler] NotFoundException: expected');
  });

  it('reports cron jobs that the app adds by itself, whoever adds them and whenever', async () => {
    @Injectable()
    class Dynamic {
      constructor(private readonly registry: SchedulerRegistry) {}

      onModuleInit(): void {
        this.add('added by a hook');
      }

      add(name: string): void {
        const job = CronJob.from({
          cronTime: EVERY_SECOND,
          onTick: async () => {
            await Promise.resolve();
            throw new Error(name);
          },
          errorHandler: (error) => {
            this.handled.push(String(error));
            void job.stop();
          },
        });
        this.registry.addCronJob(name, job as never);
        job.start();
      }

      readonly handled: string[] = [];
    }
    @Controller()
    class AddController {
      constructor(
        private readonly dynamic: Dynamic,
        private readonly raven: RavenClient,
      ) {}

      @Get()
      add(): void {
        this.raven.userContext({ id: 'who asked' });
        this.dynamic.add('added by a request');
      }
    }
    const http = await startApp(receiver, {
      imports: [ScheduleModule.forRoot()],
      providers: [Dynamic],
      controllers: [AddController],
    });
    app = http;
    await get(http, '/');
    const events = await receiver.waitForEvents(2);
    expect(events.map((event) => event.transaction).toSorted()).toEqual([
      'added by a hook',
      'added by a request',
    ]);
    for (const event of events) {
      expect(errorOf(event)).toBe(event.transaction);
      expect(event.user).toBeUndefined();
      expect(event.request).toBeUndefined();
    }
    expect(app.get(Dynamic).handled.toSorted()).toEqual([
      'Error: added by a hook',
      'Error: added by a request',
    ]);
  });

  it('leaves a scheduled method that a request calls to the request', async () => {
    @Injectable()
    class Cleaner {
      @Cron(NEVER)
      async clean(): Promise<void> {
        await Promise.resolve();
        throw new Error('dirty');
      }
    }
    @Controller()
    class CleanController {
      constructor(private readonly cleaner: Cleaner) {}

      @Get('handled')
      async handled(): Promise<string> {
        return this.cleaner.clean().then(
          () => 'clean',
          () => 'handled',
        );
      }

      @Get('unhandled')
      async unhandled(): Promise<void> {
        await this.cleaner.clean();
      }
    }
    const http = await startApp(receiver, {
      imports: [ScheduleModule.forRoot()],
      providers: [Cleaner],
      controllers: [CleanController],
    });
    app = http;
    expect(await (await get(http, '/handled')).text()).toBe('handled');
    expect((await get(http, '/unhandled')).status).toBe(500);
    await http.get(RavenClient).flush();
    expect(receiver.events.map((event) => event.transaction)).toEqual(['GET /unhandled']);
  });

  it('keeps 50 runs that overlap apart', async () => {
    @Injectable()
    class Busy {
      private runs = 0;
      private release?: () => void;
      private readonly all = new Promise<void>((resolve) => (this.release = resolve));

      constructor(private readonly raven: RavenClient) {}

      @Interval('busy', 1)
      async run(): Promise<void> {
        const id = String(this.runs++);
        if (Number(id) >= 50) return;
        this.raven.userContext({ id });
        this.raven.tagsContext({ [`run.${id}`]: id });
        this.raven.captureBreadcrumb({ message: id });
        if (Number(id) === 49) this.release?.();
        await this.all;
        throw new Error(id);
      }
    }
    app = await startStandalone(receiver, { imports: [ScheduleModule.forRoot()], providers: [Busy] });
    const events = await receiver.waitForEvents(50);
    expect(new Set(events.map(errorOf)).size).toBe(50);
    for (const event of events) {
      const id = String(errorOf(event));
      expect(event.user.id).toBe(id);
      expect(event.tags).toEqual({ [`run.${id}`]: id });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([id]);
    }
  });

  it('leaves classes, their metadata and the registry as they were', async () => {
    @Injectable()
    class Base {
      @Cron(NEVER, { name: 'inherited' })
      inherited(_a?: string): void {}
    }
    @Injectable()
    class Derived extends Base {
      @Interval('own', 1_000_000)
      own(): void {}
    }
    const { inherited } = Base.prototype;
    const { own } = Derived.prototype;
    const metadata = Reflect.getOwnMetadataKeys(own);
    const parts = { imports: [ScheduleModule.forRoot()], providers: [Derived] };
    const first = await startStandalone(receiver, parts);
    const second = await startStandalone(receiver, parts);
    const registry = first.get(SchedulerRegistry);
    expect(Derived.prototype.own).not.toBe(own);
    expect(Derived.prototype.own.name).toBe('own');
    expect(Derived.prototype.inherited).toHaveLength(1);
    expect([...registry.getCronJobs().keys()]).toEqual(['inherited']);

    await first.close();
    expect(Derived.prototype.own).not.toBe(own);
    await second.close();
    expect(Derived.prototype.own).toBe(own);
    expect(Object.hasOwn(Derived.prototype, 'inherited')).toBe(false);
    expect(Base.prototype.inherited).toBe(inherited);
    expect(Reflect.getOwnMetadataKeys(own)).toEqual(metadata);
    expect(Object.hasOwn(registry, 'addCronJob')).toBe(false);
  });
});
