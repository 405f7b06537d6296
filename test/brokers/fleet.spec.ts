import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queue, type ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { RavenClient } from 'nestjs-raven';
import { QueueConnection } from '../../lib/bullmq/queue-connection';
import { startReceiver, type Answer, type Receiver } from '../support/receiver';
import { SOON } from '../support/soon';
import { importExample, removeExamples, writeExamples } from '../readme/examples';
import { Fleet } from './support/fleet';
import { RedisServer } from './support/redis-server';

/** The runs with workers that are killed; the last one is another each time. */
const SEEDS = [1, 2, Math.floor(Math.random() * 2 ** 31)];

const KILLS = 15;

let fleet: Fleet;
let redis: RedisServer;
let receiver: Receiver;
beforeAll(() => {
  fleet = new Fleet();
});
afterAll(() => fleet.remove());
beforeEach(async () => {
  redis = await RedisServer.start();
  receiver = await startReceiver();
});
afterEach(async () => {
  await fleet.endAll();
  await receiver.close();
  await redis.remove();
});

/** A Nest app whose client captures as many messages as it is told and closes. */
const CAPTURE_AND_CLOSE = `
  const app = await startApp(RavenModule.forRoot({
    dsn: settings.dsn, includeVersions: false, transport: RavenBullTransport.on({ connection: settings.connection }),
  }));
  const raven = app.get(RavenClient);
  for (let n = 0; n < settings.count; n++) raven.captureMessage('message ' + n);
  await app.close();
  process.send({ stats: raven.stats() });
  process.disconnect();
`;

/** A script that captures, some at a time, until it is told to stop; then it delivers what is left. */
const CAPTURE_FOR_A_WHILE = `
  const raven = new RavenClient({
    dsn: settings.dsn, includeVersions: false, shutdownTimeoutMs: 60_000,
    transport: RavenBullTransport.on({ connection: settings.connection }),
  });
  const ids = [];
  for (let n = 0; n < settings.count; n++) {
    ids.push(raven.captureException(new Error('error ' + n)));
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, settings.pauseMs));
  }
  const isDone = await raven.close();
  process.send({ ids, isDone, stats: raven.stats() });
  process.disconnect();
`;

interface Captured {
  ids: string[];
  isDone: boolean;
  stats: Record<string, unknown>;
}

const isCaptured = (message: unknown): message is Captured => Array.isArray((message as Captured).ids);

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The ids of the events that were accepted, each once. */
const arrived = (): Set<string> => new Set(receiver.events.map(({ event_id: id }) => id));

/** Resolves once all these events were accepted; rejects where it takes too long. */
async function waitForIds(ids: readonly string[], timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const missing = ids.filter((id) => !arrived().has(id));
    if (missing.length === 0) return;
    const leftMs = deadline - performance.now();
    await receiver.waitForEvents(receiver.events.length + 1, leftMs).catch(() => {
      throw new Error(`${missing.length} of ${ids.length} did not arrive`);
    });
  }
}

const asJob = (envelope: string): { envelope: string } => ({
  envelope: gzipSync(envelope).toString('base64'),
});

/** What an app would put onto the queue, put there by hand. */
function envelopeOf(id: string, dsn: string, message = 'by hand'): string {
  const payload = JSON.stringify({ event_id: id, timestamp: 1_795_000_000, platform: 'node', message });
  const header = JSON.stringify({ type: 'event', length: Buffer.byteLength(payload) });
  return `${JSON.stringify({ event_id: id, dsn })}\n${header}\n${payload}\n`;
}

const idOf = (n: number): string => n.toString(16).padStart(32, '0');

async function withQueue<T>(use: (queue: Queue) => Promise<T>, name = 'nestjs-raven'): Promise<T> {
  const queue = new Queue(name, { connection: { port: redis.port } });
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}

interface Stats {
  sent: number;
  dropped: Record<string, number>;
  queue: { waiting: number; active: number; delayed: number; deadLetters: number };
}

async function settled(worker: { ask<T>(question: string): Promise<T> }): Promise<Stats> {
  for (;;) {
    const stats = await worker.ask<Stats>('stats');
    const { waiting, active, delayed } = stats.queue;
    if (waiting + active + delayed === 0) return stats;
  }
}

describe('a fleet', () => {
  it('delivers by a worker what an app captured', async () => {
    const app = fleet.run(CAPTURE_AND_CLOSE, { dsn: receiver.dsn(), connection: redis.url, count: 50 });
    expect(await app.ended).toEqual({ code: 0, signal: null });
    expect(app.told).toEqual([
      { stats: expect.objectContaining({ captured: 50, sent: 50, pending: 0 }) as unknown },
    ]);
    expect(receiver.requests).toEqual([]);
    const worker = fleet.forwarder({ dsn: receiver.dsn(), connection: redis.url });
    const events = await receiver.waitForEvents(50);
    expect(new Set(events.map(({ logentry }) => logentry.message)).size).toBe(50);
    expect(await settled(worker)).toMatchObject({ sent: 50, queue: { deadLetters: 0 } });
  });

  it('delivers attachments byte by byte with their event, and the event alone where a job may not be so large', async () => {
    const app = fleet.run(
      `
  const app = await startApp(RavenModule.forRoot({
    dsn: settings.dsn, includeVersions: false,
    transport: RavenBullTransport.on({ connection: settings.connection, maxJobBytes: 100_000 }),
  }));
  const raven = app.get(RavenClient);
  for (const size of [256, 200_000]) {
    const data = Buffer.from(Array.from({ length: size }, (_, n) => n % 256));
    raven.captureMessage(String(size), { attachments: [{ filename: 'a.bin', data }] });
  }
  await app.close();
  process.send({ stats: raven.stats() });
  process.disconnect();
`,
      { dsn: receiver.dsn(), connection: redis.url },
    );
    await app.ended;
    expect(app.told).toEqual([
      { stats: expect.objectContaining({ captured: 2, sent: 2, pending: 0, dropped: {} }) as unknown },
    ]);
    fleet.forwarder({ dsn: receiver.dsn(), connection: redis.url });
    await receiver.waitForEvents(2);
    const itemsOf = (size: string): (typeof receiver.envelopes)[number]['items'] =>
      receiver.envelopes.find(
        ({ items }) => (items[0].payload as { logentry?: { message: string } }).logentry?.message === size,
      )?.items ?? [];
    expect(itemsOf('256')[1].payload).toEqual(Buffer.from(Array.from({ length: 256 }, (_, n) => n)));
    // A report of the attachment that was left behind may go along.
    expect(itemsOf('200000').map(({ headers }) => headers.type)).not.toContain('attachment');
    expect(itemsOf('200000')[0].headers.type).toBe('event');
  });

  it.each(SEEDS)(
    'loses nothing while its workers are killed at random and the server fails: seed %i',
    async (seed) => {
      console.log(`seed ${seed}`);
      const random = randomFrom(seed);
      const troubles: Answer[] = [
        { status: 500 },
        { status: 502 },
        { status: 503, headers: { 'Retry-After': '1' } },
        'reset',
        'hang',
      ];
      let isBad = true;
      receiver.respondWith(({ event }) =>
        isBad && random() < 0.15
          ? troubles[Math.floor(random() * troubles.length)]
          : { body: JSON.stringify({ id: event?.event_id }) },
      );
      const common = { dsn: receiver.dsn(), connection: redis.url };
      const apps = [1, 2].map(() => fleet.run(CAPTURE_FOR_A_WHILE, { ...common, count: 200, pauseMs: 150 }));
      const start = () => fleet.forwarder({ ...common, timeoutMs: 1000, recoverAfterMs: 1000 });
      const workers = [start(), start(), start()];
      const captured = Promise.all(apps.map((app) => app.waitFor(isCaptured)));
      for (let kills = 0; kills < KILLS; kills += 1) {
        const victim = Math.floor(random() * workers.length);
        await workers[victim].ready();
        // In the midst of whatever it does: some requests later, or a moment where none may be made.
        const more = receiver.requests.length + 1 + Math.floor(random() * 8);
        await receiver.waitForRequests(more, 1000 * random()).catch(() => undefined);
        await workers[victim].kill();
        workers[victim] = start();
      }
      const ids = (await captured).flatMap((told) => told.ids);
      isBad = false;
      await waitForIds(ids, 60_000);
      expect(new Set(ids).size).toBe(400);
      expect([...arrived()].sort()).toEqual([...ids].sort());
      await workers[0].ready();
      const { queue } = await settled(workers[0]);
      expect(queue.deadLetters).toBe(0);
      const { events, requests } = receiver;
      console.log(`${events.length - ids.length} duplicates, ${requests.length - events.length} troubles`);
    },
    // Sixteen times a process starts, and each waits for a processor.
    400_000,
  );
});

describe('a queue whose Redis fails', () => {
  it('loses nothing where Redis keeps what it has', async () => {
    await redis.remove();
    redis = await RedisServer.start(['--appendonly', 'yes', '--appendfsync', 'always']);
    const common = { dsn: receiver.dsn(), connection: redis.url };
    const app = fleet.run(CAPTURE_FOR_A_WHILE, { ...common, count: 200, pauseMs: 200 });
    const worker = fleet.forwarder({ ...common, recoverAfterMs: 1000, timeoutMs: 1000 });
    for (const count of [20, 60, 100]) {
      await receiver.waitForEvents(count, 30_000);
      await redis.kill();
      await redis.startAgain();
    }
    const { ids, isDone, stats } = await app.waitFor(isCaptured);
    expect({ isDone, ...stats }).toMatchObject({ isDone: true, captured: 200, sent: 200, dropped: {} });
    await waitForIds(ids, 60_000);
    expect([...arrived()].sort()).toEqual([...ids].sort());
    expect(worker.output.match(/trouble with/g)).toHaveLength(1);
  }, 120_000);

  it('loses what Redis loses where it keeps nothing, and no more', async () => {
    const common = { dsn: receiver.dsn(), connection: redis.url };
    const app = fleet.run(CAPTURE_AND_CLOSE, { ...common, count: 5 });
    await app.ended;
    await redis.kill();
    const later = fleet.run(CAPTURE_FOR_A_WHILE, { ...common, count: 30, pauseMs: 10 });
    await redis.startAgain();
    const { ids } = await later.waitFor(isCaptured);
    fleet.forwarder(common);
    await waitForIds(ids, 30_000);
    expect(arrived().size).toBe(30);
  }, 60_000);

  it('lets a script end, whatever Redis does, and tells no password', async () => {
    await redis.remove();
    redis = await RedisServer.start(['--requirepass', 'open-sesame']);
    const script = `
      const client = new RavenClient({ dsn: settings.dsn, includeVersions: false, shutdownTimeoutMs: settings.shutdownTimeoutMs,
        transport: RavenBullTransport.on({ connection: settings.connection }) });
      client.captureMessage('from a script');
      process.on('exit', () => console.log(JSON.stringify(client.stats())));
      process.disconnect();`;
    // What is to be delivered has the time for it; what is not is to fail within its own.
    const run = async (
      connection: string,
      shutdownTimeoutMs = 3000,
    ): Promise<{ output: string; stats: Record<string, unknown> }> => {
      const started = fleet.run(script, { dsn: receiver.dsn(), connection, shutdownTimeoutMs });
      expect(await started.ended).toEqual({ code: 0, signal: null });
      expect(started.output).not.toMatch(/open-sesame|shut-sesame/);
      const line = started.output.split('\n').find((text) => text.startsWith('{')) ?? '';
      return { output: started.output, stats: JSON.parse(line) as Record<string, unknown> };
    };
    const right = `redis://:open-sesame@127.0.0.1:${redis.port}`;
    expect((await run(right, 30_000)).stats).toMatchObject({ sent: 1, pending: 0 });
    const wrong = await run(`redis://:shut-sesame@127.0.0.1:${redis.port}`);
    expect(wrong.stats).toMatchObject({ sent: 0, pending: 1, state: 'offline' });
    expect(wrong.output).toContain('invalid username-password pair');
    redis.freeze();
    expect((await run(right)).stats).toMatchObject({ sent: 0, pending: 1 });
    redis.thaw();
    await redis.kill();
    expect((await run(right)).output).toContain('ECONNREFUSED');
  }, 60_000);

  it('leaves no connection behind where Redis lets it connect and no more', async () => {
    await redis.remove();
    redis = await RedisServer.start(['--requirepass', 'open-sesame']);
    const connection = new QueueConnection({
      connection: redis.url,
      queueName: 'nestjs-raven',
      prefix: 'bull',
    });
    for (let attempts = 0; attempts < 5; attempts += 1) {
      await expect(connection.queue()).rejects.toThrow('NOAUTH');
    }
    const admin = new Redis(redis.port, { password: 'open-sesame' });
    await vi.waitFor(async () => {
      expect(
        String(await admin.client('LIST'))
          .trim()
          .split('\n'),
      ).toHaveLength(1);
    }, SOON);
    admin.disconnect();
  });

  it("waits for the app's own client that is still connecting", async () => {
    const client = new Redis(redis.port, { enableOfflineQueue: false });
    const connection = new QueueConnection({
      connection: client as unknown as ConnectionOptions,
      queueName: 'nestjs-raven',
      prefix: 'bull',
    });
    expect(client.status).toBe('connecting');
    await expect(connection.queue()).resolves.toBeInstanceOf(Queue);
    client.disconnect();
  });

  it('keeps the app within its memory, and goes on once Redis is back', async () => {
    await redis.kill();
    const app = fleet.run(
      `
      const client = new RavenClient({ dsn: settings.dsn, includeVersions: false, maxQueueLength: 20, stormGuard: false, shutdownTimeoutMs: 30_000,
        transport: RavenBullTransport.on({ connection: settings.connection }) });
      client.on('offline', () => process.send('offline')).on('online', () => process.send('online'));
      for (let n = 0; n < 100; n++) client.captureMessage('message ' + n);
      process.on('message', async ({ id, question }) => process.send({ id, answer: await client[question]() }));
      process.send('ready');`,
      { dsn: receiver.dsn(), connection: redis.url },
    );
    await app.waitFor((message): message is 'offline' => message === 'offline');
    expect(await app.ask('stats')).toMatchObject({ captured: 100, sent: 0, dropped: { queue_overflow: 80 } });
    await redis.startAgain();
    await app.waitFor((message): message is 'online' => message === 'online');
    await app.ask('flush');
    expect(await app.ask('stats')).toMatchObject({ captured: 100, sent: 20, pending: 0, state: 'online' });
    fleet.forwarder({ dsn: receiver.dsn(), connection: redis.url });
    // The loss is told by the forwarder's own reports.
    await receiver.waitForEvents(20, 20_000);
    const lost = receiver.envelopes
      .flatMap(({ items }) => items.filter(({ headers }) => headers.type === 'client_report'))
      .map(({ payload }) => (payload as { discarded_events: unknown[] }).discarded_events);
    expect(lost).toEqual([[{ reason: 'queue_overflow', category: 'error', quantity: 80 }]]);
  }, 60_000);
});

describe('workers', () => {
  it('share what a server limits: what one was told, no other sends', async () => {
    const common = { dsn: receiver.dsn(), connection: redis.url };
    receiver.respondWith(() => ({ headers: { 'X-Sentry-Rate-Limits': '60:error:organization' } }));
    const first = fleet.forwarder(common);
    await first.ready();
    await withQueue((queue) => queue.add('envelope', asJob(envelopeOf(idOf(1), receiver.dsn()))));
    await receiver.waitForEvents(1);
    await settled(first);
    // All that comes now is left to the other one, however busy the machine is.
    await first.kill('SIGTERM');
    const second = fleet.forwarder(common);
    await second.ready();
    const others = Array.from({ length: 40 }, (_, n) => ({
      name: 'envelope',
      data: asJob(envelopeOf(idOf(n + 2), receiver.dsn())),
    }));
    await withQueue((queue) => queue.addBulk(others));
    expect(await settled(second)).toMatchObject({
      dropped: { ratelimit_backoff: 40 },
      queue: { deadLetters: 0 },
    });
    expect(receiver.requests).toHaveLength(1);
  }, 60_000);

  it('rest together while a server takes nothing at all, and go on afterwards', async () => {
    const common = { dsn: receiver.dsn(), connection: redis.url };
    const times: number[] = [];
    receiver.respondWith(() => {
      times.push(performance.now());
      return times.length === 1 ? { headers: { 'X-Sentry-Rate-Limits': '2::organization' } } : {};
    });
    const workers = [fleet.forwarder({ ...common, concurrency: 1 })];
    await workers[0].ready();
    await withQueue((queue) => queue.add('envelope', asJob(envelopeOf(idOf(1), receiver.dsn()))));
    await receiver.waitForEvents(1);
    workers.push(fleet.forwarder(common));
    const others = Array.from({ length: 20 }, (_, n) => ({
      name: 'envelope',
      data: asJob(envelopeOf(idOf(n + 2), receiver.dsn())),
    }));
    await withQueue((queue) => queue.addBulk(others));
    await receiver.waitForEvents(21, 20_000);
    expect(arrived().size).toBe(21);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(1990);
  }, 60_000);

  it('keep what a server refuses for good, and send it again when told to', async () => {
    const common = { dsn: receiver.dsn(), connection: redis.url };
    let isPicky = true;
    receiver.respondWith(({ event }) =>
      isPicky && JSON.stringify(event).includes('refused')
        ? { status: 413, body: JSON.stringify({ detail: 'too much of public' }) }
        : {},
    );
    const elsewhere = await startReceiver();
    await withQueue((queue) =>
      queue.addBulk([
        {
          name: 'envelope',
          data: asJob(envelopeOf(idOf(1), receiver.dsn(), 'refused')),
          opts: { jobId: `event-${idOf(1)}` },
        },
        {
          name: 'envelope',
          data: asJob(envelopeOf(idOf(2), elsewhere.dsn())),
          opts: { jobId: `event-${idOf(2)}` },
        },
        { name: 'envelope', data: asJob(envelopeOf(idOf(3), receiver.dsn(), 'taken')) },
      ]),
    );
    const worker = fleet.forwarder(common);
    await receiver.waitForEvents(1, 20_000);
    expect(await settled(worker)).toMatchObject({
      sent: 1,
      dropped: { send_error: 1 },
      queue: { deadLetters: 2 },
    });
    const letters = await worker.ask<{ id: string; eventId?: string; reason: string }[]>('deadLetters');
    const reasonOf = new Map(letters.map(({ eventId, reason }) => [eventId, reason]));
    expect(reasonOf.get(idOf(1))).toBe('status 413 (too much of ***)');
    expect(reasonOf.get(idOf(2))).toBe('the envelope is for a DSN that this forwarder was not given');
    // Sent again in vain, it is a dead letter again, and counted once.
    await worker.ask('retryAll');
    await receiver.waitForRequests(3);
    expect(await settled(worker)).toMatchObject({ dropped: { send_error: 1 }, queue: { deadLetters: 2 } });
    isPicky = false;
    expect(await worker.ask('retry', 'event-unknown')).toBe(false);
    expect(await worker.ask('retry', `event-${idOf(1)}`)).toBe(true);
    await receiver.waitForEvents(2);
    await worker.ask('retryAll');
    expect(await settled(worker)).toMatchObject({ sent: 2, queue: { deadLetters: 1 } });
    expect(elsewhere.requests).toEqual([]);
    await elsewhere.close();
  }, 60_000);

  it('give a refused envelope several attempts, and the others theirs', async () => {
    receiver.respondWith(({ event }) => (event?.event_id === idOf(1) ? { status: 500 } : {}));
    const worker = fleet.forwarder({ dsn: receiver.dsn(), connection: redis.url, maxRejections: 3 });
    await worker.ready();
    await withQueue((queue) =>
      queue.addBulk(
        [1, 2, 3].map((n) => ({
          name: 'envelope',
          data: asJob(envelopeOf(idOf(n), receiver.dsn())),
          opts: { attempts: 1000 },
        })),
      ),
    );
    await receiver.waitForEvents(2, 20_000);
    await receiver.waitForRequests(5, 30_000);
    expect(await settled(worker)).toMatchObject({
      sent: 2,
      dropped: { send_error: 1 },
      queue: { deadLetters: 1 },
    });
    expect(receiver.requests.filter(({ event }) => event?.event_id === idOf(1))).toHaveLength(3);
  }, 60_000);

  it('send again what was too old, and give it all its attempts', async () => {
    let isBad = true;
    receiver.respondWith(() => (isBad ? { status: 500 } : {}));
    const common = { dsn: receiver.dsn(), connection: redis.url, maxAgeMs: 60_000 };
    const worker = fleet.forwarder({ ...common, maxRejections: 2 });
    await worker.ready();
    await withQueue((queue) =>
      queue.add('envelope', asJob(envelopeOf(idOf(1), receiver.dsn())), {
        jobId: `event-${idOf(1)}`,
        attempts: 1000,
        timestamp: Date.now() - 120_000,
      }),
    );
    expect(await settled(worker)).toMatchObject({ queue: { deadLetters: 1 } });
    expect(receiver.requests).toHaveLength(0);
    for (const requests of [2, 4]) {
      expect(await worker.ask('retry', `event-${idOf(1)}`)).toBe(true);
      await receiver.waitForRequests(requests, 20_000);
      expect(await settled(worker)).toMatchObject({ queue: { deadLetters: 1 } });
    }
    isBad = false;
    await worker.ask('retryAll');
    await receiver.waitForEvents(1, 20_000);
    expect(await settled(worker)).toMatchObject({ sent: 1, dropped: { network_error: 1 } });
  }, 60_000);

  it('survive whatever is in the queue', async () => {
    const common = { dsn: receiver.dsn(), connection: redis.url, maxJobBytes: 100_000 };
    const hostile: unknown[] = [
      null,
      17,
      'text',
      [],
      {},
      { envelope: 17 },
      { envelope: 'no gzip' },
      { envelope: { length: 3 } },
      asJob('no envelope'),
      asJob('{"event_id":"1","__proto__":{"polluted":true}}\n{"type":"event","length":-1}\n{}\n'),
      asJob(`${'{"event_id":"1"}\n'.padEnd(50_000_000, ' ')}`),
      JSON.parse('{"__proto__":{"envelope":"x"}}') as object,
      asJob(envelopeOf(idOf(7), 'http://public@169.254.169.254/latest')),
      asJob(envelopeOf(idOf(8), 'file:///etc/passwd')),
      asJob(envelopeOf(idOf(9), `${receiver.dsn()}/../../2`)),
    ];
    await withQueue(async (queue) => {
      await queue.addBulk(hostile.map((data) => ({ name: 'envelope', data })));
      const client = (await queue.client) as unknown as Pick<Redis, 'hset' | 'lpush'>;
      // A job that BullMQ itself cannot read.
      await client.hset(queue.toKey('broken'), {
        data: '{',
        opts: '{',
        name: 'envelope',
        timestamp: 'never',
      });
      await client.lpush(queue.toKey('wait'), 'broken');
      await queue.add('envelope', asJob(envelopeOf(idOf(1), receiver.dsn())));
    });
    const worker = fleet.forwarder(common);
    const [event] = await receiver.waitForEvents(1, 20_000);
    expect(event.event_id).toBe(idOf(1));
    while ((await worker.ask<Stats>('stats')).queue.deadLetters < hostile.length);
    expect(receiver.requests).toHaveLength(1);
    expect(await worker.ask('deadLetters', { limit: 3 })).toHaveLength(3);
  }, 60_000);

  it('finish or give back what they do when the app closes', async () => {
    receiver.respondWith(() => 'hang');
    const common = { dsn: receiver.dsn(), connection: redis.url, recoverAfterMs: 60_000, timeoutMs: 30_000 };
    const worker = fleet.forwarder({ ...common, shutdownTimeoutMs: 100 });
    await worker.ready();
    const jobs = [1, 2, 3].map((n) => ({
      name: 'envelope',
      data: asJob(envelopeOf(idOf(n), receiver.dsn())),
    }));
    await withQueue((queue) => queue.addBulk(jobs));
    await receiver.waitForRequests(3);
    expect(await worker.kill('SIGTERM')).toMatchObject({ signal: 'SIGTERM' });
    await withQueue(async (queue) => {
      expect(await queue.getJobCounts('waiting', 'active', 'failed')).toMatchObject({
        waiting: 3,
        active: 0,
        failed: 0,
      });
    });
    receiver.respondWith();
    fleet.forwarder(common);
    await receiver.waitForEvents(3, 20_000);
    expect(arrived().size).toBe(3);
  }, 60_000);

  it('report nothing of their own troubles', async () => {
    const own = await startReceiver();
    receiver.respondWith(() => ({ status: 413 }));
    const worker = fleet.forwarder(
      { dsn: receiver.dsn(), connection: redis.url },
      `RavenModule.forRoot({ dsn: ${JSON.stringify(own.dsn())}, includeVersions: false })`,
    );
    await worker.ready();
    await withQueue((queue) => queue.add('envelope', asJob(envelopeOf(idOf(1), receiver.dsn()))));
    await receiver.waitForRequests(1);
    expect(await settled(worker)).toMatchObject({ queue: { deadLetters: 1 } });
    await worker.kill('SIGTERM');
    expect(own.requests).toEqual([]);
    await own.close();
  }, 60_000);
});

describe("the README's fleet", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    removeExamples();
  });

  it('delivers what its app captures by its worker', async () => {
    vi.stubEnv('SENTRY_DSN', receiver.dsn());
    vi.stubEnv('REDIS_URL', redis.url);
    writeExamples();
    const { OrdersModule, WorkerModule } = await importExample<Record<string, Type>>('fleet.module.ts');
    const options = { logger: false, abortOnError: false } as const;
    const app = await NestFactory.createApplicationContext(OrdersModule, options);
    const worker = await NestFactory.createApplicationContext(WorkerModule, options);
    app.get(RavenClient).captureMessage('through the queue');
    const [event] = await receiver.waitForEvents(1);
    expect(event.logentry.message).toBe('through the queue');
    await app.close();
    await worker.close();
    expect(
      await withQueue((queue) => queue.getJobCountByTypes('waiting', 'active', 'failed'), 'errors'),
    ).toBe(0);
  });
});
