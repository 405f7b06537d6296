// The measured app, in a process of its own: answers requests, and its parent's questions about its memory.
import 'reflect-metadata';
import { Session } from 'node:inspector/promises';
import { writeHeapSnapshot } from 'node:v8';
import { ConsoleLogger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RavenClient, RavenModule } from 'nestjs-raven';
import { OrdersController, setOrigin } from './routes.mjs';

const INTERVAL_BYTES = 4096;
const DRAIN_MS = 8000;
const [, , dsn, mode] = process.argv;

class AppModule {}
Module({
  imports: [RavenModule.forRoot({ dsn, enabled: mode !== 'disabled' })],
  controllers: [OrdersController],
})(AppModule);

// What is logged is still written, which is work of its own: to nowhere, as a log that is shipped would be.
const logger = new ConsoleLogger({ logLevels: ['fatal'] });
const app = await NestFactory.create(AppModule, { logger });
const server = await app.listen(0, '127.0.0.1');
const { port } = server.address();
setOrigin(`http://127.0.0.1:${port}`);
const client = app.get(RavenClient);
const session = new Session();
session.connect();

/** What of the live heap was allocated since, by function. */
async function allocatedSince() {
  global.gc();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  const bytes = new Map();
  const walk = ({ callFrame, selfSize, children }, caller) => {
    const { functionName, url, lineNumber } = callFrame;
    const file = url.replace(/^.*\/(dist|node_modules)\//, '');
    const name =
      url === ''
        ? `${caller} » ${functionName}`
        : `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
    bytes.set(name, (bytes.get(name) ?? 0) + selfSize);
    for (const child of children) walk(child, name);
  };
  walk(profile.head, '');
  return [...bytes].sort(([, a], [, b]) => b - a).slice(0, 30);
}

const answers = {
  /** The heap as it is when everything is delivered that can be, and collected. */
  async measure() {
    const isDrained = await client.flush(DRAIN_MS);
    for (let turn = 0; turn < 3; turn++) {
      global.gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { heapUsed, rss, external, arrayBuffers } = process.memoryUsage();
    const { captured, sent, dropped, pending } = client.stats();
    return { heapUsed, rss, external, arrayBuffers, isDrained, captured, delivered: sent, dropped, pending };
  },
  sample: () => session.post('HeapProfiler.startSampling', { samplingInterval: INTERVAL_BYTES }),
  allocatedSince,
  snapshot: (path) => writeHeapSnapshot(path),
};
process.on('message', async ({ question, given }) => {
  process.send({ answer: await answers[question](given) });
});
process.on('disconnect', () => process.exit());
process.send({ port });
