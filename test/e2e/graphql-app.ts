import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver, ApolloFederationDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, MercuriusFederationDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** An HTTP server and a GraphQL server that runs on it. */
export type Stack = 'Express and Apollo' | 'Fastify and Apollo' | 'Fastify and Mercurius';
export const STACKS: Stack[] = ['Express and Apollo', 'Fastify and Apollo', 'Fastify and Mercurius'];

/** What a test's app is made of. */
export interface GraphqlApp {
  stack: Stack;
  providers: NonNullable<Parameters<typeof Module>[0]['providers']>;
  /** The module, or nothing: the same app without it. */
  raven?: DynamicModule[];
  /** Options of the driver, over those of tests. */
  options?: object;
  isFederated?: boolean;
  logLines?: string[];
  configure?: (app: INestApplication) => void;
}

/** The answer to an operation as it is on the wire. */
export interface GraphqlAnswer {
  status: number;
  text: string;
  body: { data?: Record<string, unknown> | null; errors?: { message: string; [key: string]: unknown }[] };
}

/** Starts an app on a free port. */
export async function startGraphqlApp(given: GraphqlApp): Promise<INestApplication> {
  const { stack, providers, raven = [], logLines } = given;
  @Module({ imports: [...raven, graphqlModule(given)], providers })
  class AppModule {}
  const adapter = stack === 'Express and Apollo' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(AppModule as Type, adapter, {
    logger: logLines ? lineLogger(logLines) : false,
    abortOnError: false,
  });
  given.configure?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

function graphqlModule({ stack, options, isFederated }: GraphqlApp): DynamicModule {
  const schema = { autoSchemaFile: isFederated ? { federation: 2 as const } : true, ...options };
  if (stack === 'Fastify and Mercurius') {
    return GraphQLModule.forRoot({
      driver: isFederated ? MercuriusFederationDriver : MercuriusDriver,
      ...schema,
    } as MercuriusDriverConfig);
  }
  return GraphQLModule.forRoot({
    driver: isFederated ? ApolloFederationDriver : ApolloDriver,
    graphiql: false,
    ...(isFederated && { plugins: [ApolloServerPluginInlineTraceDisabled()] }),
    // Stack traces differ from run to run.
    includeStacktraceInErrorResponses: false,
    ...schema,
  } as ApolloDriverConfig);
}

/** Sends an operation. */
export async function operate(
  app: INestApplication,
  query: string,
  {
    variables,
    operationName,
    headers,
  }: { variables?: object; operationName?: string; headers?: Record<string, string> } = {},
): Promise<GraphqlAnswer> {
  const response = await fetch(`${await app.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as GraphqlAnswer['body'] };
}

function lineLogger(lines: string[]) {
  const record =
    (level: string) =>
    (...said: unknown[]): void => {
      lines.push(
        [
          level,
          ...said.map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : String(part))),
        ].join(' '),
      );
    };
  return { log: record('log'), warn: record('warn'), error: record('error'), debug: record('debug') };
}
