// The measured app, in a process of its own. What it is made of comes by its environment; what a request does, and when
// to measure, come as commands of measured-app.mjs.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { All, Controller, Get, HttpCode, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { answerCommands } from '../app/answer-commands.mjs';
import { deepCode } from './deep-code.mjs';

const MAX_BODY = '4mb';
/** A connection that waits, and events that are delivered, are given up after that. */
const PATIENCE_MS = 60_000;
const { raven: isRaven, dsn, clients, routes, maxDepth, options } = JSON.parse(process.env.BENCH_GROWTH_APP);
const raven = isRaven ? await import('nestjs-raven') : undefined;
const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-growth-'));
const fail = deepCode(folder, maxDepth);
/** What a request does. */
let task = { crumbs: 0, depth: 10 };
let client;

class OrdersController {
  ok() {
    for (let order = 0; order < task.crumbs; order++)
      client.captureBreadcrumb({ category: 'orders', message: `found order ${order}`, data: { order } });
    return { order: 17 };
  }

  fails() {
    this.ok();
    fail(task.depth);
  }
}
Controller()(OrdersController);
decorate(OrdersController, 'ok', All('ok'), HttpCode(200));
decorate(OrdersController, 'fails', All('fails'));

/** Routes that are only there, ten a controller, as apps have them. */
function otherControllers() {
  return Array.from({ length: Math.ceil(routes / 10) }, (_, index) => {
    const Other = { [`Other${index}Controller`]: class {} }[`Other${index}Controller`];
    for (let n = index * 10; n < Math.min(routes, index * 10 + 10); n++) {
      Object.defineProperty(Other.prototype, `find${n}`, { value: () => ({ id: n }), configurable: true });
      decorate(Other, `find${n}`, Get(`things${n}/:id`));
    }
    Controller(`other${index}`)(Other);
    return Other;
  });
}

function decorate({ prototype }, name, ...decorators) {
  for (const decorator of decorators)
    decorator(prototype, name, Object.getOwnPropertyDescriptor(prototype, name));
}

/** One client without a name and others with one; what a benchmark repeats is no storm. */
function ravenModules() {
  return Array.from({ length: clients }, (_, index) =>
    raven.RavenModule.forRoot({
      dsn,
      stormGuard: false,
      name: index === 0 ? undefined : `client${index}`,
      ...options,
    }),
  );
}

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

class AppModule {}
Module({ imports: raven ? ravenModules() : [], controllers: [OrdersController, ...otherControllers()] })(
  AppModule,
);
const before = { cpuUs: cpuUs(), ms: performance.now() };
const app = await NestFactory.create(AppModule, { logger: false });
app.useBodyParser('json', { limit: MAX_BODY });
// On a busy machine a connection waits longer than Node's 5 seconds for its next turn.
app.getHttpServer().keepAliveTimeout = PATIENCE_MS;
await app.listen(0, '127.0.0.1');
client = raven && app.get(raven.RavenClient);
const booted = { bootCpuUs: cpuUs() - before.cpuUs, bootMs: performance.now() - before.ms };

let startUs = 0;
answerCommands({
  begin: (wanted) => {
    task = wanted;
    Error.stackTraceLimit = task.depth;
    global.gc();
    startUs = cpuUs();
  },
  /** CPU microseconds since `begin`, until all events are delivered. */
  end: async () => {
    await client?.flush(PATIENCE_MS);
    return { cpuUs: cpuUs() - startUs, stats: client?.stats() };
  },
});
process.on('exit', () => rmSync(folder, { recursive: true }));
process.send({ listening: app.getHttpServer().address().port, ...booted });
