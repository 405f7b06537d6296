/**
 * @context @nestjs/event-emitter
 * @sees `@OnEvent`, sync and async, with and without `suppressErrors`
 * @handled HttpException below 500, RpcException, WsException
 * @transaction the listener: `Class.method`
 * @once reports each failed listener once, and Nest logs it as it does without the module
 * @unchanged reports each failed listener once, and Nest logs it as it does without the module
 * @isolated keeps 50 runs that overlap apart
 * @undone leaves class and emitter as they were
 */
import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Scope,
  type INestApplicationContext,
} from '@nestjs/common';
import { ModulesContainer, REQUEST } from '@nestjs/core';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IgnoreErrors, RavenClient, RavenModule, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { JobLog, startStandalone } from '../support/standalone-app';
import { get, startApp, testOptions } from '../support/test-app';

class Expected extends Error {}

@Tag('team', 'mail')
@Injectable()
class Listeners {
  constructor(private readonly raven: RavenClient) {}

  @OnEvent('sync')
  onSync(_order: unknown): void {
    this.raven.tagsContext({ listener: 'sync' });
    throw new Error('sync failed');
  }

  @Tag('event', 'async')
  @OnEvent('async', { async: true })
  async onAsync(order: { id: number }): Promise<void> {
    await Promise.resolve();
    throw new Error(`async failed for ${order.id}`);
  }

  @OnEvent('strict', { suppressErrors: false })
  async onStrict(): Promise<void> {
    await Promise.resolve();
    throw new Error('strict failed');
  }

  @OnEvent('order.*')
  @OnEvent('invoice.paid')
  onMany(): void {
    throw new Error('many failed');
  }

  @IgnoreErrors(Expected)
  @OnEvent('ignored')
  onIgnored(): void {
    throw new Expected();
  }

  @OnEvent('twice')
  first(): void {
    throw new Error('first failed');
  }

  @OnEvent('twice')
  second(): void {
    throw new Error('second failed');
  }
}

@Injectable({ scope: Scope.REQUEST })
class ScopedListener {
  constructor(@Inject(REQUEST) private readonly payload: { id: number }) {}

  @OnEvent('scoped')
  onScoped(): void {
    throw new Error(`scoped failed for ${this.payload.id}`);
  }
}

@Controller()
class OrdersController {
  constructor(
    private readonly emitter: EventEmitter2,
    private readonly listeners: Listeners,
    private readonly raven: RavenClient,
  ) {}

  @Get('sync')
  sync(): string {
    this.raven.userContext({ id: 17 });
    this.raven.captureBreadcrumb({ message: 'before' });
    this.emitter.emit('sync', {});
    return JSON.stringify(this.raven.context.get().tags ?? 'no tags');
  }

  @Get('strict')
  async strict(): Promise<void> {
    await this.emitter.emitAsync('strict');
  }

  @Get('direct')
  direct(): string {
    try {
      this.listeners.onSync({});
    } catch {
      return 'handled';
    }
    return 'never';
  }
}

const parts = {
  imports: [EventEmitterModule.forRoot({ wildcard: true })],
  providers: [Listeners, ScopedListener],
};

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

describe('@nestjs/event-emitter', () => {
  it('reports each failed listener once, and Nest logs it as it does without the module', async () => {
    const logs: string[][] = [];
    for (const observed of [receiver, undefined]) {
      const log = new JobLog();
      const current = await startStandalone(
        observed,
        {
          ...parts,
          providers: [
            { provide: Listeners, useFactory: () => new Listeners({ tagsContext: () => {} } as never) },
            ScopedListener,
          ],
        },
        {},
        log,
      );
      const emitter = current.get(EventEmitter2);
      emitter.emit('sync', {});
      emitter.emit('async', { id: 3 });
      emitter.emit('order.created');
      emitter.emit('invoice.paid');
      emitter.emit('ignored');
      emitter.emit('twice');
      emitter.emit('scoped', { id: 5 });
      await expect(emitter.emitAsync('strict')).rejects.toThrow('strict failed');
      await Promise.all(
        ['async failed for 3', 'scoped failed for 5', 'second failed'].map((text) => log.waitFor(text)),
      );
      await current.close();
      logs.push(log.errors.toSorted());
    }
    expect(logs[0]).toEqual(logs[1]);
    expect(logs[0]).toHaveLength(8);
    expect(receiver.events.map(errorOf).toSorted()).toEqual([
      'async failed for 3',
      'first failed',
      'many failed',
      'many failed',
      'scoped failed for 5',
      'second failed',
      'strict failed',
      'sync failed',
    ]);
  });

  it('says which listener failed of which event', async () => {
    app = await startStandalone(receiver, parts);
    app.get(EventEmitter2).emit('async', { id: 3 });
    app.get(EventEmitter2).emit('order.created');
    const events = await receiver.waitForEvents(2);
    const many = events.find((event) => errorOf(event) === 'many failed');
    const async = events.find((event) => errorOf(event) === 'async failed for 3');
    expect(many).toMatchObject({
      transaction: 'Listeners.onMany',
      transaction_info: { source: 'task' },
      contexts: { event: { name: 'order.created' } },
      tags: { team: 'mail' },
    });
    expect(async).toMatchObject({ transaction: 'Listeners.onAsync', tags: { team: 'mail', event: 'async' } });
    expect(async?.exception.values[0].mechanism).toMatchObject({ type: 'auto.event.nestjs', handled: false });
  });

  it('lets a listener begin with what its request knows, and keep to itself what it sets', async () => {
    const http = await startApp(receiver, { ...parts, controllers: [OrdersController] });
    app = http;
    const answer = await get(http, '/sync');
    expect([answer.status, await answer.text()]).toEqual([200, '"no tags"']);
    const [event] = await receiver.waitForEvents(1);
    expect(event).toMatchObject({
      transaction: 'Listeners.onSync',
      user: { id: '17' },
      request: { method: 'GET' },
      tags: { team: 'mail', listener: 'sync' },
    });
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['before', 'sync']);
  });

  it('reports an error once that a listener throws to its emitter and the request fails with', async () => {
    const http = await startApp(receiver, { ...parts, controllers: [OrdersController] });
    app = http;
    const answer = await get(http, '/strict');
    await http.get(RavenClient).flush();
    expect(answer.status).toBe(500);
    expect(receiver.events.map((event) => event.transaction)).toEqual(['Listeners.onStrict']);
    expect(answer.headers.get('x-sentry-id')).toBe(receiver.events[0].event_id);
  });

  it('reports such an error once to the client of its feature, too', async () => {
    const mail = await startReceiver();
    @Module({
      imports: [RavenModule.forFeature({ client: 'mail' })],
      providers: [Listeners],
      exports: [Listeners],
    })
    class MailModule {}
    const http = await startApp(receiver, {
      imports: [...parts.imports, MailModule, RavenModule.forRoot({ ...testOptions(mail), name: 'mail' })],
      controllers: [OrdersController],
    });
    const answer = await get(http, '/strict');
    await http.close();
    expect(receiver.events).toEqual([]);
    expect(mail.events.map((event) => event.transaction)).toEqual(['Listeners.onStrict']);
    expect(answer.headers.get('x-sentry-id')).toBe(mail.events[0].event_id);
    await mail.close();
  });

  it.each(['beforeSend', 'captureFilter'] as const)(
    'reports nothing that fails in a listener to what %s emits',
    async (hook) => {
      let calls = 0;
      const emit = (event: string): void => void app?.get(EventEmitter2).emit(event, { id: calls });
      // Called again and again it ends at last, so that the test does.
      const emitting = (): undefined => {
        calls += 1;
        if (calls > 10) return;
        emit('sync');
        emit('async');
      };
      const log = new JobLog();
      app = await startStandalone(receiver, parts, { [hook]: emitting }, log);
      emit('sync');
      await log.waitFor('async failed for 1');
      await app.get(RavenClient).flush();
      expect(calls).toBe(1);
      expect(receiver.events.map(errorOf)).toEqual(['sync failed']);
    },
  );

  it('leaves a listener that the app calls itself to the app', async () => {
    const http = await startApp(receiver, { ...parts, controllers: [OrdersController] });
    app = http;
    expect(await (await get(http, '/direct')).text()).toBe('handled');
    expect(() => http.get(Listeners).onSync({})).toThrow('sync failed');
    await http.get(RavenClient).flush();
    expect(receiver.events).toEqual([]);
  });

  it('keeps 50 runs that overlap apart', async () => {
    let release = (): void => {};
    const all = new Promise<void>((resolve) => (release = resolve));
    @Injectable()
    class Busy {
      constructor(private readonly raven: RavenClient) {}

      @OnEvent('busy')
      async run(id: string): Promise<void> {
        this.raven.userContext({ id });
        this.raven.tagsContext({ [`run.${id}`]: id });
        this.raven.captureBreadcrumb({ message: id });
        await all;
        throw new Error(id);
      }
    }
    app = await startStandalone(receiver, { ...parts, providers: [Busy] });
    for (let id = 0; id < 50; id += 1) app.get(EventEmitter2).emit('busy', String(id));
    release();
    const events = await receiver.waitForEvents(50);
    expect(new Set(events.map(errorOf)).size).toBe(50);
    for (const event of events) {
      const id = String(errorOf(event));
      expect(event.user.id).toBe(id);
      expect(event.tags).toEqual({ [`run.${id}`]: id });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual(['busy', id]);
    }
  });

  it('tells apps of one class apart, and looks only once for the app of a listener', async () => {
    const other = await startReceiver();
    app = await startStandalone(receiver, parts);
    const second = await startStandalone(other, parts);
    const emit = (): void => [app, second].forEach((each) => each?.get(EventEmitter2).emit('order.created'));
    emit();
    const looks = [app, second].map((each) => vi.spyOn(each.get(ModulesContainer), 'values'));
    emit();
    expect(looks.map((look) => look.mock.calls.length)).toEqual([0, 0]);
    await second.close();
    await receiver.waitForEvents(2);
    expect(other.events).toHaveLength(2);
    expect(receiver.events).toHaveLength(2);
    await other.close();
  });

  it('finds the app that has a listener now, where a closed one had it before', async () => {
    const other = await startReceiver();
    const listener = { provide: Listeners, useValue: new Listeners({ tagsContext: () => {} } as never) };
    app = await startStandalone(other, {});
    for (let run = 0; run < 2; run += 1) {
      const current = await startStandalone(receiver, { ...parts, providers: [listener] });
      current.get(EventEmitter2).emit('order.created');
      await current.close();
    }
    expect(receiver.events.map(errorOf)).toEqual(['many failed', 'many failed']);
    expect(other.events).toEqual([]);
    await other.close();
  });

  it('leaves class and emitter as they were', async () => {
    const { onMany } = Listeners.prototype;
    app = await startStandalone(receiver, parts);
    const emitter = app.get(EventEmitter2);
    expect(Object.hasOwn(emitter, 'emit')).toBe(true);
    await app.close();
    app = undefined;
    expect(Listeners.prototype.onMany).toBe(onMany);
    expect(Object.hasOwn(emitter, 'emit')).toBe(false);
    expect(Object.hasOwn(emitter, 'emitAsync')).toBe(false);
  });
});
