import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { CaptureOptions, RavenClient, RavenOptions } from 'nestjs-raven';
import { captureFingerprint } from '../../lib/client/capture-fingerprint';
import { StormGuard } from '../../lib/client/storm-guard';
import { FakeTime } from '../transport/support/fake-time';
import { freePort } from '../support/free-port';
import { startReceiver } from '../support/receiver';
import { recordingLogger } from '../support/silent-logger';
import { newClient, type TestClient } from './support/new-client';

/** A client with a clock that stands still. */
function clientWith(
  stormGuard: RavenOptions['stormGuard'],
  options: RavenOptions = {},
  random = () => 0,
): TestClient & { time: FakeTime; counts: () => unknown[] } {
  const time = new FakeTime();
  const made = newClient({ stormGuard, ...options }, { now: time.now, random });
  return {
    ...made,
    time,
    counts: () => made.transport.events.map((event) => event.contexts?.storm_guard?.guarded ?? 0),
  };
}

class PaymentError extends Error {}

/** An error of one kind: whoever calls, the frames on top are the same. */
function failure(message: unknown = 'no answer', depth = 5): Error {
  return depth > 0 ? failure(message, depth - 1) : new PaymentError(String(message));
}

function captureMany(client: RavenClient, times: number): (string | null)[] {
  return Array.from({ length: times }, (_, id) => client.captureException(failure(`order ${id} failed`)));
}

/** How many of each of two kinds are sent where one of each window is let through. */
function sentOf(capture: (client: RavenClient, turn: number) => void): number {
  const { client, transport } = clientWith({ limit: 1 });
  for (let turn = 0; turn < 4; turn++) capture(client, turn);
  return transport.events.length;
}

describe('errors of the same kind', () => {
  it('are sent up to the limit of a window, whatever their messages, and then counted', () => {
    const { client, time, counts, transport } = clientWith({ limit: 3, windowMs: 1000 });
    const ids = captureMany(client, 5);
    expect(ids.map((id) => id !== null)).toEqual([true, true, true, false, false]);
    time.advance(999);
    expect(captureMany(client, 1)).toEqual([null]);
    expect(transport.events.map((event) => event.event_id)).toEqual(ids.slice(0, 3));
    expect(client.stats()).toMatchObject({ captured: 6, dropped: { backpressure: 3 } });
    time.advance(1);
    captureMany(client, 2);
    expect(counts()).toEqual([0, 0, 0, 3, 0]);
    expect(transport.events[3].contexts?.storm_guard).toEqual({
      guarded: 3,
      since: '1970-01-01T00:00:01.000Z',
    });
  });

  it('are all sent where stormGuard is false', () => {
    const { client, counts } = clientWith(false);
    for (let n = 0; n < 1500; n++) client.captureMessage('no answer');
    expect(counts()).toEqual(Array(1500).fill(0));
  });

  it.each([
    [50, 4],
    [500, 2],
    [100, 60],
  ])('are all sent by default where %i a second come for %i seconds', (perSecond, seconds) => {
    const { client, time, counts } = clientWith(undefined, { sampleRate: 1, processors: [] });
    for (let n = 0; n < perSecond * seconds; n++) {
      client.captureMessage('no answer');
      time.advance(1000 / perSecond);
    }
    expect(counts()).toEqual(Array(perSecond * seconds).fill(0));
  });

  it('are held back by default where 500 a second come for longer, none uncounted', () => {
    const { client, time, counts } = clientWith(undefined, { processors: [] });
    for (let n = 0; n < 500 * 30 + 1; n++) {
      client.captureMessage('no answer');
      time.advance(2);
    }
    expect(counts().filter(Boolean)).toEqual([4000, 4000, 4000]);
    expect(counts()).toHaveLength(3001);
  });

  it('are told apart from others by the callers of what makes them', () => {
    const make = (): Error => new Error('made here');
    const one = (): Error => make();
    const another = (): Error => make();
    expect(sentOf((client) => [one, another].forEach((made) => client.captureException(made())))).toBe(2);
  });

  it.each<[string, (turn: number) => unknown, number]>([
    ['an error without frames, whatever numbers and ids its message has', frameless, 1],
    ['an error without frames, by its message', (turn) => frameless('x'.repeat(1 + (turn % 2))), 2],
    ['a string, without its numbers', (turn) => `order ${turn} of f47ac10b-58cc-4372-a567-${turn} failed`, 1],
    ['a string, by its text', (turn) => 'x'.repeat(1 + (turn % 2)), 2],
    ['undefined', () => undefined, 1],
    ['a number, whatever it is', (turn) => turn, 1],
    ['a plain object, by its message', (turn) => ({ id: turn, message: turn % 2 ? 'odd' : 'even' }), 2],
    ['a frozen error', (turn) => Object.freeze(failure(turn)), 1],
    ['an error whose stack cannot be read', unreadable, 1],
    ['a proxy that answers nothing', silentProxy, 1],
    [
      'a stack of 10 MB',
      (turn) => Object.assign(failure(turn), { stack: `${'x'.repeat(1e7)}\n    at a` }),
      1,
    ],
  ])('are known by what they have: %s', (_, thrown, sent) => {
    expect(sentOf((client, turn) => client.captureException(thrown(turn)))).toBe(sent);
  });

  it('are known where the language gives stacks no frames, and where nobody can write to Error.prototype', () => {
    const { stackTraceLimit } = Error;
    onTestFinished(() => void (Error.stackTraceLimit = stackTraceLimit));
    Error.stackTraceLimit = 0;
    expect(sentOf((client, turn) => client.captureException(failure(turn)))).toBe(1);
    expect(sentOf((client, turn) => client.captureException(failure(turn % 2 ? 'odd' : 'even')))).toBe(2);
  });

  it('are told apart by where they could not connect to', async () => {
    const refused = await Promise.all([freePort(), freePort()].map(async (port) => connectError(await port)));
    expect(refused.map(({ code }) => code)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    const again = await connectError(Number(refused[0].port));
    expect(sentOf((client, turn) => client.captureException([...refused, again][turn % 3]))).toBe(2);
    const several = (cause: Error): Error =>
      Object.assign(failure(), { code: 'ECONNREFUSED', errors: [cause] });
    expect(sentOf((client, turn) => client.captureException(several(refused[turn % 2])))).toBe(2);
  });

  it('are told apart by their code where one place makes them all', () => {
    const made = (code: unknown): Error => Object.assign(failure(), { code });
    const sentOfCodes = (codes: unknown[]): number =>
      sentOf((client, turn) => client.captureException(made(codes[turn % codes.length])));
    expect(sentOfCodes(['23505', '53100'])).toBe(2);
    expect(sentOfCodes([14, 4])).toBe(2);
    expect(sentOfCodes([{}, null])).toBe(1);
    expect(sentOfCodes(['x'.repeat(100), `${'x'.repeat(100)}y`])).toBe(1);
  });

  it.each<[string, CaptureOptions[], number]>([
    ['the fingerprint they are given', [{ fingerprint: ['a', '1'] }, { fingerprint: ['a', '2'] }], 2],
    ['one that has all of the default', [{ fingerprint: ['{{ default }}', 'b'] }, {}], 2],
    ['numbers in it', [{ fingerprint: ['a', 1] as never }, { fingerprint: ['a', 2] as never }], 2],
    ['yes and no in it', [{ fingerprint: [true] as never }, { fingerprint: [false] as never }], 2],
    ['nothing that is no text in it', [{ fingerprint: ['a', {}] as never }, { fingerprint: ['a'] }], 1],
    ['their level', [{ level: 'fatal' }, { level: 'error' }], 2],
    ['nothing else', [{ tags: { a: 1 } }, { extra: { b: 2 }, fingerprint: [] }], 1],
    ['no hostile fingerprint', [{ fingerprint: unreadable() as never }, {}], 1],
  ])('are told apart by %s', (_, options, sent) => {
    expect(
      sentOf((client, turn) => client.captureException(failure(turn), options[turn % options.length])),
    ).toBe(sent);
  });

  it.each([
    ['{{ default }}', 'eu'],
    ['{{default}}', 'eu'],
    ['{{ error.type }}', 'eu'],
    ['eu', 'all of {{ error.value }}'],
  ])('are told apart by what they are where their fingerprint is %s, %s', (...fingerprint) => {
    expect(
      sentOf((client, turn) => {
        client.captureException(turn % 2 ? new Error('here') : new TypeError('there'), { fingerprint });
      }),
    ).toBe(2);
  });

  it('are the same kind from wherever they come where they are given one fingerprint', () => {
    const fingerprint = ['the database is down'];
    expect(
      sentOf((client, turn) => {
        client.captureException(turn % 2 ? new Error('here') : new TypeError('there'), { fingerprint });
      }),
    ).toBe(1);
  });
});

describe('other events', () => {
  class Metric {
    capture(): object {
      return {};
    }
  }
  it.each<[string, (client: RavenClient, turn: number) => void, number]>([
    [
      'messages, by their template',
      (client, turn) => client.captureMessage('Hello %s', { params: [turn] }),
      1,
    ],
    ['messages with numbers in them', (client, turn) => client.captureMessage(`order ${turn}`), 1],
    ['different messages', (client, turn) => client.captureMessage(turn % 2 ? 'odd' : 'even'), 2],
    ['queries', (client, turn) => client.captureQuery('select ?', { params: [turn] }), 1],
    ['events of a class', (client, turn) => client.capture(Metric, { turn }), 1],
    ['events of an object', (client, turn) => client.capture(new Metric(), { turn }), 1],
  ])('are held back too: %s', (_, capture, sent) => {
    expect(sentOf(capture)).toBe(sent);
  });
});

describe('an error that is counted', () => {
  it('runs nothing of what an event is made with', () => {
    const details = vi.fn(() => ({}));
    const processor = vi.fn();
    const beforeSend = vi.fn();
    const { client } = clientWith({ limit: 1 }, { processors: [processor], beforeSend });
    for (let n = 0; n < 9; n++) client.captureException(failure(), { details });
    for (const called of [details, processor, beforeSend]) expect(called).toHaveBeenCalledTimes(1);
  });

  it('counts as reported, and is not counted again', () => {
    const { client, time, counts } = clientWith({ limit: 1, windowMs: 1000 });
    client.captureException(failure());
    const guarded = failure();
    for (let n = 0; n < 3; n++) expect(client.captureException(guarded)).toBeNull();
    expect(client.hasReported(guarded)).toBe(true);
    time.advance(1000);
    expect(client.captureException(guarded)).toBeNull();
    client.captureException(failure());
    expect(counts()).toEqual([0, 1]);
  });

  it('is not the newest event', () => {
    const { client } = clientWith({ limit: 1 });
    const [sent] = captureMany(client, 2);
    expect(client.lastEventId).toBe(sent);
  });

  it('was neither ignored nor reported before', () => {
    const { client, transport } = clientWith({ limit: 2 }, { ignoreExceptions: [PaymentError] });
    captureMany(client, 5);
    const error = new RangeError('reported');
    for (let n = 0; n < 5; n++) client.captureException(error);
    for (let n = 0; n < 2; n++) client.captureMessage('m');
    expect(transport.events).toHaveLength(3);
  });

  it('waits to be told until an event of its kind is sent, and not only built', () => {
    let isSampled = true;
    let isWanted = true;
    const { client, time, counts } = clientWith(
      { limit: 1, windowMs: 1000 },
      { sampleRate: 0.5, beforeSend: (event) => (isWanted ? event : null) },
      () => (isSampled ? 0 : 0.9),
    );
    const next = (): void => {
      time.advance(1000);
      captureMany(client, 3);
    };
    next();
    isSampled = false;
    next();
    isSampled = true;
    isWanted = false;
    next();
    isWanted = true;
    next();
    expect(counts()).toEqual([0, 6]);
  });

  it('is not told to Spotlight alone', async () => {
    const spotlight = await startReceiver();
    let isSampled = true;
    const { client, time, counts } = clientWith(
      { limit: 1, windowMs: 1000 },
      { sampleRate: 0.5, spotlight: `${spotlight.url}/stream` },
      () => (isSampled ? 0 : 0.9),
    );
    for (isSampled of [true, false, true]) {
      captureMany(client, 3);
      time.advance(1000);
    }
    await spotlight.waitForEvents(3);
    await spotlight.close();
    expect(counts()).toEqual([0, 4]);
    expect(spotlight.events.map(({ contexts }) => contexts.storm_guard?.guarded).filter(Boolean)).toEqual([
      4,
    ]);
  });

  it('is told of once where beforeSend takes its time', async () => {
    const { client, time, counts } = clientWith(
      { limit: 2, windowMs: 1000 },
      { beforeSend: (event) => Promise.resolve(event) },
    );
    captureMany(client, 5);
    time.advance(1000);
    captureMany(client, 2);
    await client.flush();
    expect(counts()).toHaveLength(4);
    expect(counts().filter(Boolean)).toEqual([3]);
  });
});

describe('what is captured while an error is looked at', () => {
  it('is not captured, however often its own getters and hooks capture', () => {
    const { client, transport } = clientWith({ limit: 5 });
    const recursive = (): Error =>
      Object.defineProperty(failure(), 'stack', {
        get: () => {
          client.captureException(recursive());
          return 'Error: e\n    at a (a.js:1:1)';
        },
      });
    for (let n = 0; n < 20; n++) client.captureException(recursive());
    expect(transport.events).toHaveLength(5);
  });

  it('is counted, and fails nowhere inside, where the stack of calls has no room left', () => {
    const { client, lines } = clientWith({ limit: 7 });
    let returned = 0;
    const again = (): void => {
      client.captureException(failure());
      returned += 1;
      again();
    };
    expect(again).toThrow(RangeError);
    const { captured, sent, pending, dropped } = client.stats();
    expect(captured).toBe(returned);
    expect(sent + pending).toBe(7);
    expect(7 + (dropped.backpressure ?? 0) + (dropped.internal_sdk_error ?? 0)).toBe(captured);
    expect(lines).toEqual([expect.stringContaining('warn: a storm')]);
    expect(client.captureException(failure())).toBeNull();
    expect(client.captureException(new TypeError('another'))).not.toBeNull();
  });

  it('is counted once where each caller passes the same error on', () => {
    const { client } = clientWith({ limit: 7 });
    let passedOn = 0;
    const again = (): void => {
      try {
        again();
      } catch (error) {
        client.captureException(error);
        passedOn += 1;
        throw error;
      }
    };
    expect(again).toThrow(RangeError);
    expect(passedOn).toBeGreaterThan(1000);
    // At the very end of the stack there may be room for nothing but to count; what comes there counts anew.
    expect(client.stats().captured).toBeLessThan(10);
  });
});

describe('the guard', () => {
  function guardWith(options: { limit?: number; windowMs?: number } = {}) {
    const time = new FakeTime();
    const logger = recordingLogger();
    const guard = new StormGuard(options, { now: time.now, logger }, time.setTimer);
    return { time, guard, lines: logger.lines };
  }

  it('says once that a storm begins, and once when nothing of it was held back for a window', () => {
    const { guard, time, lines } = guardWith({ limit: 2, windowMs: 1000 });
    const fingerprint = 'PaymentError\n    at Orders.charge (/app/orders.js:17:5)\n    at b\nerror';
    for (let n = 0; n < 100; n++) {
      guard.admit(fingerprint);
      time.advance(100);
    }
    const of = 'PaymentError at Orders.charge (/app/orders.js:17:5)';
    expect(lines).toEqual([
      `warn: a storm: more than 2 within 1000 ms of ${of}; further ones are counted, and the next one sent carries the count`,
    ]);
    time.advance(899);
    expect(lines).toHaveLength(1);
    time.advance(1);
    expect(lines.slice(1)).toEqual([
      `warn: a storm is over: 80 within 10 s were counted instead of sent, of ${of}`,
    ]);
    time.advance(100_000);
    for (let n = 0; n < 3; n++) guard.admit(fingerprint);
    expect(lines).toHaveLength(3);
  });

  it('says at the end what storms have come to, and nothing where there were none', () => {
    const { guard, time, lines } = guardWith({ limit: 1 });
    guard.close();
    for (let n = 0; n < 3; n++) guard.admit('Message: hello\nerror');
    guard.close();
    expect(lines.slice(1)).toEqual([
      'warn: a storm was not over at the end: 2 within 0 s were counted instead of sent, of Message: hello',
    ]);
    time.advance(100_000);
    guard.close();
    expect(lines).toHaveLength(2);
  });

  it('writes neither secrets nor line breaks into the log, and of many storms at a time names some', () => {
    const { guard, time, lines } = guardWith({ limit: 1 });
    for (let kind = 0; kind < 500; kind++) {
      const text = `string: no answer with password=s3cret \u001b[2J${'x'.repeat(kind)}\nerror`;
      for (let n = 0; n < 3; n++) guard.admit(text);
    }
    time.advance(100_000);
    expect(lines).toHaveLength(40);
    for (const line of lines) {
      expect(line).not.toMatch(/s3cret|\p{Cc}/u);
      expect(line.length).toBeLessThan(500);
    }
  });

  it('goes on where the clock is set back', () => {
    const { guard, time, lines } = guardWith({ limit: 1, windowMs: 1000 });
    guard.admit('a');
    expect(guard.admit('a')).toBeNull();
    time.nowMs -= 3_600_000;
    expect(guard.admit('a')?.take()).toMatchObject({ guarded: 1 });
    expect(guard.admit('a')).toBeNull();
    time.nowMs -= 3_600_000;
    time.advance(7_210_000);
    expect(lines).toHaveLength(2);
  });

  it('remembers the thousand kinds that came last', () => {
    const { guard } = guardWith({ limit: 2 });
    const admits = (kind: number): boolean => guard.admit(`kind ${kind}`) !== null;
    for (let kind = 0; kind < 1000; kind++) for (let n = 0; n < 2; n++) admits(kind);
    expect(admits(0)).toBe(false);
    admits(1000);
    expect(admits(0)).toBe(false);
    expect(admits(1)).toBe(true);
  });

  it('forgets last of what something was held back, so that its number is told', () => {
    const { guard, time } = guardWith({ limit: 1, windowMs: 1000 });
    const admit = (kind: string) => guard.admit(kind);
    for (let n = 0; n < 3; n++) admit('a storm');
    for (let kind = 0; kind < 5000; kind++) admit(`kind ${kind}`);
    expect(admit('a storm')).toBeNull();
    time.advance(1000);
    expect(admit('a storm')?.take()).toMatchObject({ guarded: 3 });
  });

  it('knows storms also of kinds that come in turn where something was held back of all it remembers', () => {
    const { guard } = guardWith({ limit: 1 });
    for (let kind = 0; kind < 2000; kind++) for (let n = 0; n < 2; n++) guard.admit(`over ${kind}`);
    const kinds = Array.from({ length: 400 }, (_, kind) => `kind ${kind}`);
    for (const kind of kinds) expect(guard.admit(kind)).not.toBeNull();
    for (const kind of kinds) expect(guard.admit(kind)).toBeNull();
  });

  it('does not hold on to the stacks that were looked at', () => {
    const { guard } = guardWith();
    const usedBefore = usedBytes();
    for (let id = 0; id < 500; id++) {
      const stack = `Error\n    at f${id} (a.js:1:1)\n${'x'.repeat(1e6)}`;
      guard.admit(captureFingerprint('Exception', true, { exception: { stack } }));
    }
    expect(usedBytes() - usedBefore).toBeLessThan(250e6);
    // Until here it is in use itself.
    expect(guard.admit('another')).not.toBeNull();
  });

  it('lets through no more than the limit of each window, and counts the others, each once', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 700 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 4 }), (captures, limit) => {
        const { guard, time } = guardWith({ limit, windowMs: 1000 });
        const sent = new Map<number, number[]>();
        const left = new Map<number, number>();
        for (const [kind, pauseMs] of captures) {
          time.advance(pauseMs);
          const repetition = guard.admit(String(kind));
          if (repetition) {
            sent.set(kind, [...(sent.get(kind) ?? []), time.nowMs]);
            expect(repetition.take()?.guarded ?? 0).toBe(left.get(kind) ?? 0);
            left.set(kind, 0);
          } else left.set(kind, (left.get(kind) ?? 0) + 1);
        }
        for (const times of sent.values()) {
          // Two windows may meet in any second.
          for (let n = 2 * limit; n < times.length; n++) {
            expect(times[n] - times[n - 2 * limit]).toBeGreaterThanOrEqual(1000);
          }
        }
      }),
    );
  });
});

function frameless(message: unknown): Error {
  return Object.assign(new Error(`no answer from 10.0.0.${String(message)}`), { stack: 'Error' });
}

function unreadable(): object {
  const fail = (): never => {
    throw new Error('hostile');
  };
  return Object.defineProperties(new Error('e'), {
    stack: { get: fail },
    message: { get: fail },
    name: { get: fail },
    length: { get: fail },
  });
}

async function connectError(port: number): Promise<NodeJS.ErrnoException & { port?: number }> {
  const [error] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
  return error;
}

/** What the heap holds, and nothing that is only not collected yet. */
function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().heapUsed;
}

function silentProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
