import { EventEmitter } from 'node:events';
import {
  Catch,
  Controller,
  Get,
  Inject,
  Injectable,
  Logger,
  type ArgumentsHost,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import { APP_FILTER, BaseExceptionFilter } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { CaptureErrors, RavenClient, type RavenOptions } from 'nestjs-raven';
import { packageScripts, type Scripts } from '../integrations/support/scripts';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { AppLog } from '../support/app-log';
import { get, PLATFORMS, startApp } from '../support/test-app';

const LIMIT = 20;
const OPTIONS: RavenOptions = { stormGuard: { limit: LIMIT, windowMs: 600_000 } };

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

/** What is there to go wrong again: it ends with the test. */
@Injectable()
class Storm {
  turns = 0;
  isOver = false;

  constructor(@Inject(RavenClient) private readonly raven: RavenClient) {}

  /** An error handler whose own errors come round to it. */
  handle(error: unknown, again: (next: () => void) => void): void {
    this.raven.captureException(error);
    this.turns += 1;
    if (!this.isOver) again(() => this.handle(new Error(`turn ${this.turns}`), again));
  }
}

/** How an error of an app's error handler comes round to it. */
const ROUNDS: Record<string, () => (next: () => void) => void> = {
  'a timer': () => (next) => void setTimeout(next, 0),
  'the event loop': () => (next) => void setImmediate(next),
  'a promise that rejects': () => (next) => void new Promise((_, reject) => setImmediate(reject)).catch(next),
  'a listener': () => {
    const emitter = new EventEmitter();
    let step = (): void => {};
    emitter.on('failed', () => step());
    return (next) => {
      step = next;
      setImmediate(() => emitter.emit('failed'));
    };
  },
};

describe.each(PLATFORMS)('on %s', (platform) => {
  let app: INestApplication;
  afterEach(() => app.close());

  it.each(Object.keys(ROUNDS))(
    'an error handler whose errors come round to it by %s for ever does not keep the app from answering',
    async (round) => {
      @Catch()
      class HandlingFilter extends BaseExceptionFilter {
        constructor(@Inject(Storm) private readonly storm: Storm) {
          super();
        }
        override catch(error: unknown, host: ArgumentsHost): void {
          this.storm.handle(error, ROUNDS[round]());
          super.catch(error, host);
        }
      }
      @Controller()
      class AppController {
        @Get('fails')
        fails(): never {
          throw new Error('the first');
        }
        @Get('works')
        works(): string {
          return 'yes';
        }
      }
      app = await startApp(
        receiver,
        {
          controllers: [AppController],
          providers: [Storm, { provide: APP_FILTER, useClass: HandlingFilter }],
        },
        OPTIONS,
        platform,
      );
      const storm = app.get(Storm);
      expect((await get(app, '/fails')).status).toBe(500);
      while (storm.turns < 10 * LIMIT) {
        expect(await (await get(app, '/works')).text()).toBe('yes');
      }
      storm.isOver = true;
      await app.get(RavenClient).flush();
      // The first ones come from elsewhere than all others.
      expect(receiver.events.length).toBeGreaterThan(LIMIT);
      expect(receiver.events.length).toBeLessThanOrEqual(1 + 2 * LIMIT);
      expect(receiver.events.map(errorOf)).toContain('turn 1');
    },
  );

  it('an answer names no event where its error was counted instead of sent', async () => {
    @Controller()
    class FailingController {
      @Get()
      fails(): never {
        throw new Error('no answer');
      }
    }
    app = await startApp(receiver, { controllers: [FailingController] }, OPTIONS, platform);
    const ids: (string | null)[] = [];
    for (let n = 0; n < LIMIT + 5; n++) ids.push((await get(app, '/')).headers.get('x-sentry-id'));
    await app.get(RavenClient).flush();
    expect(new Set(ids.slice(0, LIMIT))).toEqual(new Set(receiver.events.map((event) => event.event_id)));
    expect(ids.slice(LIMIT)).toEqual(Array(5).fill(null));
  });
});

it('an error that passes several doors is counted once: a listener, a decorated method, the request', async () => {
  const log = new AppLog();
  @Injectable()
  class Listener {
    @OnEvent('charged', { suppressErrors: false })
    @CaptureErrors()
    handle(): never {
      throw new Error('no answer');
    }
  }
  @Controller()
  class AppController {
    constructor(
      @Inject(EventEmitter2) private readonly emitter: EventEmitter2,
      @Inject(RavenClient) private readonly raven: RavenClient,
    ) {}
    @Get('event')
    async event(): Promise<void> {
      await this.emitter.emitAsync('charged');
    }
    @Get('method')
    @CaptureErrors()
    method(): void {
      this.raven.captureErrors(() => {
        throw new Error('no answer');
      });
    }
  }
  const app = await startApp(
    receiver,
    { imports: [EventEmitterModule.forRoot()], controllers: [AppController], providers: [Listener] },
    { stormGuard: { limit: 1 } },
  );
  Logger.overrideLogger(log);
  for (const path of ['/event', '/method']) {
    for (let n = 0; n < 4; n++) {
      const response = await get(app, path);
      expect([response.status, response.headers.has('x-sentry-id')]).toEqual([500, n === 0]);
    }
  }
  await app.close();
  Logger.overrideLogger(false);
  expect(receiver.events).toHaveLength(2);
  expect(log.lines.filter((line) => line.includes(' not over at the end: 3 within '))).toHaveLength(2);
});

it("a logger that reports what it logs, and is told of that, does not recurse through the module's own lines", async () => {
  const said: string[] = [];
  let raven: RavenClient | undefined;
  const reporting: LoggerService = {
    log: () => {},
    warn: (message: unknown) => reporting.error(message),
    error: (message: unknown) => {
      said.push(String(message));
      raven?.captureException(new Error(String(message)));
    },
  };
  @Controller()
  class AppController {}
  const app = await startApp(
    receiver,
    { controllers: [AppController] },
    {
      ...OPTIONS,
      beforeSend: (event) => {
        raven?.captureException(new Error('of beforeSend'));
        return event;
      },
    },
  );
  Logger.overrideLogger(reporting);
  const client = app.get(RavenClient);
  raven = client;
  for (let n = 0; n < 3 * LIMIT; n++) new Logger('Orders').error(`order ${n} failed`);
  await client.flush();
  await app.close();
  Logger.overrideLogger(false);
  expect(receiver.events).toHaveLength(LIMIT);
  expect(said.filter((line) => line.includes('a storm'))).toHaveLength(2);
});

describe('a process whose own listener', () => {
  let scripts: Scripts;
  beforeAll(() => {
    scripts = packageScripts();
  });
  afterAll(() => scripts.remove());

  it.each([
    ['uncaughtException', 'setImmediate(() => { throw new Error("turn " + turns); })'],
    ['unhandledRejection', 'setImmediate(() => Promise.reject(new Error("turn " + turns)))'],
  ])(
    'for %s reports each error and causes another goes on, and tells of those it did not send',
    async (event, again) => {
      const run = await scripts.run(
        `const client = new raven.RavenClient({ dsn: DSN, includeVersions: false, stormGuard: { limit: ${LIMIT} } });
      let turns = 0;
      process.on('${event}', (error) => {
        client.captureException(error);
        if (++turns < 2000) ${again};
        else client.close(20_000).then((isDelivered) => { console.log(turns, isDelivered); process.exit(); });
      });
      let worked = 0;
      setInterval(() => worked++, 1);
      process.on('exit', () => console.log(worked > 10));
      ${again};`,
        receiver.dsn(),
      );
      expect(run.stdout.split('\n').filter((line) => !line.includes('Raven'))).toEqual([
        '2000 true',
        'true',
        '',
      ]);
      expect(run.code).toBe(0);
      // The first comes from elsewhere than all others.
      expect(receiver.events).toHaveLength(1 + LIMIT);
      const reported = receiver.envelopes
        .flatMap(({ items }) => items)
        .filter(({ headers }) => headers.type === 'client_report')
        .flatMap(({ payload }) => (payload as { discarded_events: { quantity: number }[] }).discarded_events);
      expect(new Set(reported.map((line) => JSON.stringify({ ...line, quantity: 0 })))).toEqual(
        new Set([JSON.stringify({ reason: 'backpressure', category: 'error', quantity: 0 })]),
      );
      expect(reported.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(2000 - 1 - LIMIT);
      expect(run.stdout + run.stderr).toContain(`not over at the end: ${2000 - 1 - LIMIT} within`);
    },
  );
});
