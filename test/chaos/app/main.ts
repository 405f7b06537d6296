import 'reflect-metadata';
import { Controller, Get, Inject, Module, Param, type INestApplication } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { NodeHttpTransport, RavenClient, RavenModule, WorkerHttpTransport } from 'nestjs-raven';
import { get } from 'node:http';
import type { AppConfig } from './app-config';
import { Journal } from './journal';
import { logger } from './logger';
import { Load } from './load';

/** Exit code of an app that ends itself in a handler. */
const EXIT_CODE = 7;
/** What the option is; axios is the default. */
const TRANSPORTS = { axios: undefined, 'node:http': NodeHttpTransport, 'a thread': WorkerHttpTransport };

const config = JSON.parse(process.argv[2]) as AppConfig;
const journal = new Journal(config.journal);

@Controller()
class FailingController {
  constructor(@Inject(RavenClient) private readonly client: RavenClient) {}

  @Get('fail/:count')
  fail(@Param('count') count: string): never {
    throw new Error(`request ${count} failed`);
  }

  /** The last that is captured is captured just before the end. */
  @Get('exit')
  exit(): never {
    for (let count = 0; count < 5; count++) {
      const id = this.client.captureException(new Error(`last words ${count}`));
      if (id !== null) journal.captured(id);
    }
    process.exit(EXIT_CODE);
  }
}

@Module({
  imports: [
    RavenModule.forRoot({
      ...config.options,
      transport: TRANSPORTS[config.delivery ?? 'axios'],
      beforeSend: (event) => {
        if (event.event_id !== undefined) journal.begun(event.event_id);
        return event;
      },
    }),
  ],
  controllers: [FailingController],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, await adapter(), { logger, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const client = app.get(RavenClient);
  const url = await app.getUrl();
  const load = new Load(config.load, url, client, journal);
  if (config.end.kind === 'signal') {
    app.enableShutdownHooks(['SIGTERM']);
    tellStatsOnSecondSignal(client);
  }
  process.on('exit', () => journal.stats(client.stats()));
  await startSignal();
  load.start();
  setTimeout(() => end(app, url, load), config.end.afterMs);
}

/** Only the one that is asked for is loaded: starting is most of what these apps do. */
async function adapter(): Promise<AbstractHttpAdapter> {
  if (config.platform === 'express') {
    const { ExpressAdapter } = await import('@nestjs/platform-express');
    return new ExpressAdapter();
  }
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return new FastifyAdapter() as AbstractHttpAdapter;
}

/** Nest raises the signal once more when its hooks are done; the app's own listener then ends the process by it. */
function tellStatsOnSecondSignal(client: RavenClient): void {
  let count = 0;
  const listener = (): void => {
    count += 1;
    if (count === 1) return journal.ending();
    journal.stats(client.stats());
    process.off('SIGTERM', listener);
    process.kill(process.pid, 'SIGTERM');
  };
  process.on('SIGTERM', listener);
}

/** Says that the app is ready, and waits to be told that the server's schedule begins. */
async function startSignal(): Promise<void> {
  process.stdout.write('ready\n');
  await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));
  process.stdin.destroy();
}

function end(app: INestApplication, url: string, load: Load): void {
  switch (config.end.kind) {
    case 'close':
      return void close(app, load);
    case 'exit':
      // Nobody is there to read an answer.
      journal.ending();
      return void get(`${url}/exit`).on('error', () => undefined);
    case 'throw':
      journal.ending();
      throw new Error('nobody catches this');
    case 'signal':
  }
}

async function close(app: INestApplication, load: Load): Promise<void> {
  const { isUnderLoad } = config.end;
  if (!isUnderLoad) await load.stop();
  journal.ending();
  await app.close();
  if (isUnderLoad) await load.stop();
}

void main();
