/**
 * @context GraphQL subscriptions over graphql-ws
 * @sees subscribing, each of its events, queries over sockets
 * @handled as for GraphQL
 * @transaction the field: `Subscription.sold`
 * @isolated 50 subscriptions and their events never see each other, and events begin with what subscribing set
 * @undone closing gives the schema back as it was
 * @once %s: reported once, or not at all, and told as without the module
 * @unchanged %s: reported once, or not at all, and told as without the module
 */
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import {
  ForbiddenException,
  UseFilters,
  UseGuards,
  Catch,
  type CanActivate,
  type ExceptionFilter,
} from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLSchemaHost,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { GraphQLError, type ExecutionArgs, type execute as executeOperation } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RavenClient, RavenModule, Tag, type CaptureContext, type RavenOptions } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { startGraphqlApp, STACKS, type Stack } from './graphql-app';

// The copy that Nest has: a module loader may give a test another one.
const { execute } = createRequire(__filename)('graphql') as { execute: typeof executeOperation };
const TRACE = '0123456789abcdef0123456789abcdef';

@ObjectType()
class Tick {
  @Field(() => Int)
  id!: number;
  @Field(() => Int, { nullable: true })
  doubled?: number;
}

class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}
@Catch()
class ToGraphqlError implements ExceptionFilter {
  catch(): never {
    throw new GraphQLError('from the filter');
  }
}

async function* ticks(count: number, failure?: Error): AsyncGenerator<{ id: number }> {
  for (let id = 1; id <= count; id += 1) {
    await wait(1);
    yield { id };
  }
  if (failure) throw failure;
}

@Tag('part', 'ticks')
@Resolver(() => Tick)
class TicksResolver {
  constructor(private readonly raven: RavenClient) {}

  @Query(() => String, { nullable: true })
  async query(@Args('id', { type: () => Int, defaultValue: 0 }) id: number): Promise<string> {
    this.raven?.userContext({ id });
    await wait(id % 5);
    this.raven?.tagsContext({ tag: id });
    throw new Error(`query ${id}`);
  }
  @Mutation(() => String, { nullable: true })
  change(): string {
    throw new Error('change');
  }
  @Subscription(() => Tick, { resolve: (tick: unknown) => tick })
  ticks(): AsyncIterable<unknown> {
    return ticks(2);
  }
  @Subscription(() => Tick)
  fails(): AsyncIterable<unknown> {
    throw new Error('subscribe');
  }
  @UseGuards(FailingGuard)
  @Subscription(() => Tick)
  guarded(): AsyncIterable<unknown> {
    return ticks(1);
  }
  @Subscription(() => Tick)
  refused(): AsyncIterable<unknown> {
    throw new ForbiddenException();
  }
  @Subscription(() => Tick)
  forCaller(): AsyncIterable<unknown> {
    throw new GraphQLError('on purpose');
  }
  @UseFilters(ToGraphqlError)
  @Subscription(() => Tick)
  filtered(): AsyncIterable<unknown> {
    throw new Error('filtered');
  }
  @Subscription(() => Tick, { resolve: (tick: unknown) => tick })
  sourceFails(): AsyncIterable<unknown> {
    return ticks(1, new Error('source'));
  }
  @Tag('event', 'resolve')
  @Subscription(() => Tick, {
    nullable: true,
    resolve: (tick: { id: number }) => {
      if (tick.id === 2) throw new Error('event');
      return tick;
    },
  })
  eventFails(): AsyncIterable<unknown> {
    return ticks(3);
  }
  @Subscription(() => Tick, {
    filter: () => {
      throw new Error('filter');
    },
    resolve: (tick: unknown) => tick,
  })
  filterFails(): AsyncIterable<unknown> {
    return ticks(1);
  }
  @Subscription(() => Tick, { resolve: (tick: unknown) => tick })
  mine(@Args('id', { type: () => Int }) id: number): AsyncIterable<unknown> {
    this.raven?.userContext({ id });
    this.raven?.tagsContext({ subscription: id });
    return ticks(2);
  }

  @ResolveField(() => Int, { nullable: true })
  async doubled(@Parent() tick: Tick): Promise<number> {
    this.raven?.captureBreadcrumb({ message: `tick ${tick.id}` });
    await wait(1);
    this.raven?.tagsContext({ [`tick${tick.id}`]: 'seen' });
    throw new Error(`tick ${tick.id}`);
  }
}

/** What a client is told, in order, until the end. */
type Told = { next: unknown } | { error: unknown };

function ask(
  app: INestApplication,
  query: string,
  {
    variables,
    connectionParams,
  }: { variables?: Record<string, unknown>; connectionParams?: Record<string, unknown> } = {},
): Promise<Told[]> {
  const { port } = app.getHttpServer().address() as { port: number };
  const client = createClient({
    url: `ws://127.0.0.1:${port}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams,
  });
  const told: Told[] = [];
  return new Promise<Told[]>((resolve) => {
    client.subscribe(
      { query, variables },
      {
        next: (next) => void told.push({ next }),
        error: (error) => {
          told.push({ error });
          resolve(told);
        },
        complete: () => resolve(told),
      },
    );
  }).finally(() => client.dispose());
}

function start(
  stack: Stack,
  receiver: Receiver | undefined,
  options: RavenOptions = {},
  graphqlWs: object | true = true,
): Promise<INestApplication> {
  const raven = receiver ? [RavenModule.forRoot(testOptions(receiver, options))] : [];
  return startGraphqlApp({
    stack,
    providers: receiver ? [TicksResolver] : [{ provide: RavenClient, useValue: undefined }, TicksResolver],
    raven,
    options:
      stack === 'Fastify and Mercurius'
        ? { subscription: { fullWsTransport: true } }
        : { subscriptions: { 'graphql-ws': graphqlWs } },
  });
}

/** What is asked for over a socket, and which errors must be reported for it. */
const OPERATIONS: Record<string, { query: string; reported: [message: string, transaction: string][] }> = {
  'events without errors': { query: 'subscription { ticks { id } }', reported: [] },
  'an error of subscribing': {
    query: 'subscription { fails { id } }',
    reported: [['subscribe', 'Subscription.fails']],
  },
  'an error of a guard': {
    query: 'subscription { guarded { id } }',
    reported: [['guard', 'Subscription.guarded']],
  },
  'an HttpException of 403': { query: 'subscription { refused { id } }', reported: [] },
  'a GraphQLError': { query: 'subscription { forCaller { id } }', reported: [] },
  'a filter that makes a GraphQLError': { query: 'subscription { filtered { id } }', reported: [] },
  'a source of events that fails': {
    query: 'subscription { sourceFails { id } }',
    reported: [['source', 'Subscription.sourceFails']],
  },
  'one event that fails': {
    query: 'subscription { eventFails { id } }',
    reported: [['event', 'Subscription.eventFails']],
  },
  'a field of each event': {
    query: 'subscription { ticks { id doubled } }',
    reported: [
      ['tick 1', 'Tick.doubled'],
      ['tick 2', 'Tick.doubled'],
    ],
  },
  'a filter of events that fails': {
    query: 'subscription { filterFails { id } }',
    reported: [['filter', 'Subscription.filterFails']],
  },
  'a query over the socket': { query: '{ query }', reported: [['query 0', 'Query.query']] },
  'a mutation over the socket': { query: 'mutation { change }', reported: [['change', 'Mutation.change']] },
  'a document that is not valid': { query: 'subscription { unknown }', reported: [] },
};

describe.each(STACKS)('subscriptions over graphql-ws on %s', (stack) => {
  let receiver: Receiver;
  let app: INestApplication | undefined;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await receiver.close();
  });

  it.each(Object.entries(OPERATIONS))(
    '%s: reported once, or not at all, and told as without the module',
    async (_name, { query, reported }) => {
      const bare = await start(stack, undefined);
      const expected = await ask(bare, query);
      await bare.close();

      app = await start(stack, receiver);
      expect(await ask(app, query)).toEqual(expected);
      await app.get(RavenClient).flush(5000);
      const seen = receiver.events.map((event) => [errorOf(event), event.transaction]);
      expect(seen.sort()).toEqual(reported);
      for (const event of receiver.events) {
        expect(event.tags.part).toBe('ticks');
        expect(event.exception.values.at(-1)?.mechanism).toMatchObject({
          type: 'auto.graphql.nestjs',
          handled: false,
        });
      }
    },
  );

  it('an event tells of the operation, of the request that opened the socket, and continues the trace', async () => {
    const captured: CaptureContext[] = [];
    const beforeSend: RavenOptions['beforeSend'] = (event, hint) => {
      if (hint.captureContext) captured.push(hint.captureContext);
      return event;
    };
    app = await start(stack, receiver, { sendDefaultPii: true, beforeSend });
    await ask(app, 'subscription Mine($id: Int!) { mine(id: $id) { doubled } }', {
      variables: { id: 7 },
      connectionParams: { 'sentry-trace': `${TRACE}-0123456789abcdef-1` },
    });
    await app.get(RavenClient).flush(5000);

    expect(receiver.events).toHaveLength(2);
    for (const event of receiver.events) {
      expect(event).toMatchObject({
        transaction: 'Tick.doubled',
        transaction_info: { source: 'route' },
        contexts: {
          graphql: {
            operation_name: 'Mine',
            operation_type: 'subscription',
            document: 'subscription Mine($id: Int!) { mine(id: $id) { doubled } }',
            variables: { id: 7 },
            path: 'mine.doubled',
          },
          trace: { trace_id: TRACE },
        },
        request: { method: 'GET', url: expect.stringMatching(/\/graphql$/) as string },
      });
    }
    expect(captured[0]).toMatchObject({ type: 'graphql', class: TicksResolver, handlerName: 'doubled' });
    expect(captured[0].args).toHaveLength(4);
    expect(captured[0].args[2]).toMatchObject({});
  });

  it('50 subscriptions and their events never see each other, and events begin with what subscribing set', async () => {
    app = await start(stack, receiver);
    const ids = Array.from({ length: 50 }, (_, index) => index + 1);
    const started = app;
    await Promise.all(ids.map((id) => ask(started, `subscription { mine(id: ${id}) { doubled } }`)));
    await started.get(RavenClient).flush(10_000);

    expect(receiver.events).toHaveLength(100);
    const seen = receiver.events.map((event) => `${String(event.user.id)} ${String(errorOf(event))}`);
    expect(seen.sort()).toEqual(ids.flatMap((id) => [`${id} tick 1`, `${id} tick 2`]).sort());
    for (const event of receiver.events) {
      const tick = errorOf(event)?.split(' ')[1];
      expect(event.tags).toEqual({
        part: 'ticks',
        subscription: event.user.id,
        [`tick${tick}`]: 'seen',
      });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([`tick ${tick}`]);
    }
    expect(started.get(RavenClient).rootContext.get()).toEqual({});
    expect(started.get(RavenClient).rootContext.breadcrumbs).toEqual([]);
  });

  it('50 queries over sockets never see each other', async () => {
    app = await start(stack, receiver);
    const ids = Array.from({ length: 50 }, (_, index) => index + 1);
    const started = app;
    await Promise.all(ids.map((id) => ask(started, `{ query(id: ${id}) }`)));
    await started.get(RavenClient).flush(10_000);

    expect(receiver.events.map(errorOf).sort()).toEqual(ids.map((id) => `query ${id}`).sort());
    for (const event of receiver.events) {
      expect(errorOf(event)).toBe(`query ${String(event.user.id)}`);
      expect(event.tags).toEqual({ part: 'ticks', tag: event.user.id });
    }
    expect(started.get(RavenClient).rootContext.get()).toEqual({});
  });
});

describe('Apollo and graphql-ws', () => {
  let receiver: Receiver;
  let app: INestApplication;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await app.close();
    await receiver.close();
  });

  it("the app's own options still count, and the user who connected is told", async () => {
    const called: string[] = [];
    const given = {
      onConnect: ({ extra }: { extra: { user?: unknown } }): void => {
        extra.user = { id: 'u-9' };
      },
      onNext: (): void => void called.push('onNext'),
      execute: (args: ExecutionArgs): unknown => {
        called.push('execute');
        return execute(args);
      },
    };
    const kept = { ...given };
    app = await start('Express and Apollo', receiver, {}, given);
    await ask(app, 'subscription { ticks { doubled } }');
    await ask(app, 'mutation { change }');
    await app.get(RavenClient).flush(5000);

    expect(called).toEqual(['onNext', 'onNext', 'execute', 'onNext']);
    expect(given).toEqual(kept);
    expect(receiver.events.map((event) => [errorOf(event), event.user.id]).sort()).toEqual([
      ['change', 'u-9'],
      ['tick 1', 'u-9'],
      ['tick 2', 'u-9'],
    ]);
  });

  it('several subscriptions of one socket are told apart', async () => {
    app = await start('Express and Apollo', receiver);
    const { port } = app.getHttpServer().address() as { port: number };
    const client = createClient({ url: `ws://127.0.0.1:${port}/graphql`, webSocketImpl: WebSocket });
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(
      ids.map(
        (id) =>
          new Promise<void>((resolve, reject) =>
            client.subscribe(
              { query: `subscription { mine(id: ${id}) { doubled } }` },
              { next: () => {}, error: reject, complete: resolve },
            ),
          ),
      ),
    );
    await client.dispose();
    await app.get(RavenClient).flush(5000);
    expect(receiver.events).toHaveLength(40);
    for (const event of receiver.events) expect(event.tags.subscription).toBe(event.user.id);
    expect(new Set(receiver.events.map(({ user }) => user.id)).size).toBe(20);
  });

  it('closing gives the schema back as it was', async () => {
    const running = await start('Express and Apollo', receiver);
    app = running;
    const { ticks: field } = running.get(GraphQLSchemaHost).schema.getSubscriptionType()?.getFields() ?? {};
    const watched = field.subscribe;
    await running.close();
    expect(field.subscribe).toBeTypeOf('function');
    expect(field.subscribe).not.toBe(watched);
  });
});
