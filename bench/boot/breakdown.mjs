// What the start of an app is made of, in a process of its own, in CPU microseconds; Nest is loaded before. Run in the
// folder of the app with `bare` or `nestjs-raven`.
import 'reflect-metadata';
import '@nestjs/platform-express';
import { createRequire } from 'node:module';
import Module from 'node:module';
import { Module as NestModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const DSN = 'http://public@127.0.0.1:9/1';
const isBare = process.argv[2] === 'bare';
const require = createRequire(import.meta.url);
const phases = {};
const loaded = new Map();

// Once without it, so that what Nest itself does the first time is not put down to the package.
await phase('a first app', () => start([]));
if (!isBare) {
  const ownUs = observeLoading();
  const { RavenClient, RavenModule } = await phase('load', () => require('nestjs-raven'));
  ownUs.stop();
  const client = await phase('client', () => new RavenClient({ dsn: DSN }));
  await client.close();
  const imports = await phase('forRoot', () => [RavenModule.forRoot({ dsn: DSN })]);
  await phase('app', () => start(imports));
  await phase('axios, once the app listens', () => require('axios'));
} else {
  await phase('app', () => start([]));
}
console.log(JSON.stringify({ phases, loaded: Object.fromEntries(loaded) }));
process.exit();

async function start(imports) {
  class AppModule {}
  NestModule({ imports })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
}

async function phase(name, work) {
  const before = cpuUs();
  const result = await work();
  phases[name] = cpuUs() - before;
  return result;
}

/** Notes what each package takes of the loading, without what it loads itself. */
function observeLoading() {
  const original = Module._load;
  const running = [];
  Module._load = function load(...args) {
    const own = { innerUs: 0 };
    running.push(own);
    const before = cpuUs();
    try {
      return original.apply(this, args);
    } finally {
      const allUs = cpuUs() - before;
      running.pop();
      const outer = running.at(-1);
      if (outer) outer.innerUs += allUs;
      const name = owner(args[0], args[1]);
      const { us = 0, calls = 0 } = loaded.get(name) ?? {};
      loaded.set(name, { us: us + allUs - own.innerUs, calls: calls + 1 });
    }
  };
  return { stop: () => void (Module._load = original) };
}

/** Whose file it is. */
function owner(request, parent) {
  if (Module.isBuiltin(request)) return 'node';
  const path = Module._resolveFilename(request, parent);
  return /.*node_modules[\\/](@[^\\/]+[\\/][^\\/]+|[^\\/]+)/.exec(path)?.[1] ?? path;
}

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
