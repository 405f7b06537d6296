import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Server } from 'node:http';
import { RavenModule, type RavenOptions } from 'nestjs-raven';
import { logger } from './logger';

/** An app that answers until it is told to end. */
const options = JSON.parse(process.argv[2]) as RavenOptions;

@Controller()
class OrdersController {
  @Get('orders/:id')
  order(@Param('id') id: string): object {
    return { id, lines: [{ article: 'tea', quantity: 2 }] };
  }

  @Get('fail/:id')
  fail(@Param('id') id: string): never {
    throw new Error(`order ${id} cannot be read`);
  }
}

@Module({ imports: [RavenModule.forRoot(options)], controllers: [OrdersController] })
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger });
  // Who asks keeps connections for longer than a busy machine lets them rest.
  (app.getHttpServer() as Server).keepAliveTimeout = 120_000;
  await app.listen(0, '127.0.0.1');
  process.stdout.write(`${await app.getUrl()}\nready\n`);
  process.stdin.once('data', () => {
    process.stdin.destroy();
    void app.close();
  });
}

void main();
