import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RavenOptions, Transport } from 'nestjs-raven';
import { captureFingerprint } from '../../lib/client/capture-fingerprint';
import { StormGuard } from '../../lib/client/storm-guard';
import { serializeEnvelope } from '../../lib/protocol/envelope';
import { silentLogger } from '../support/silent-logger';
import { newClient } from './support/new-client';
import { workedMs } from '../support/worked-ms';

const ROUNDS = 15;
const ERRORS = 200;

/** Serializes as delivery does, and sends nothing. */
const serializing: Transport = {
  send: (envelope) => void serializeEnvelope(envelope, { sentAt: new Date(0) }),
  flush: () => Promise.resolve(true),
  close: () => Promise.resolve(true),
};

/** Errors as a request has them, whose stacks nobody has read yet. */
function newErrors(depth = 25): Error[] {
  const fail = (left: number, id: number): Error =>
    left > 0 ? fail(left - 1, id) : new TypeError(`order ${id} has no lines`);
  return Array.from({ length: ERRORS }, (_, id) => fail(depth, id));
}

/** What one of them costs, in microseconds. */
function costUs(errors: readonly Error[], act: (error: Error) => void): number {
  return (workedMs(() => errors.forEach(act)) * 1000) / errors.length;
}

/** What else the machine does makes some rounds dearer and none cheaper. */
function lowerQuartile(values: number[]): number {
  return values.sort((one, other) => one - other)[Math.floor(values.length / 4)];
}

/** Rounds in turn, so that what else the machine does concerns all of them alike; the first ones warm up. */
function measure<Name extends string>(acts: Record<Name, (error: Error) => void>): Record<Name, number> {
  const costs = Object.fromEntries(Object.keys(acts).map((name) => [name, [] as number[]]));
  for (let round = -3; round < ROUNDS; round++) {
    for (const [name, act] of Object.entries<(error: Error) => void>(acts)) {
      const cost = costUs(newErrors(), act);
      if (round >= 0) costs[name].push(cost);
    }
  }
  return Object.fromEntries(
    Object.entries(costs).map(([name, values]) => [name, lowerQuartile(values)]),
  ) as Record<Name, number>;
}

function clientWith(stormGuard: RavenOptions['stormGuard']): ReturnType<typeof newClient>['client'] {
  const { client } = newClient({ stormGuard, transport: serializing });
  client.userContext({ id: '17', username: 'ada' });
  client.tagsContext({ tenant: 'acme' });
  client.httpContext({
    url: 'https://shop.example.com/orders/17',
    method: 'POST',
    headers: { 'user-agent': 'test', accept: '*/*', authorization: 'Bearer x' },
    data: { lines: [{ sku: 'A-17', count: 1 }], note: 'please ring twice' },
  });
  for (let n = 0; n < 20; n++) client.captureBreadcrumb({ message: `step ${n}`, data: { n } });
  return client;
}

/** Stacks as Node makes them for apps; the test runner's are longer, and it maps each frame. */
const { stackTraceLimit, prepareStackTrace } = Error;
beforeEach(() => {
  Error.stackTraceLimit = 10;
  Reflect.deleteProperty(Error, 'prepareStackTrace');
});
afterEach(() => {
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
});

describe('the cost of an error', () => {
  it('that is counted instead of sent is below a tenth of one that is sent', () => {
    const sending = clientWith(false);
    const guarding = clientWith({ limit: 1, windowMs: 3_600_000 });
    const cost = measure({
      sent: (error) => void sending.captureException(error),
      guarded: (error) => void guarding.captureException(error),
    });
    expect(cost.guarded).toBeLessThan(cost.sent / 10);
  });

  it('that is sent is hardly more for being counted', () => {
    const sending = clientWith(false);
    const guard = new StormGuard({ limit: 1e9 }, { now: Date.now, logger: silentLogger });
    const cost = measure({
      sent: (error) => void sending.captureException(error),
      stack: (error) => void error.stack,
      // An event needs the stack anyway: who reads it first pays for it.
      stackAndGuard: (error) => {
        void error.stack;
        guard.admit(captureFingerprint('Exception', true, { exception: error }));
      },
    });
    expect(cost.stackAndGuard - cost.stack).toBeLessThan(cost.sent / 20);
  });
});
