// The measured app: a subject in it, on the platform that BENCH_PLATFORM names; its parent asks it by IPC.
import { answerCommands } from './answer-commands.mjs';

await import('reflect-metadata');
const { Module } = await import('@nestjs/common');
const { NestFactory } = await import('@nestjs/core');
const { Description, OrdersModule } = await import('./orders.mjs');
const subject = await import('../subject.mjs');

class AppModule {}
Module({
  imports: [...(await subject.modules(process.env.BENCH_DSN)), OrdersModule],
  providers: await subject.providers(),
})(AppModule);

/** What Nest logs of a 500 costs the same with every subject, and would hide what a subject costs. */
const app = await NestFactory.create(AppModule, await adapter(process.env.BENCH_PLATFORM), { logger: false });
await subject.configure(app);
app.get(Description, { strict: false }).describe = subject.describe(app);
await app.listen(0, '127.0.0.1');
const insideMs = performance.now();

answerCommands({
  /** Microseconds of the whole process, threads too. */
  cpuUs: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: () => ({ rssBytes: process.memoryUsage.rss(), peakBytes: process.resourceUsage().maxRSS * 1024 }),
  flush: async (timeoutMs) => {
    await subject.flush(app, timeoutMs);
  },
  stats: () => subject.stats(app),
});
process.send({ listening: app.getHttpServer().address().port, insideMs });

async function adapter(platform) {
  if (platform === 'fastify') {
    const { FastifyAdapter } = await import('@nestjs/platform-fastify');
    return new FastifyAdapter();
  }
  const { ExpressAdapter } = await import('@nestjs/platform-express');
  return new ExpressAdapter();
}
