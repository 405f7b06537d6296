/**
 * @context Microservices: gRPC
 * @sees unary calls, streams to the client, to the server and both ways, guards
 * @handled RpcException, HttpException below 500, what a filter of the app names
 * @transaction the method: `Orders/Find`
 * @once %s: a failure is reported once and answered as without the module
 * @unchanged %s: a failure is reported once and answered as without the module
 * @isolated 50 concurrent calls of each kind never see each other
 * @undone nothing is left on the classes of servers, on the container, or on handlers
 * @within closing.ts
 */
import { join } from 'node:path';
import { Metadata } from '@grpc/grpc-js';
import {
  Controller,
  Get,
  Inject,
  Module,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type INestMicroservice,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  ClientProxyFactory,
  ClientsModule,
  GrpcMethod,
  GrpcStreamMethod,
  RpcException,
  Transport,
  type ClientGrpc,
  type GrpcOptions,
} from '@nestjs/microservices';
import { concatMap, firstValueFrom, from, map, of, throwError, toArray, type Observable } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { freePort } from '../support/free-port';
import { get, testOptions } from '../support/test-app';
import { testClosing } from './closing';

interface OrderId {
  id: number;
}
interface Orders {
  find(id: OrderId, metadata?: Metadata): Observable<OrderId>;
  list(id: OrderId): Observable<OrderId>;
  sum(ids: Observable<OrderId>): Observable<OrderId>;
  talk(ids: Observable<OrderId>): Observable<OrderId>;
  refuse(id: OrderId): Observable<OrderId>;
  guarded(id: OrderId): Observable<OrderId>;
}

class CustomerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { id } = context.switchToRpc().getData<OrderId>();
    throw new Error(`guarded ${id}`);
  }
}

/** Id 0 is answered; any other fails. */
function ordersController(): Type {
  @Tag('area', 'orders')
  @Controller()
  class OrdersController {
    constructor(@Inject(RavenClient) private readonly raven: RavenClient | null) {}

    @GrpcMethod('Orders', 'Find')
    async find({ id }: OrderId): Promise<OrderId> {
      this.raven?.tagsContext({ id });
      await Promise.resolve();
      if (id > 0) throw new Error(`find ${id}`);
      return { id };
    }

    @GrpcMethod('Orders', 'List')
    list({ id }: OrderId): Observable<OrderId> {
      return of(1, 2).pipe(
        concatMap(async (step) => {
          await Promise.resolve();
          this.raven?.tagsContext({ id });
          if (id > 0 && step === 2) throw new Error(`list ${id}`);
          return { id: step };
        }),
      );
    }

    @GrpcStreamMethod('Orders', 'Sum')
    sum(ids: Observable<OrderId>): Observable<OrderId> {
      return ids.pipe(
        toArray(),
        map((all) => {
          const [{ id }] = all;
          this.raven?.tagsContext({ id });
          if (id > 0) throw new Error(`sum ${id}`);
          return { id: all.length };
        }),
      );
    }

    @GrpcStreamMethod('Orders', 'Talk')
    talk(ids: Observable<OrderId>): Observable<OrderId> {
      return ids.pipe(
        map(({ id }) => {
          this.raven?.tagsContext({ id });
          if (id > 0) throw new Error(`talk ${id}`);
          return { id };
        }),
      );
    }

    @GrpcMethod('Orders', 'Refuse')
    refuse(): Observable<OrderId> {
      return throwError(() => new RpcException({ code: 5, message: 'no such order' }));
    }

    @UseGuards(CustomerGuard)
    @GrpcMethod('Orders', 'Guarded')
    guarded({ id }: OrderId): OrderId {
      return { id };
    }
  }
  return OrdersController;
}

async function grpcOptions(): Promise<GrpcOptions> {
  return {
    transport: Transport.GRPC,
    options: {
      url: `127.0.0.1:${await freePort()}`,
      package: 'orders',
      protoPath: join(__dirname, 'orders.proto'),
    },
  };
}

async function startOrders(options: GrpcOptions, receiver?: Receiver): Promise<INestMicroservice> {
  @Module({
    imports: receiver ? [RavenModule.forRoot(testOptions(receiver, { sendDefaultPii: true }))] : [],
    controllers: [ordersController()],
    providers: receiver ? [] : [{ provide: RavenClient, useValue: null }],
  })
  class OrdersModule {}
  const app = await NestFactory.createMicroservice(OrdersModule, { ...options, logger: false });
  await app.listen();
  return app;
}

async function answerOf(answer: Observable<OrderId>): Promise<unknown> {
  const values: OrderId[] = [];
  try {
    await firstValueFrom(
      answer.pipe(
        map((value) => values.push(value)),
        toArray(),
      ),
    );
    return { values };
  } catch (error) {
    const { code, details } = error as { code: number; details: string };
    return { values, code, details };
  }
}

const CALLS: [name: string, rpc: string, ask: (orders: Orders, id: number) => Observable<OrderId>][] = [
  ['unary', 'find', (orders, id) => orders.find({ id })],
  ['streamed to the client', 'list', (orders, id) => orders.list({ id })],
  ['streamed to the server', 'sum', (orders, id) => orders.sum(of({ id }, { id }))],
  ['streamed both ways', 'talk', (orders, id) => orders.talk(of({ id }))],
];

describe('calls over gRPC', () => {
  let receiver: Receiver;
  let app: INestMicroservice;
  let bare: INestMicroservice;
  let orders: Orders;
  let bareOrders: Orders;
  const clients: ClientGrpc[] = [];

  const connect = (options: GrpcOptions): Orders => {
    const client = ClientProxyFactory.create(options) as unknown as ClientGrpc;
    clients.push(client);
    return client.getService<Orders>('Orders');
  };

  beforeAll(async () => {
    receiver = await startReceiver();
    const [options, bareOptions] = [await grpcOptions(), await grpcOptions()];
    app = await startOrders(options, receiver);
    bare = await startOrders(bareOptions);
    orders = connect(options);
    bareOrders = connect(bareOptions);
  });
  afterAll(async () => {
    for (const client of clients) (client as unknown as { close(): void }).close();
    await app.close();
    await bare.close();
    await receiver.close();
  });
  afterEach(() => {
    receiver.events.length = 0;
  });

  async function reported(): Promise<(string | undefined)[]> {
    expect(await app.get<RavenClient>(RavenClient).flush(5000)).toBe(true);
    return receiver.events.map(errorOf);
  }

  it.each(CALLS)('%s: a failure is reported once and answered as without the module', async (_, rpc, ask) => {
    const answer = await answerOf(ask(orders, 17));
    expect(answer).toEqual(await answerOf(ask(bareOrders, 17)));
    expect(answer).toMatchObject({ code: 2 });
    expect(await reported()).toEqual([`${rpc} 17`]);
    const [event] = receiver.events;
    expect(event.transaction.toLowerCase()).toBe(`orders/${rpc}`);
    expect(event.tags).toEqual({ area: 'orders', id: '17' });
    expect(event.contexts.message).toMatchObject({ transport: 'grpc', kind: 'message' });
    expect(event.exception.values[0].mechanism).toMatchObject({ type: 'auto.rpc.nestjs', handled: false });
  });

  it.each(CALLS)('%s: success is answered as without the module and reports nothing', async (_, __, ask) => {
    expect(await answerOf(ask(orders, 0))).toEqual(await answerOf(ask(bareOrders, 0)));
    expect(await reported()).toEqual([]);
  });

  it('an RpcException is handled', async () => {
    const answer = await answerOf(orders.refuse({ id: 1 }));
    expect(answer).toEqual(await answerOf(bareOrders.refuse({ id: 1 })));
    expect(await reported()).toEqual([]);
  });

  it("a guard's error is reported with payload and the handler's tags", async () => {
    await answerOf(orders.guarded({ id: 3 }));
    expect(await reported()).toEqual(['guarded 3']);
    expect(receiver.events[0]).toMatchObject({
      transaction: 'Orders/Guarded',
      tags: { area: 'orders' },
      extra: { payload: { id: 3 } },
    });
  });

  it('the id of the caller is a tag', async () => {
    const metadata = new Metadata();
    metadata.set('x-correlation-id', 'c-17');
    await answerOf(orders.find({ id: 4 }, metadata));
    await reported();
    expect(receiver.events[0].tags).toMatchObject({ correlation_id: 'c-17' });
  });

  it('50 concurrent calls of each kind never see each other', async () => {
    const ids = Array.from({ length: 50 }, (_, id) => id + 1);
    await Promise.all(ids.flatMap((id) => CALLS.map(([, , ask]) => answerOf(ask(orders, id)))));
    const events = await receiver.waitForEvents(200);
    await reported();
    expect(events).toHaveLength(200);
    for (const event of events) expect(event.tags.id).toBe(errorOf(event)?.split(' ')[1]);
  });

  it('errors belong to the trace of the request that calls', async () => {
    const called = await grpcOptions();
    const receivers = await Promise.all([startReceiver(), startReceiver()]);
    @Controller()
    class CallerController {
      private readonly orders: Orders;
      constructor(@Inject('ORDERS') client: ClientGrpc) {
        this.orders = client.getService<Orders>('Orders');
      }
      @Get('call')
      call(): Promise<OrderId> {
        return firstValueFrom(this.orders.find({ id: 1 }));
      }
      @Get('stream')
      stream(): Promise<OrderId> {
        const metadata = new Metadata();
        metadata.set('x-own', 'kept');
        return firstValueFrom(from([1]).pipe(concatMap(() => this.orders.find({ id: 2 }, metadata))));
      }
    }
    @Module({
      imports: [
        RavenModule.forRoot(testOptions(receivers[0])),
        ClientsModule.register([{ name: 'ORDERS', ...called }]),
      ],
      controllers: [CallerController],
    })
    class CallerModule {}
    const server = await startOrders(called, receivers[1]);
    const caller: INestApplication = await NestFactory.create(CallerModule, { logger: false });
    await caller.listen(0, '127.0.0.1');
    for (const path of ['/call', '/stream']) expect((await get(caller, path)).status).toBe(500);
    const asked = await receivers[0].waitForEvents(2);
    const answered = await receivers[1].waitForEvents(2);
    expect(answered.map(({ contexts }) => contexts.trace.trace_id).toSorted()).toEqual(
      asked.map(({ contexts }) => contexts.trace.trace_id).toSorted(),
    );
    await caller.close();
    await server.close();
    await Promise.all(receivers.map((each) => each.close()));
  });
});

testClosing({ name: 'grpc', options: grpcOptions });
