import { setTimeout as wait } from 'node:timers/promises';
import {
  Injectable,
  Module,
  Logger,
  NotFoundException,
  UseFilters,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import {
  AbstractGraphQLDriver,
  Args,
  Field,
  GqlExecutionContext,
  GraphQLModule,
  Int,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CaptureErrors,
  IgnoreErrors,
  RavenClient,
  RavenExceptionFilter,
  RavenModule,
  Tag,
  getRavenToken,
  type CaptureContext,
  type RavenOptions,
} from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver, type ReceivedEvent } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { operate, STACKS, startGraphqlApp, type GraphqlApp } from './graphql-app';

const TRACE = '0123456789abcdef0123456789abcdef';

class FailingGuard implements CanActivate {
  canActivate(): boolean {
    throw new Error('guard');
  }
}

/** Puts the user where Passport's guards put it. */
class SignedIn implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { req } = GqlExecutionContext.create(context).getContext<{ req: { user?: unknown } }>();
    req.user = { id: 'u-1', email: 'ann@example.com' };
    return true;
  }
}

@ObjectType()
class Order {
  @Field(() => Int)
  id!: number;
}

class Ignored extends Error {}

@Injectable()
@Tag('part', 'orders')
@Resolver(() => Order)
class OrdersResolver {
  constructor(private readonly raven: RavenClient) {}

  @Tag('handler', 'orders')
  @Query(() => [Order], { nullable: true })
  orders(@Tag('limit') @Args('limit', { type: () => Int, nullable: true }) limit?: number): Order[] {
    if (limit !== undefined) throw new Error('too many orders');
    return [{ id: 1 }];
  }
  @Tag('handler', 'guarded')
  @UseGuards(FailingGuard)
  @Query(() => String, { nullable: true })
  guarded(): string {
    return 'never';
  }
  @UseGuards(SignedIn)
  @Query(() => String, { nullable: true })
  mine(): string {
    throw new Error('mine');
  }
  @Mutation(() => String, { nullable: true })
  signUp(
    @Args('email') _email: string,
    @Args('password') _password: string,
    @Args('age', { type: () => Int }) _age: number,
  ): string {
    throw new Error('sign up');
  }
  @IgnoreErrors(Ignored)
  @Query(() => String, { nullable: true })
  ignored(): string {
    throw new Ignored('ignored');
  }
  @CaptureErrors()
  @Query(() => String, { nullable: true })
  captured(): string {
    throw new NotFoundException('captured by decorator');
  }
  @UseFilters(RavenExceptionFilter)
  @Query(() => String, { nullable: true })
  ravenFilter(): string {
    throw new Error('seen by both');
  }
  @Query(() => String, { nullable: true })
  forCaller(): string {
    throw new GraphQLError('on purpose');
  }
  @Query(() => String, { nullable: true })
  gone(): string {
    throw new NotFoundException('gone');
  }
  @Query(() => String, { nullable: true })
  byHand(): string {
    const error = new Error('by hand');
    this.raven.captureException(error, { tags: { by: 'hand' } });
    throw error;
  }
  @Query(() => String, { nullable: true })
  logged(): string {
    new Logger('Orders').warn('about to fail');
    throw new Error('logged and thrown');
  }
  @Query(() => String, { nullable: true })
  async isolated(@Args('id', { type: () => Int }) id: number): Promise<string> {
    this.raven.userContext({ id });
    this.raven.captureBreadcrumb({ message: `query ${id}` });
    await wait(id % 7);
    this.raven.tagsContext({ id });
    throw new Error(`query ${id}`);
  }

  @Tag('handler', 'customer')
  @ResolveField(() => String, { nullable: true })
  customer(): string {
    throw new Error('customer');
  }
}

describe.each(STACKS)('GraphQL on %s', (stack) => {
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

  async function start(
    options: RavenOptions = {},
    parts: Partial<GraphqlApp> = {},
  ): Promise<INestApplication> {
    const raven = [RavenModule.forRoot(testOptions(receiver, options))];
    return (app = await startGraphqlApp({ stack, providers: [OrdersResolver], raven, ...parts }));
  }
  async function events(): Promise<ReceivedEvent[]> {
    await app?.get(RavenClient).flush(5000);
    return receiver.events;
  }

  it('an event tells of field, operation, request and trace', async () => {
    await operate(
      await start(),
      'query List($limit: Int) { list: orders(limit: $limit) { id } } query Other { mine }',
      {
        variables: { limit: 3 },
        operationName: 'List',
        headers: { 'sentry-trace': `${TRACE}-0123456789abcdef-1` },
      },
    );
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      transaction: 'Query.orders',
      transaction_info: { source: 'route' },
      contexts: {
        graphql: {
          operation_name: 'List',
          operation_type: 'query',
          document: 'query List($limit: Int) { list: orders(limit: $limit) { id } } query Other { mine }',
          path: 'list',
        },
        trace: { trace_id: TRACE },
      },
      request: { method: 'POST', url: expect.stringMatching(/\/graphql$/) as string },
      tags: { part: 'orders', handler: 'orders', limit: '3' },
    });
    expect(event.contexts.graphql).not.toHaveProperty('variables');
    expect(event.request).not.toHaveProperty('data');
  });

  it('variables and literals go along only with sendDefaultPii, and credentials among them never', async () => {
    const query =
      'mutation ($password: String!) { signUp(email: "ann@example.com", password: $password, age: 42) }';
    const other = 'mutation { signUp(email: "ann@example.com", password: "hunter2", age: 42) }';
    await operate(await start({ sendDefaultPii: true }), query, { variables: { password: 'hunter2' } });
    await operate(app!, other);
    await events();
    await app?.close();
    await operate(await start(), query, { variables: { password: 'hunter2' } });
    await operate(app!, other);

    const told = (await events()).map((event) => event.contexts.graphql);
    expect(told.map(({ variables }) => variables).filter(Boolean)).toEqual([{ password: '********' }]);
    expect(new Set(told.map(({ document }) => document))).toEqual(
      new Set([
        'mutation ($password: ********) { signUp(email: "ann@example.com", password: ********, age: 42) }',
        'mutation { signUp(email: "ann@example.com", password: "********", age: 42) }',
        'mutation ($password: ********) { signUp(email: "********", password: ********, age: 0) }',
        'mutation { signUp(email: "********", password: "********", age: 0) }',
      ]),
    );
    expect(JSON.stringify(receiver.events)).not.toContain('hunter2');
    expect(JSON.stringify(receiver.events.slice(2))).not.toContain('ann@example.com');
  });

  it('a long document is cut', async () => {
    await operate(await start(), `{ orders(limit: 3) { id } } # ${'long '.repeat(2000)}`);
    const [event] = await events();
    expect(String(event.contexts.graphql.document)).toHaveLength(4096);
  });

  it('what GET requests ask for is told once, and masked', async () => {
    const query = 'query Q { orders(limit: 5) { id } }';
    const url = `${await (await start()).getUrl()}/graphql?query=${encodeURIComponent(query)}&operationName=Q`;
    await fetch(url, { headers: { 'apollo-require-preflight': 'true' } });
    const [event] = await events();
    expect(event.contexts.graphql).toMatchObject({
      operation_name: 'Q',
      document: 'query Q { orders(limit: 0) { id } }',
    });
    expect(event.request.query_string).toBe('operationName=Q');
  });

  it('class and handler are known to decorators where a guard failed or a field resolver did', async () => {
    await operate(await start(), '{ guarded orders { customer } }');
    const tags = (await events()).map((event) => ({ error: errorOf(event), ...event.tags }));
    expect(tags.sort((one, other) => String(one.error).localeCompare(String(other.error)))).toEqual([
      { error: 'customer', part: 'orders', handler: 'customer' },
      { error: 'guard', part: 'orders', handler: 'guarded' },
    ]);
  });

  it('the user is the one the app put on the request', async () => {
    await operate(await start({ sendDefaultPii: true }), '{ mine }');
    const [event] = await events();
    expect(event.user).toMatchObject({ id: 'u-1', email: 'ann@example.com' });
  });

  it('@IgnoreErrors, @CaptureErrors, RavenExceptionFilter and captures by hand: one report at most', async () => {
    await operate(await start(), '{ ignored captured ravenFilter byHand }');
    const reported = await events();
    expect(reported.map(errorOf).sort()).toEqual(['by hand', 'captured by decorator', 'seen by both']);
    expect(reported.find((event) => errorOf(event) === 'by hand')?.tags.by).toBe('hand');
  });

  it('captureFilter is asked once for each error, with what resolvers get, and may report handled ones', async () => {
    const asked: [unknown, CaptureContext][] = [];
    const captureFilter: RavenOptions['captureFilter'] = (error, context) => {
      asked.push([error, context]);
      return (error as Error).message === 'on purpose' ? true : undefined;
    };
    await operate(await start({ captureFilter }), '{ forCaller gone orders(limit: 4) { id } }');
    expect((await events()).map(errorOf).sort()).toEqual(['on purpose', 'too many orders']);
    expect(asked.map(([error, { handled }]) => [(error as Error).message, handled])).toEqual(
      expect.arrayContaining([
        ['on purpose', true],
        ['gone', true],
        ['too many orders', false],
      ]),
    );
    expect(asked).toHaveLength(3);
    const context = asked.find(([error]) => (error as Error).message === 'too many orders')?.[1];
    expect(context).toMatchObject({ type: 'graphql', class: OrdersResolver, handlerName: 'orders' });
    expect(context?.host?.getType()).toBe('graphql');
    expect(context?.host?.getArgs()[1]).toEqual({ limit: 4 });
    expect(context?.host?.getArgs()[2]).toHaveProperty('req');
    expect(context?.request).toHaveProperty('headers');
  });

  it("a feature's client reports where the app's own is off, and is asked about handled ones", async () => {
    const asked: string[] = [];
    const captureFilter: RavenOptions['captureFilter'] = (error) => {
      asked.push((error as Error).message);
      return (error as Error).message === 'gone' ? true : undefined;
    };
    @Module({ imports: [RavenModule.forFeature({ client: 'orders' })], providers: [OrdersResolver] })
    class OrdersModule {}
    const raven = [
      RavenModule.forRoot({ ...testOptions(receiver), dsn: undefined }),
      RavenModule.forRoot({ ...testOptions(receiver, { captureFilter }), name: 'orders' }),
      { module: OrdersModule },
    ];
    app = await startGraphqlApp({ stack, providers: [], raven });
    await operate(app, '{ forCaller gone orders(limit: 4) { id } }');
    await app.get<RavenClient>(getRavenToken('orders')).flush(5000);
    expect(receiver.events.map(errorOf).sort()).toEqual(['gone', 'too many orders']);
    expect(asked.sort()).toEqual(['gone', 'on purpose', 'too many orders']);
  });

  it('no breadcrumb is the line that Nest logs of the very error', async () => {
    const logLines: string[] = [];
    await operate(await start({}, { logLines }), '{ logged }');
    const [event] = await events();
    expect(logLines).toContainEqual(expect.stringMatching(/^error Error: logged and thrown/));
    expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([
      'POST /graphql',
      'about to fail',
    ]);
  });

  it('50 operations at a time never see each other', async () => {
    const started = await start();
    const ids = Array.from({ length: 50 }, (_, index) => index + 1);
    // Who asks is in this process too, and its requests are to be nobody's.
    await started
      .get(RavenClient)
      .rootContext.run(() => Promise.all(ids.map((id) => operate(started, `{ isolated(id: ${id}) }`))));

    expect((await events()).map(errorOf).sort()).toEqual(ids.map((id) => `query ${id}`).sort());
    for (const event of receiver.events) {
      const id = String(event.user.id);
      expect(errorOf(event)).toBe(`query ${id}`);
      expect(event.tags).toEqual({ part: 'orders', id });
      expect(event.breadcrumbs.values.map(({ message }) => message)).toEqual([
        'POST /graphql',
        `query ${id}`,
      ]);
    }
    expect(started.get(RavenClient).rootContext.get()).toEqual({});
  });

  it('several operations of one request are each told apart', async () => {
    const options = { allowBatchedHttpRequests: true, allowBatchedQueries: true };
    const started = await start({}, { options });
    const batch = [{ query: 'query A { orders(limit: 3) { id } }' }, { query: 'query B { guarded }' }];
    await fetch(`${await started.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(batch),
    });
    const seen = (await events()).map((event) => [event.transaction, event.contexts.graphql.operation_name]);
    expect(seen.sort()).toEqual([
      ['Query.guarded', 'B'],
      ['Query.orders', 'A'],
    ]);
  });

  it('a context that cannot be made is reported, one that refuses the caller is not', async () => {
    let failure: Error = new Error('no context');
    const options = {
      context: (): never => {
        throw failure;
      },
    };
    const started = await start({}, { options });
    await operate(started, '{ orders { id } }');
    expect((await events()).map(errorOf)).toEqual(['no context']);
    failure = new NotFoundException();
    await operate(started, '{ orders { id } }');
    expect(await events()).toHaveLength(1);
  });

  it('closing takes everything away: metadata, the schema, the driver are as before', async () => {
    const keysOf = (): unknown[] =>
      ['orders', 'customer'].map((name) =>
        Reflect.getMetadataKeys((OrdersResolver.prototype as unknown as Record<string, object>)[name]),
      );
    const before = keysOf();
    const started = await start();
    const driver = started.get(GraphQLModule).graphQlAdapter as AbstractGraphQLDriver;
    expect(Object.hasOwn(driver, 'start')).toBe(true);
    expect(keysOf()).not.toEqual(before);
    await started.close();
    app = undefined;
    expect(keysOf()).toEqual(before);
    expect(Object.keys(Object.getOwnPropertyDescriptors(driver))).not.toContain('start');
    expect(Object.keys(Object.getOwnPropertyDescriptors(driver))).not.toContain('subscriptionWithFilter');
  });
});
