import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { HttpTransport, RavenModule, type RavenOptions } from 'nestjs-raven';
import type { Receiver } from './receiver';

export type Platform = 'express' | 'fastify';
export const PLATFORMS: Platform[] = ['express', 'fastify'];

/** What a test's app is made of. */
export interface TestApp {
  controllers?: Type[];
  providers?: Parameters<typeof Module>[0]['providers'];
  imports?: (Type | DynamicModule)[];
}

/** Delivers one at a time: what is sent on several connections arrives in any order. */
class OrderedTransport extends HttpTransport {
  constructor(settings: ConstructorParameters<typeof HttpTransport>[0]) {
    super({ ...settings, maxConcurrency: 1 });
  }
}

/**
 * Options that a test's client begins with: a real receiver, events in the order they happened, nothing global, and time
 * to deliver however busy the machine is.
 */
export function testOptions(receiver: Pick<Receiver, 'dsn'>, options: RavenOptions = {}): RavenOptions {
  return {
    dsn: receiver.dsn(),
    transport: OrderedTransport,
    installProcessHandlers: false,
    includeVersions: false,
    shutdownTimeoutMs: 15_000,
    ...options,
  };
}

/** Makes a real app with the module in it, listening on a free port. */
export async function startApp(
  receiver: Pick<Receiver, 'dsn'>,
  parts: TestApp,
  options: RavenOptions = {},
  platform: Platform = 'express',
): Promise<INestApplication> {
  const { imports = [], controllers = [], providers = [] } = parts;
  @Module({
    imports: [RavenModule.forRoot(testOptions(receiver, options)), ...imports],
    controllers,
    providers,
  })
  class AppModule {}
  return startModule(AppModule, platform);
}

/** Starts an app of the given root module on a free port. */
export async function startModule(root: Type, platform: Platform = 'express'): Promise<INestApplication> {
  const adapter = platform === 'express' ? new ExpressAdapter() : new FastifyAdapter();
  const app = await NestFactory.create(root, adapter, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  return app;
}

/** Asks for a path and reads the whole answer. */
export async function get(app: INestApplication, path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(`${await app.getUrl()}${path}`, init);
  await response.clone().text();
  return response;
}
