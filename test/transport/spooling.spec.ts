import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpoolOption } from '../../lib/transport/spool-option';
import type { ServerTransport } from '../../lib/transport/server.transport';
import type { HttpTransportOptions } from '../../lib/transport/http-transport.options';
import { eventEnvelope, idOf } from './support/envelopes';
import { FakeTime } from './support/fake-time';
import { receiverFor, transportFor } from './support/setup';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'raven-spooling-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const spool = (options: Partial<SpoolOption> = {}): Partial<HttpTransportOptions> => ({
  spool: { directory, pauseMs: 1, ...options },
});

/** The envelopes on disk, claimed or not. */
function files(): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => /[0-9a-f]{32}/.test(name))
    .map((name) => readFileSync(join(directory, name), 'utf8'));
}

const ids = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => idOf(from + n));
const idsOf = (events: { event_id: string }[]): string[] => events.map((event) => event.event_id).sort();

function sendAll(transport: ServerTransport, count: number, from = 0): void {
  for (let n = from; n < from + count; n++) {
    transport.account.captured();
    transport.send(eventEnvelope(n));
  }
}

describe('with a spool', () => {
  it('what is left at the end is delivered by whoever starts next', async () => {
    const dead = await receiverFor();
    await dead.close();
    const first = transportFor(dead.dsn(), spool());
    sendAll(first.transport, 20);
    expect(await first.transport.close(50)).toBe(false);
    expect(files()).toHaveLength(20);
    expect(first.transport.account.counts()).toMatchObject({
      captured: 20,
      spooled: 20,
      sent: 0,
      dropped: {},
    });
    expect(first.logger.loud.at(-1)).toContain('closed with 20 undelivered');

    const receiver = await receiverFor({ port: dead.port });
    const second = transportFor(dead.dsn(), spool());
    expect(idsOf(await receiver.waitForEvents(20))).toEqual(ids(20));
    await second.transport.close(5000);
    expect(second.transport.account.counts()).toMatchObject({ captured: 0, sent: 0, recovered: 20 });
    expect(files()).toEqual([]);
  });

  it('what waits for a dead server does so on disk, and is delivered when it is back', async () => {
    const dead = await receiverFor();
    await dead.close();
    const { transport } = transportFor(dead.dsn(), { ...spool(), random: () => 0.01 });
    sendAll(transport, 30);
    expect(await transport.flush(5000)).toBe(false);
    expect(transport.status.pending + transport.account.counts().spooled).toBe(30);
    const receiver = await receiverFor({ port: dead.port });
    expect(idsOf(await receiver.waitForEvents(30))).toEqual(ids(30));
    while (transport.account.counts().sent < 30) await new Promise(setImmediate);
    const { sent, spooled, dropped } = transport.account.counts();
    expect({ sent, spooled, dropped }).toEqual({ sent: 30, spooled: 0, dropped: {} });
  });

  it('nothing is dropped because the queue is full', async () => {
    const dead = await receiverFor();
    await dead.close();
    const options = { ...spool(), maxQueueLength: 10, random: () => 1 };
    const { transport, logger } = transportFor(dead.dsn(), options);
    sendAll(transport, 1);
    await logger.waitFor(/cannot deliver/);
    for (let n = 1; n < 40; n++) {
      sendAll(transport, 1, n);
      while (transport.status.queueLength > 4) await new Promise(setImmediate);
    }
    await transport.close(50);
    const { spooled, dropped } = transport.account.counts();
    expect({ spooled, dropped }).toEqual({ spooled: 40, dropped: {} });
    expect(files()).toHaveLength(40);
  });

  it('a limit of the server stops the reading, and nothing in the spool is lost to it', async () => {
    const dead = await receiverFor();
    await dead.close();
    const first = transportFor(dead.dsn(), spool());
    sendAll(first.transport, 5);
    await first.transport.close(0);
    let asked = 0;
    const receiver = await receiverFor({
      port: dead.port,
      respond: () => {
        asked += 1;
        return asked === 1 ? { headers: { 'X-Sentry-Rate-Limits': '0.05:error:key' } } : {};
      },
    });
    transportFor(dead.dsn(), spool({ pauseMs: 0 }));
    expect(idsOf(await receiver.waitForEvents(5))).toEqual(ids(5));
  });

  it('what the server refuses for good is not kept', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 413 }) });
    const { transport } = transportFor(receiver.dsn(), spool({ durability: 'crash' }));
    sendAll(transport, 3);
    expect(files()).toHaveLength(3);
    await transport.flush(5000);
    await transport.close(1000);
    expect(files()).toEqual([]);
    expect(transport.account.counts()).toMatchObject({ dropped: { send_error: 3 }, spooled: 0 });
  });

  it('holds no secret', async () => {
    const dead = await receiverFor();
    await dead.close();
    const { transport } = transportFor(dead.dsn('1', 'verysecret'), spool());
    sendAll(transport, 1);
    await transport.close(0);
    expect(files()).toHaveLength(1);
    expect(files()[0]).not.toContain('verysecret');
  });
});

describe('with a spool, all the same', () => {
  it('one event that the server cannot take holds up no other, and is given up in the end', async () => {
    const time = new FakeTime();
    const receiver = await receiverFor({
      respond: ({ event }) => ({ status: event?.event_id === idOf(0) ? 500 : 200 }),
    });
    const { transport, logger } = transportFor(receiver.dsn(), { ...spool(), maxRejections: 3 }, time);
    sendAll(transport, 1);
    await logger.waitFor(/cannot deliver/);
    sendAll(transport, 10, 1);
    const isDone = (): boolean => transport.account.counts().dropped.send_error === 1;
    while (!isDone() || receiver.events.length < 10) {
      time.advance(100);
      await new Promise(setImmediate);
    }
    expect(idsOf(receiver.events)).toEqual(ids(10, 1));
    expect(receiver.requests.filter(({ event }) => event?.event_id === idOf(0))).toHaveLength(3);
  });

  it('reading goes on where a limit outlasts an outage', async () => {
    let asked = 0;
    const receiver = await receiverFor({
      respond: () => {
        asked += 1;
        if (asked === 1) return { status: 200, headers: { 'X-Sentry-Rate-Limits': '0.3:error:key' } };
        return { status: asked === 2 ? 503 : 200 };
      },
    });
    const { transport } = transportFor(receiver.dsn(), { ...spool(), random: () => 0.01 });
    sendAll(transport, 2);
    expect(idsOf(await receiver.waitForEvents(2))).toEqual(ids(2));
  });

  it('reading goes on after a limit, also where one that the server refused waits with it', async () => {
    let asked = 0;
    const receiver = await receiverFor({
      respond: () => {
        asked += 1;
        return asked === 1 ? { status: 500, headers: { 'X-Sentry-Rate-Limits': '0.3:error:key' } } : {};
      },
    });
    const { transport } = transportFor(receiver.dsn(), { ...spool(), maxConcurrency: 1, random: () => 0.01 });
    sendAll(transport, 2);
    expect(idsOf(await receiver.waitForEvents(1, 10_000))).toEqual(ids(1, 1));
  });

  it('what another process has delivered is not said to be in the spool', async () => {
    const dead = await receiverFor();
    await dead.close();
    const time = new FakeTime();
    const first = transportFor(dead.dsn(), spool(), time);
    sendAll(first.transport, 5);
    await first.logger.waitFor(/cannot deliver/);
    while (first.transport.account.counts().spooled < 5) await new Promise(setImmediate);
    const receiver = await receiverFor({ port: dead.port });
    const second = transportFor(dead.dsn(), spool());
    await receiver.waitForEvents(5);
    while (second.transport.account.counts().recovered < 5) await new Promise(setImmediate);
    // It finds that out when it looks for something to read.
    while (!(await first.transport.flush(0))) {
      time.advance(6000);
      await new Promise(setImmediate);
    }
    await first.transport.close(0);
    expect(first.transport.account.counts()).toMatchObject({ captured: 5, spooled: 5, sent: 0 });
    expect(first.logger.loud.filter((line) => line.includes('closed with'))).toEqual([]);
  });
});

describe('with durability crash', () => {
  it('an event is on disk when its capture returns, and gone from there when it is delivered', async () => {
    const receiver = await receiverFor();
    const { transport } = transportFor(receiver.dsn(), spool({ durability: 'crash' }));
    sendAll(transport, 1);
    expect(files()).toHaveLength(1);
    expect(files()[0]).toContain(idOf(0));
    expect(transport.account.counts().spooled).toBe(0);
    expect(await transport.flush(5000)).toBe(true);
    await transport.close(1000);
    expect(files()).toEqual([]);
  });

  it('an event that nobody has taken is still there after the process was killed', async () => {
    const receiver = await receiverFor({ respond: () => 'hang' });
    const { transport } = transportFor(receiver.dsn(), spool({ durability: 'crash' }));
    sendAll(transport, 4);
    await receiver.waitForRequests(4);
    expect(files()).toHaveLength(4);
    expect(await transport.close(20)).toBe(false);
    const { spooled, dropped } = transport.account.counts();
    expect({ spooled, dropped }).toEqual({ spooled: 4, dropped: {} });
    receiver.respondWith();
    transportFor(receiver.dsn(), spool());
    expect(idsOf(await receiver.waitForEvents(4))).toEqual(ids(4));
  });
});

describe('a disk that cannot be written', () => {
  it('loses nothing that memory has room for', async () => {
    const receiver = await receiverFor({ respond: () => ({ status: 503 }) });
    writeFileSync(join(directory, 'a-file'), '');
    const { transport, logger } = transportFor(receiver.dsn(), {
      spool: { directory: join(directory, 'a-file', 'spool') },
      random: () => 0.01,
    });
    sendAll(transport, 10);
    await logger.waitFor(/cannot deliver/);
    receiver.respondWith();
    expect(idsOf(await receiver.waitForEvents(10))).toEqual(ids(10));
    const told = logger.loud.filter((line) => /spool/i.test(line));
    expect(told.map((line) => /cannot be (\w+)/.exec(line)?.[1]).sort()).toEqual(['read', 'written']);
  });
});
