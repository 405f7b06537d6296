import { Module, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { RavenModule, type RavenOptions } from 'nestjs-raven';
import type { Receiver } from './receiver';
import { testOptions, type TestApp } from './test-app';
import type { WsPlatform } from './ws-client';

/** How an app with gateways is made. */
export interface WsAppOptions {
  /** None: the app has no RavenModule. */
  receiver?: Receiver;
  raven?: RavenOptions;
  logger?: LoggerService;
  /** Called before the gateways are bound. */
  prepare?: (app: INestApplication) => void;
}

/** Makes a real app with gateways, listening on a free port; socket.io is what Nest takes by itself. */
export async function startWsApp(
  platform: WsPlatform,
  { imports = [], controllers = [], providers = [] }: TestApp,
  { receiver, raven, logger, prepare }: WsAppOptions = {},
): Promise<INestApplication> {
  const own = receiver ? [RavenModule.forRoot(testOptions(receiver, raven))] : [];
  @Module({ imports: [...own, ...imports], controllers, providers })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: logger ?? false, abortOnError: false });
  if (platform === 'ws') app.useWebSocketAdapter(new WsAdapter(app));
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

/** Sends to a client of either platform. */
export function sendTo(client: unknown, event: string, data: unknown): void {
  const { emit, send, readyState } = client as {
    emit: (event: string, data: unknown) => void;
    send: (text: string) => void;
    readyState?: number;
  };
  if (readyState === undefined) emit.call(client, event, data);
  else send.call(client, JSON.stringify({ event, data }));
}
