// One start of an app of one route, in a process of its own: what it took until it listened, and holds then. Run in the
// folder of the app with `bare` or `nestjs-raven`, and with --expose-gc.
import 'reflect-metadata';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const SETTLED_AFTER_MS = 1000;
const IMPORTS = { bare: () => [], 'nestjs-raven': withRaven };
const MIB = 1024 * 1024;

class OrdersController {
  list() {
    return [];
  }
}
Get()(
  OrdersController.prototype,
  'list',
  Object.getOwnPropertyDescriptor(OrdersController.prototype, 'list'),
);
Controller('orders')(OrdersController);

class AppModule {}
Module({ imports: await IMPORTS[process.argv[2]](), controllers: [OrdersController] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
const listening = { wallMs: performance.now(), cpuUs: cpuUs() };
const booted = memory();
await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
const settled = memory();
const settlingCpuUs = cpuUs() - listening.cpuUs;
const files = Object.keys(createRequire(import.meta.url).cache).length;
await app.close();
console.log(JSON.stringify({ ...listening, booted, settled, settlingCpuUs, files }));

async function withRaven() {
  const { RavenModule } = await import('nestjs-raven');
  // Nobody is there, and nothing is sent.
  return [RavenModule.forRoot({ dsn: 'http://public@127.0.0.1:9/1' })];
}

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function memory() {
  global.gc();
  global.gc();
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMiB: rss / MIB, heapMiB: heapUsed / MIB };
}
