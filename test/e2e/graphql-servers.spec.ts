import { createRequire } from 'node:module';
import type { ApolloServer, ApolloServerPlugin } from '@apollo/server';
import { Injectable, Module, NotFoundException, Scope, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  AbstractGraphQLDriver,
  createUnionType,
  Field,
  GraphQLModule,
  Int,
  InterfaceType,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
  type GqlModuleOptions,
} from '@nestjs/graphql';
import { GraphQLError, type graphql as runGraphql } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RavenClient, RavenModule, Tag } from 'nestjs-raven';
import { errorOf, startReceiver, type Receiver } from '../support/receiver';
import { testOptions } from '../support/test-app';
import { operate, STACKS, startGraphqlApp, type GraphqlApp } from './graphql-app';

// The copy that Nest has: a module loader may give a test another one.
const { graphql } = createRequire(__filename)('graphql') as { graphql: typeof runGraphql };
const SHARED = new Error('one object');

@InterfaceType({ resolveType: (thing: { kind: string }) => thing.kind })
abstract class Thing {
  @Field(() => Int)
  id!: number;
  @Field(() => String, { nullable: true })
  label?: string;
}
@ObjectType({ implements: () => [Thing] })
class Book extends Thing {
  @Field(() => String, { nullable: true })
  author?: string;
}
@ObjectType({ implements: () => [Thing] })
class Film extends Thing {
  @Field(() => String, { nullable: true })
  director?: string;
}
const Found = createUnionType({
  name: 'Found',
  types: () => [Book, Film] as const,
  resolveType: (thing: { kind?: string }) => thing.kind,
});

@Tag('class', 'things')
@Resolver(() => Thing)
class ThingsResolver {
  @Query(() => [Thing])
  things(): unknown[] {
    return [{ kind: 'Book', id: 1 }];
  }
  @Query(() => [Found])
  found(): unknown[] {
    return [
      { kind: 'Film', id: 2 },
      { kind: 'Book', id: 1 },
    ];
  }
  @Query(() => String, { nullable: true })
  fails(): string {
    throw SHARED;
  }
  @Query(() => String, { nullable: true })
  failsToo(): string {
    throw SHARED;
  }
  @Query(() => String, { nullable: true })
  text(): string {
    // oxlint-disable-next-line no-throw-literal
    throw 'a string';
  }
  @Query(() => String, { nullable: true })
  forCaller(): string {
    throw new NotFoundException();
  }
  @ResolveField(() => String, { nullable: true })
  label(): string {
    throw new Error('label');
  }
}
@Tag('class', 'books')
@Resolver(() => Book)
class BooksResolver {
  @ResolveField(() => String, { nullable: true })
  author(): string {
    throw new Error('author');
  }
}
@Tag('class', 'films')
@Resolver(() => Film)
class FilmsResolver {
  @ResolveField(() => String, { nullable: true })
  director(): string {
    throw new Error('director');
  }
}
const RESOLVERS = [ThingsResolver, BooksResolver, FilmsResolver];

@Injectable({ scope: Scope.REQUEST })
@Tag('class', 'scoped')
@Resolver()
class RequestScopedResolver {
  @Query(() => String, { nullable: true })
  scoped(): string {
    throw new Error('scoped');
  }
}

let receiver: Receiver;
const apps: INestApplication[] = [];
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  await receiver.close();
});

async function start(parts: Omit<GraphqlApp, 'raven'>, of = receiver): Promise<INestApplication> {
  const app = await startGraphqlApp({ ...parts, raven: [RavenModule.forRoot(testOptions(of))] });
  apps.push(app);
  return app;
}
async function seen(app: INestApplication): Promise<(string | undefined)[][]> {
  await app.get(RavenClient).flush(5000);
  return receiver.events.map((event) => [errorOf(event), event.transaction, event.tags.class]).sort();
}

describe.each(STACKS)('on %s', (stack) => {
  it('fields of interfaces and unions are named by their type, their class is found by it', async () => {
    const app = await start({ stack, providers: RESOLVERS });
    await operate(
      app,
      `{
        things { ... on Book { author } }
        found { ... on Film { title: director } ...OfBook }
      }
      fragment OfBook on Book { title: author }`,
    );
    expect(await seen(app)).toEqual([
      ['author', 'Book.author', 'books'],
      ['author', 'Book.author', 'books'],
      ['director', 'Film.director', 'films'],
    ]);
  });

  it("a field that an interface's resolver is for is found behind each of its types", async () => {
    const app = await start({ stack, providers: RESOLVERS });
    await operate(app, '{ things { label } found { ... on Book { label } } }');
    expect(await seen(app)).toEqual([
      ['label', 'Book.label', 'things'],
      ['label', 'Thing.label', 'things'],
    ]);
  });

  it('a resolver made anew for each request is a resolver as any other', async () => {
    const app = await start({ stack, providers: [RequestScopedResolver] });
    await operate(app, '{ scoped }');
    expect(await seen(app)).toEqual([['scoped', 'Query.scoped', 'scoped']]);
  });

  it('two apps of the same classes each report their own, also after one is closed', async () => {
    const other = await startReceiver();
    const first = await start({ stack, providers: RESOLVERS }, other);
    const second = await start({ stack, providers: RESOLVERS });
    await operate(first, '{ fails }');
    await first.get(RavenClient).flush(5000);
    expect(other.events.map(errorOf)).toEqual(['one object']);
    apps.splice(apps.indexOf(first), 1);
    await first.close();
    await operate(second, '{ fails forCaller }');
    expect(await seen(second)).toEqual([['one object', 'Query.fails', 'things']]);
    await other.close();
  });

  it('the same error object in two requests is reported in each', async () => {
    const app = await start({ stack, providers: RESOLVERS });
    await operate(app, '{ fails failsToo }');
    await operate(app, '{ fails }');
    expect((await seen(app)).map(([error]) => error)).toEqual(['one object', 'one object']);
  });
});

describe('Apollo', () => {
  it('operations outside of any request are reported as others', async () => {
    const app = await start({ stack: 'Express and Apollo', providers: RESOLVERS });
    const driver = app.get(GraphQLModule).graphQlAdapter as ApolloDriver;
    const server = driver.instance as unknown as ApolloServer;
    await server.executeOperation({ query: '{ fails failsToo text forCaller }' }, { contextValue: {} });
    expect(await seen(app)).toEqual([
      ['a string', 'Query.text', 'things'],
      ['one object', 'Query.fails', 'things'],
    ]);
    expect(app.get(RavenClient).rootContext.get()).toEqual({});
  });

  it("a plugin of the app's that fails is reported; one that refuses the operation is not", async () => {
    let failure: Error = new Error('plugin');
    const plugin: ApolloServerPlugin = {
      requestDidStart: () =>
        Promise.resolve({
          didResolveOperation: () => Promise.reject(failure),
        }),
    };
    const options = { plugins: [plugin] };
    const app = await start({ stack: 'Express and Apollo', providers: RESOLVERS, options });
    await operate(app, '{ things { id } }');
    failure = new GraphQLError('not you');
    await operate(app, '{ things { id } }');
    expect((await seen(app)).map(([error]) => error)).toEqual(['plugin']);
  });

  it('formatting that fails is reported, and what it was to format', async () => {
    const options = {
      formatError: (): never => {
        throw new Error('formatting');
      },
    };
    const app = await start({ stack: 'Express and Apollo', providers: RESOLVERS, options });
    await operate(app, '{ fails }');
    expect((await seen(app)).map(([error]) => error)).toEqual(['formatting', 'one object']);
  });

  it('what the app itself captures in a plugin is not reported again', async () => {
    let raven: RavenClient | undefined;
    const plugin: ApolloServerPlugin = {
      requestDidStart: () =>
        Promise.resolve({
          didEncounterErrors: ({ errors }) => {
            for (const { originalError } of errors)
              raven?.captureException(originalError, { tags: { class: 'mine' } });
            return Promise.resolve();
          },
        }),
    };
    const app = await start({
      stack: 'Express and Apollo',
      providers: RESOLVERS,
      options: { plugins: [plugin] },
    });
    raven = app.get(RavenClient);
    await operate(app, '{ fails }');
    expect((await seen(app)).map(([error, , by]) => [error, by])).toEqual([['one object', 'mine']]);
  });

  it('options that are made by a factory and include but some modules are no obstacle', async () => {
    @Module({ providers: RESOLVERS })
    class ThingsModule {}
    @Module({
      imports: [
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: ApolloDriver,
          useFactory: () =>
            Promise.resolve({ autoSchemaFile: true, include: [ThingsModule], graphiql: false }),
        }),
        ThingsModule,
        RavenModule.forRootAsync({ useFactory: () => Promise.resolve(testOptions(receiver)) }),
      ],
    })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { logger: false });
    apps.push(app);
    await app.listen(0, '127.0.0.1');
    await operate(app, '{ fails }');
    expect(await seen(app)).toEqual([['one object', 'Query.fails', 'things']]);
  });
});

/** A driver this module knows nothing of: its results cannot be seen. */
class OtherDriver extends AbstractGraphQLDriver {
  start(options: GqlModuleOptions): Promise<void> {
    const adapter = this.httpAdapterHost.httpAdapter;
    const answer = (request: { body: { query: string } }, response: { json(body: unknown): void }): void => {
      const { schema } = options;
      void graphql({ schema: schema!, source: request.body.query }).then((result) => response.json(result));
    };
    adapter.post('/graphql', answer);
    return Promise.resolve();
  }
  stop(): Promise<void> {
    return Promise.resolve();
  }
}

it('with a driver that is not known the errors of resolvers are judged by their type', async () => {
  @Module({
    imports: [
      GraphQLModule.forRoot({ driver: OtherDriver, autoSchemaFile: true }),
      RavenModule.forRoot(testOptions(receiver)),
    ],
    providers: RESOLVERS,
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  await operate(app, '{ fails failsToo forCaller text }');
  expect(await seen(app)).toEqual([
    ['a string', 'Query.text', 'things'],
    ['one object', 'Query.fails', 'things'],
  ]);
});
