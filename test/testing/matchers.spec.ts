import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RavenClient } from 'nestjs-raven';
import { RavenTesting, ravenMatchers, type ExpectedReport } from 'nestjs-raven/testing';

expect.extend(ravenMatchers);

class OrderLost extends Error {}

let raven: RavenTesting;
let client: RavenClient;
beforeEach(() => {
  raven = new RavenTesting();
  client = raven.makeClient({ release: 'orders@1.0.0' });
});
afterEach(async () => void (await client.close()));

function loseOrder(): void {
  client.captureException(new OrderLost('order 17 is lost'), {
    level: 'warning',
    tags: { area: 'orders', 'order.id': 17, paid: false },
    extra: { order: { id: 17, lines: [{ sku: 'A-17', cents: 1250 }] } },
    fingerprint: ['orders', 'lost'],
    data: { user: { id: 1001 } },
  });
}

/** What a failed assertion says. */
function failure(assert: () => void): string {
  try {
    assert();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe('toHaveReported', () => {
  it.each<[string, ExpectedReport]>([
    ['class', { type: OrderLost }],
    ['name of its class', { type: 'OrderLost' }],
    ['message', { message: 'order 17 is lost' }],
    ['part of the message', { message: /17/ }],
    ['level', { level: 'warning' }],
    ['tags, as texts or as what they were', { tags: { 'order.id': 17, paid: false, area: 'orders' } }],
    ['extra, at any depth', { extra: { order: { lines: [{ sku: 'A-17' }] } } }],
    ['matchers of the runner', { extra: { order: { id: expect.any(Number), lines: expect.anything() } } }],
    ['fingerprint', { fingerprint: ['orders', /^l/] }],
    ['user', { user: { id: 1001 } }],
    ['what is not there', { tags: { team: undefined } }],
    ['nothing in particular', {}],
  ])('knows an event by its %s', (_, expected) => {
    loseOrder();
    expect(raven).toHaveReported(expected);
  });

  it.each<[string, ExpectedReport]>([
    ['class', { type: RangeError }],
    ['message', { message: 'order 17' }],
    ['level', { level: 'error' }],
    ['tag', { tags: { area: 'stock' } }],
    ['number in extra', { extra: { order: { id: '17' } } }],
    ['longer list', { extra: { order: { lines: [{}, {}] } } }],
    ['fingerprint', { fingerprint: ['orders'] }],
    ['transaction', { transaction: 'GET /orders/:id' }],
    ['user', { user: { id: '1002' } }],
    ['matcher of the runner', { extra: { order: { id: expect.any(String) } } }],
  ])('does not take one with another %s', (_, expected) => {
    loseOrder();
    expect(raven).not.toHaveReported(expected);
  });

  it('takes a function of the event', () => {
    loseOrder();
    expect(raven).toHaveReported((event) => event.release === 'orders@1.0.0');
    expect(raven).not.toHaveReported((event) => event.release === 'orders@2.0.0');
  });

  it('tells what was reported instead, the nearest first', () => {
    client.captureMessage('hello', { level: 'info' });
    loseOrder();
    const message = failure(() =>
      expect(raven).toHaveReported({ type: OrderLost, tags: { area: 'stock', team: 'a' } }),
    );
    expect(message).toBe(
      "a report of { type: OrderLost, tags: { area: 'stock', team: 'a' } } was expected, and these were:\n" +
        "  - OrderLost 'order 17 is lost', level warning, user { id: '1001' }, tags { area: 'orders', 'order.id': '17', paid: 'False' }\n" +
        "      tags.area is 'orders', expected 'stock'\n" +
        "      tags.team is missing, expected 'a'\n" +
        "  - message 'hello', level info\n" +
        "      type is missing, expected 'OrderLost'\n" +
        "      tags.area is missing, expected 'stock'\n" +
        "      tags.team is missing, expected 'a'",
    );
  });

  it('lists no more than can be read', () => {
    for (let count = 0; count < 9; count++) client.captureMessage(`message ${count}`);
    const message = failure(() => expect(raven).toHaveReported({ message: 'another' }));
    expect(message.match(/^ {2}- /gm)).toHaveLength(5);
    expect(message).toContain('and 4 more');
  });

  it('tells why nothing is there', () => {
    client.captureException(new OrderLost('a'), { sampleRate: 0 });
    expect(failure(() => expect(raven).toHaveReported({ type: OrderLost }))).toContain(
      'nothing was reported\nDropped: 1 by sample_rate.',
    );
  });

  it('tells what was reported where nothing should have been', () => {
    loseOrder();
    expect(failure(() => expect(raven).not.toHaveReported())).toContain(
      "a report was not expected, and there is one:\n  - OrderLost 'order 17 is lost', level warning",
    );
  });

  it('shows no secret that the event does not have', () => {
    client.captureException(new OrderLost('no answer from https://shop:s3cret@bank.example/'), {
      tags: { password: 'hunter2' },
    });
    expect(failure(() => expect(raven).toHaveReported({ type: 'Other' }))).not.toMatch(/s3cret|hunter2/);
  });
});

describe('what cannot be meant', () => {
  it.each<[string, unknown, string]>([
    ['a class', OrderLost, 'was given the class OrderLost; expected { type: OrderLost }'],
    ['a text', 'OrderLost', 'was given "OrderLost"; expected what the event should have'],
    ['undefined', undefined, 'was given undefined; expected what the event should have'],
    ['an unknown field', { tag: 'x' }, 'was given an unknown "tag"; expected some of type, message'],
    [
      'a class that is not there',
      { type: undefined },
      'was given "type" as undefined; expected an error\'s class or name',
    ],
    [
      'a level that is none',
      { level: 'warn' },
      'was given "level" as "warn"; expected fatal, error, warning, info, debug',
    ],
    ['tags that are none', { tags: ['a'] }, 'was given "tags" as a list; expected an object'],
  ])('is refused: %s', (_, wanted, complaint) => {
    loseOrder();
    expect(failure(() => expect(raven).not.toHaveReported(wanted as never))).toContain(
      `toHaveReported: ${complaint}`,
    );
  });

  it('is refused: something else than what an app reported', () => {
    expect(failure(() => expect(client).not.toHaveReported())).toContain(
      'toHaveReported: was given a RavenClient object; expected what the app reported, app.get(RavenTesting)',
    );
  });

  it('is refused: what nobody reports to', () => {
    expect(failure(() => expect(new RavenTesting()).not.toHaveReported())).toContain(
      'RavenTesting: no client reports here; expected RavenTestingModule in the imports of the app',
    );
  });
});
