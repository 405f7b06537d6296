import {
  Controller,
  Get,
  Injectable,
  NotFoundException,
  Param,
  ParseIntPipe,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { lastValueFrom, Observable, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CaptureErrors,
  Extra,
  Fingerprint,
  IgnoreErrors,
  Level,
  RavenClient,
  Tag,
  Tags,
  type CaptureContext,
} from 'nestjs-raven';
import { errorOf, startReceiver, type ReceivedEvent, type Receiver } from '../support/receiver';
import { get, PLATFORMS, startApp } from '../support/test-app';

class PaymentError extends Error {}
class Timeout extends Error {}

@Injectable()
class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

let evaluated: string[] = [];
const evaluate = (name: string) => (context: CaptureContext) => {
  evaluated.push(name);
  return `${name} of ${context.class?.name}.${context.handlerName} (${context.type})`;
};

@Tag('team', 'platform')
@Tag('layer', 'base')
@Level('warning')
class BaseController {
  @Get('inherited')
  inherited(): void {
    throw new Error('inherited');
  }
}

@Tag('layer', 'orders')
@Tags({ area: 'shop', function: 'overwritten by none' })
@Extra('why', { known: true })
@Controller()
class OrdersController extends BaseController {
  @Tag('layer', 'method')
  @Tag('computed', evaluate('tag'))
  @Extra('computed', evaluate('extra'))
  @Extra('args', ({ args }: CaptureContext) => args)
  @Level('fatal')
  @Fingerprint('{{ default }}', 'orders')
  @Get('orders/:id')
  order(@Param('id', ParseIntPipe) @Tag('order.id') @Extra('order') id: number): never {
    throw new Error(`order ${id}`);
  }

  @Get('fine')
  @Tag('computed', evaluate('fine'))
  fine(): string {
    return 'fine';
  }

  @Get('guarded')
  @Tag('guarded', 'yes')
  @UseGuards(FailingGuard)
  guarded(): void {}

  @Get('broken-value')
  @Tag('broken', () => {
    throw new Error('value');
  })
  @Tag('sound', 'yes')
  @Fingerprint(() => {
    throw new Error('value');
  })
  broken(): never {
    throw new Error('broken value');
  }

  @Get('ignored')
  @IgnoreErrors(Timeout, 'PaymentError')
  ignored(): never {
    throw new PaymentError('ignored');
  }

  @Get('fingerprint')
  @Fingerprint(({ class: type }) => [type?.name ?? '', 'x'])
  fingerprint(): never {
    throw new Error('fingerprint');
  }
}

describe.each(PLATFORMS)('decorators of handlers on %s', (platform) => {
  let receiver: Receiver;
  let app: INestApplication;
  beforeEach(async () => {
    evaluated = [];
    receiver = await startReceiver();
    app = await startApp(receiver, { controllers: [OrdersController] }, {}, platform);
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
  });

  async function eventOf(path: string): Promise<ReceivedEvent> {
    const response = await get(app, path);
    expect(response.status).toBe(500);
    const [event] = await receiver.waitForEvents(1);
    return event;
  }

  it('give an error tags, extra, level and fingerprint: the method wins over its class, a class over its base', async () => {
    const event = await eventOf('/orders/17');
    expect(event.tags).toEqual({
      team: 'platform',
      layer: 'method',
      area: 'shop',
      function: 'overwritten by none',
      computed: 'tag of OrdersController.order (http)',
      'order.id': '17',
    });
    expect(event.extra).toMatchObject({
      why: { known: true },
      computed: 'extra of OrdersController.order (http)',
      order: 17,
      args: [17],
    });
    expect(event.level).toBe('fatal');
    expect(event.fingerprint).toEqual(['{{ default }}', 'orders']);
  });

  it('reach handlers that are inherited', async () => {
    const event = await eventOf('/inherited');
    expect(event.tags).toMatchObject({ team: 'platform', layer: 'orders' });
    expect(event.level).toBe('warning');
    expect(event.transaction).toBe('GET /inherited');
  });

  it('give the errors of guards the tags of the handler', async () => {
    const event = await eventOf('/guarded');
    expect(event.tags).toMatchObject({ guarded: 'yes', layer: 'orders' });
  });

  it('lose only the value whose function throws', async () => {
    const event = await eventOf('/broken-value');
    expect(event.tags).toMatchObject({ sound: 'yes' });
    expect(event.tags).not.toHaveProperty('broken');
    expect(event).not.toHaveProperty('fingerprint');
  });

  it('take a fingerprint from a function', async () => {
    expect((await eventOf('/fingerprint')).fingerprint).toEqual(['OrdersController', 'x']);
  });

  it('evaluate nothing unless an event is built', async () => {
    expect((await get(app, '/fine')).status).toBe(200);
    expect(evaluated).toEqual([]);
  });

  it('keep an ignored error from being reported, not from being answered', async () => {
    expect((await get(app, '/ignored')).status).toBe(500);
    await app.get(RavenClient).flush();
    expect(receiver.events).toEqual([]);
  });
});

@Injectable()
class Repository {
  @CaptureErrors()
  sync(): never {
    throw new PaymentError('sync');
  }

  @CaptureErrors()
  async async(): Promise<never> {
    await Promise.resolve();
    throw new PaymentError('async');
  }

  @CaptureErrors()
  observable(): Observable<never> {
    return throwError(() => new PaymentError('observable'));
  }

  @CaptureErrors()
  async *generator(): AsyncGenerator<number> {
    yield 1;
    await Promise.resolve();
    throw new PaymentError('async generator');
  }

  @CaptureErrors()
  *syncGenerator(): Generator<number> {
    yield 1;
    throw new PaymentError('generator');
  }

  @CaptureErrors(Timeout)
  onlyTimeouts(error: Error): never {
    throw error;
  }

  @CaptureErrors({
    types: [PaymentError],
    level: 'warning',
    tags: { from: 'options' },
    extra: { x: 1 },
    fingerprint: ['f'],
  })
  withOptions(): never {
    throw new PaymentError('options');
  }

  @Tag('sku', 'of the method')
  find(@Tag('sku') sku: string): never {
    throw new Error(`no ${sku}`);
  }

  @CaptureErrors()
  fine(): number {
    return 42;
  }

  @CaptureErrors()
  stream(): Observable<number> {
    return of(1, 2);
  }
}

@CaptureErrors()
@Tag('service', 'mail')
@Injectable()
class MailService {
  send(): never {
    throw new Error('mail');
  }

  async later(): Promise<never> {
    await Promise.resolve();
    return this.send();
  }
}

@Injectable()
class InheritingService extends MailService {
  override send(): never {
    throw new Error('overridden');
  }
}

@Controller()
class UsingController {
  constructor(private readonly repository: Repository) {}

  @Get('find')
  @Tag('handler', 'find')
  find(): never {
    return this.repository.find('a-1');
  }

  @Get('captured')
  captured(): never {
    return this.repository.sync();
  }

  @Get('handled')
  handled(): string {
    try {
      return this.repository.sync();
    } catch {
      return 'handled';
    }
  }

  @CaptureErrors()
  @Get('explicit')
  explicit(): never {
    throw new NotFoundException('explicit');
  }
}

describe('decorators of any provider', () => {
  let receiver: Receiver;
  let app: INestApplication;
  let repository: Repository;
  beforeEach(async () => {
    receiver = await startReceiver();
    app = await startApp(receiver, {
      controllers: [UsingController],
      providers: [Repository, MailService, InheritingService],
    });
    repository = app.get(Repository);
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
  });

  async function reported(): Promise<ReceivedEvent[]> {
    expect(await app.get(RavenClient).flush(5000)).toBe(true);
    return receiver.events;
  }
  const values = (events: ReceivedEvent[]): (string | undefined)[] => events.map(errorOf).toSorted();

  it('@CaptureErrors reports and rethrows what is thrown, rejected, or fails an Observable or a generator', async () => {
    expect(() => repository.sync()).toThrow(PaymentError);
    await expect(repository.async()).rejects.toThrow(PaymentError);
    await expect(lastValueFrom(repository.observable())).rejects.toThrow(PaymentError);
    const drain = async (): Promise<void> => {
      for await (const value of repository.generator()) expect(value).toBe(1);
    };
    await expect(drain()).rejects.toThrow('async generator');
    expect(() => [...repository.syncGenerator()]).toThrow('generator');
    const events = await reported();
    expect(values(events)).toEqual(['async', 'async generator', 'generator', 'observable', 'sync']);
    expect(events[0].exception.values[0].mechanism).toMatchObject({
      type: 'auto.function.nestjs',
      handled: true,
    });
  });

  it('@CaptureErrors leaves success as it is', async () => {
    expect(repository.fine()).toBe(42);
    expect(await lastValueFrom(repository.stream())).toBe(2);
    expect(await reported()).toEqual([]);
  });

  it('@CaptureErrors reports only the given types', async () => {
    expect(() => repository.onlyTimeouts(new PaymentError('p'))).toThrow('p');
    expect(() => repository.onlyTimeouts(new Timeout('t'))).toThrow('t');
    expect(values(await reported())).toEqual(['t']);
  });

  it('@CaptureErrors takes level, tags, extra and fingerprint', async () => {
    expect(() => repository.withOptions()).toThrow();
    const [event] = await reported();
    expect(event).toMatchObject({ level: 'warning', tags: { from: 'options' }, fingerprint: ['f'] });
    expect(event.extra).toMatchObject({ x: 1 });
  });

  it('@CaptureErrors on a class captures all its methods, inherited ones too, and each error once', async () => {
    expect(() => app.get(MailService).send()).toThrow('mail');
    await expect(app.get(MailService).later()).rejects.toThrow('mail');
    await expect(app.get(InheritingService).later()).rejects.toThrow('overridden');
    const events = await reported();
    expect(values(events)).toEqual(['mail', 'mail', 'overridden']);
    for (const event of events) expect(event.tags).toMatchObject({ service: 'mail' });
  });

  it('tags of a provider go along when its error reaches a handler, the one nearest to the throw wins', async () => {
    expect((await get(app, '/find')).status).toBe(500);
    const [event] = await reported();
    expect(event.tags).toMatchObject({ handler: 'find', sku: 'a-1' });
    expect(event.transaction).toBe('GET /find');
  });

  it('an error captured by a decorator is not reported again by the module, and its id is answered', async () => {
    const response = await get(app, '/captured');
    const events = await reported();
    expect(values(events)).toEqual(['sync']);
    expect(response.headers.get('x-sentry-id')).toBe(events[0].event_id);
    expect(events[0].request.url).toMatch(/\/captured$/);
  });

  it('@CaptureErrors reports what the app then handles, and a 404 it stands on', async () => {
    expect(await (await get(app, '/handled')).text()).toBe('handled');
    expect((await get(app, '/explicit')).status).toBe(404);
    expect(values(await reported())).toEqual(['explicit', 'sync']);
  });
});

describe('decorated methods', () => {
  const Role = (role: string) => SetMetadata('role', role);
  class Composed {
    @CaptureErrors()
    @Role('below')
    @Tag('a', 1)
    below(first: string, second: number): string {
      return first + second;
    }

    @Role('above')
    @Tag('a', 1)
    @CaptureErrors()
    above(first: string): string {
      return first;
    }
  }

  it('keep name, length, metadata and parameter types in any order of decorators', () => {
    const reflector = new Reflector();
    expect(Composed.prototype.below.name).toBe('below');
    expect(Composed.prototype.below).toHaveLength(2);
    expect(reflector.get('role', Composed.prototype.below)).toBe('below');
    expect(reflector.get('role', Composed.prototype.above)).toBe('above');
    expect(Reflect.getMetadata('design:paramtypes', Composed.prototype, 'below')).toEqual([String, Number]);
    expect(new Composed().below('a', 1)).toBe('a1');
  });

  it('outside of any app report nothing and throw as before', () => {
    class Lonely {
      @CaptureErrors()
      fail(): never {
        throw new Error('lonely');
      }
    }
    expect(() => new Lonely().fail()).toThrow('lonely');
  });

  it('refuse what cannot be meant', () => {
    expect(() => {
      class Wrong {
        constructor(@Tag('x') readonly value: string) {}
      }
      return Wrong;
    }).toThrow(/@Tag\('x'\) stands on a parameter of a constructor/);
    expect(() => {
      class Wrong {
        @Extra('x')
        method(): void {}
      }
      return Wrong;
    }).toThrow(/@Extra\('x'\) has no value/);
  });
});

describe('two apps in one process', () => {
  it('report the errors of shared classes each to its own client, and part without disturbing each other', async () => {
    const receivers = await Promise.all([startReceiver(), startReceiver()]);
    const apps = await Promise.all(
      receivers.map((receiver) =>
        startApp(receiver, { controllers: [UsingController, OrdersController], providers: [Repository] }),
      ),
    );
    await get(apps[0], '/orders/1');
    await get(apps[1], '/orders/2');
    expect(() => apps[0].get(Repository).sync()).toThrow();
    for (const app of apps) await app.get(RavenClient).flush(5000);
    const seen = receivers.map(({ events }) => events.map(errorOf).toSorted());
    expect(seen).toEqual([['order 1', 'sync'], ['order 2']]);

    await apps[0].close();
    await get(apps[1], '/orders/3');
    await receivers[1].waitForEvents(2);
    await apps[1].close();
    expect(Reflect.getOwnMetadata('__exceptionFilters__', OrdersController.prototype.order)).toBeUndefined();
    expect(Object.hasOwn(OrdersController.prototype, 'inherited')).toBe(true);
    await Promise.all(receivers.map((receiver) => receiver.close()));
  });
});
