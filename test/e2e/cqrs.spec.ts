/**
 * @context @nestjs/cqrs
 * @sees event handlers and sagas; commands and queries are left to who executes them
 * @handled what `execute()` rejects with
 * @transaction the handler: `Class.handle`
 * @once reports once what its buses find unhandled, and does with it as without the module
 * @unchanged reports once what its buses find unhandled, and does with it as without the module
 * @isolated keeps 50 runs that overlap apart
 * @undone leaves classes and buses as they were
 */
import { Controller, Get, Injectable, Scope, type INestApplicationContext } from '@nestjs/common';
import {
  CommandBus,
  CommandHandler,
  CqrsModule,
  EventBus,
  EventsHandler,
  QueryBus,
  QueryHandler,
  Saga,
  UnhandledExceptionBus,
  ofType,
} from '@nestjs/cqrs';
import { map, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';
import { get, startApp } from '../support/test-app';

class Pay {
  constructor(readonly id: string) {}
}
class Find {}
class Paid {
  constructor(readonly id: string) {}
}
class PayLater {
  constructor(readonly id: string) {}
}
class Broken {}
class Scoped {}

@CommandHandler(Pay)
class PayHandler {
  constructor(private readonly raven: RavenClient) {}

  async execute({ id }: Pay): Promise<void> {
    this.raven?.tagsContext({ command: id });
    await Promise.resolve();
    throw new Error(`pay ${id}`);
  }
}

@QueryHandler(Find)
class FindHandler {
  async execute(): Promise<void> {
    throw new Error('find');
  }
}

@Tag('team', 'payments')
@EventsHandler(Paid)
class PaidHandler {
  constructor(private readonly raven: RavenClient) {}

  async handle({ id }: Paid): Promise<void> {
    this.raven?.userContext({ id });
    this.raven?.captureBreadcrumb({ message: id });
    await new Promise(setImmediate);
    throw new Error(`paid ${id}`);
  }
}

@EventsHandler(Scoped)
@Injectable({ scope: Scope.REQUEST })
class ScopedHandler {
  handle(): void {
    throw new Error('scoped');
  }
}

@Injectable()
class Sagas {
  @Saga()
  payLater(events: Observable<object>): Observable<object> {
    return events.pipe(
      ofType(PayLater),
      map(({ id }) => new Pay(id)),
    );
  }

  @Saga()
  broken(events: Observable<object>): Observable<object> {
    return events.pipe(
      ofType(Broken),
      map(() => {
        throw new Error('saga');
      }),
    );
  }
}

@Controller()
class PaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly events: EventBus,
    private readonly raven: RavenClient,
  ) {}

  @Get('command')
  async command(): Promise<void> {
    await this.commands.execute(new Pay('request'));
  }

  @Get('query')
  async query(): Promise<void> {
    await this.queries.execute(new Find());
  }

  @Get('handled')
  async handled(): Promise<string> {
    const outcomes = await Promise.allSettled([
      this.commands.execute(new Pay('handled')),
      this.queries.execute(new Find()),
    ]);
    return outcomes.map(({ status }) => status).join();
  }

  @Get('event')
  event(): string {
    this.raven.tagsContext({ request: 'event' });
    this.events.publish(new Paid('event'));
    return JSON.stringify(this.raven.context.get().user ?? 'nobody');
  }
}

const handlers = [PayHandler, FindHandler, PaidHandler, ScopedHandler, Sagas];
const parts = { imports: [CqrsModule.forRoot()], providers: handlers };

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

describe('@nestjs/cqrs', () => {
  it('reports once what its buses find unhandled, and does with it as without the module', async () => {
    const outcomes = [];
    for (const observed of [receiver, undefined]) {
      const log = new JobLog();
      const client = { provide: RavenClient, useValue: undefined };
      const started = await startStandalone(
        observed,
        { ...parts, providers: observed ? handlers : [client, ...handlers] },
        {},
        log,
      );
      const unhandled: string[] = [];
      started
        .get(UnhandledExceptionBus)
        .subscribe(({ exception }: { exception: Error }) => unhandled.push(exception.message));
      const events = started.get(EventBus);
      events.publishAll([new Paid('1'), new PayLater('2'), new Scoped(), new Broken()]);
      await Promise.all([log.waitFor('Command handler which execution'), log.waitFor('Saga "broken"')]);
      await expect(started.get(CommandBus).execute(new Pay('3'))).rejects.toThrow('pay 3');
      await expect(started.get(QueryBus).execute(new Find())).rejects.toThrow('find');
      while (unhandled.length < 4) await new Promise(setImmediate);
      await started.close();
      outcomes.push([unhandled.toSorted(), log.errors.toSorted()]);
    }
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0][0]).toEqual(['paid 1', 'pay 2', 'saga', 'scoped']);
    expect(receiver.events.map(errorOf).toSorted()).toEqual(outcomes[0][0]);
    const named = (name: string) => receiver.events.find((event) => errorOf(event) === name);
    expect(named('paid 1')).toMatchObject({
      transaction: 'PaidHandler.handle',
      transaction_info: { source: 'task' },
      contexts: { event: { name: 'Paid' } },
      tags: { team: 'payments' },
      user: { id: '1' },
    });
    expect(named('pay 2')).toMatchObject({ transaction: 'PayHandler.execute', tags: { command: '2' } });
    expect(named('scoped')?.transaction).toBe('ScopedHandler.handle');
    expect(named('saga')?.transaction).toBe('broken');
    for (const event of receiver.events) {
      const { mechanism } = event.exception.values.at(-1)!;
      expect(mechanism).toMatchObject({ type: 'auto.cqrs.nestjs', handled: false });
    }
  });

  it('leaves commands and queries to who executes them', async () => {
    const http = await startApp(receiver, { ...parts, controllers: [PaymentsController] });
    app = http;
    expect(await (await get(http, '/handled')).text()).toBe('rejected,rejected');
    expect((await get(http, '/command')).status).toBe(500);
    expect((await get(http, '/query')).status).toBe(500);
    await http.get(RavenClient).flush();
    expect(receiver.events.map((event) => event.transaction)).toEqual(['GET /command', 'GET /query']);
    expect(receiver.events[0].tags).toEqual({ command: 'request' });
  });

  it('lets an event handler begin with what its request knows, and keep to itself what it sets', async () => {
    const http = await startApp(receiver, { ...parts, controllers: [PaymentsController] });
    app = http;
    expect(await (await get(http, '/event')).text()).toBe('"nobody"');
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({
      transaction: 'PaidHandler.handle',
      tags: { request: 'event', team: 'payments' },
      user: { id: 'event' },
      request: { method: 'GET' },
    });
  });

  it('keeps 50 runs that overlap apart', async () => {
    app = await startStandalone(receiver, parts);
    const ids = Array.from({ length: 50 }, (_, id) => String(id));
    app.get(EventBus).publishAll(ids.map((id) => new Paid(id)));
    const events = await receiver.waitForEvents(50);
    expect(new Set(events.map(errorOf)).size).toBe(50);
    for (const event of events) {
      expect(errorOf(event)).toBe(`paid ${String(event.user.id)}`);
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([event.user.id]);
    }
    expect(app.get(RavenClient).rootContext.get()).toEqual({});
  });

  it('leaves classes and buses as they were', async () => {
    const { handle } = PaidHandler.prototype;
    const { execute } = PayHandler.prototype;
    app = await startStandalone(receiver, parts);
    const unhandled = app.get(UnhandledExceptionBus);
    const { subject$ } = app.get(EventBus);
    expect(PaidHandler.prototype.handle).not.toBe(handle);
    await app.close();
    app = undefined;
    expect(PaidHandler.prototype.handle).toBe(handle);
    expect(PayHandler.prototype.execute).toBe(execute);
    expect(Object.hasOwn(unhandled, 'publish')).toBe(false);
    expect(Object.hasOwn(subject$, 'next')).toBe(false);
  });
});
