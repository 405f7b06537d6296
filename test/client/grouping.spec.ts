import { describe, expect, it } from 'vitest';
import type { RavenOptions } from 'nestjs-raven';
import { newClient } from './support/new-client';

function fingerprintOf(
  error: unknown,
  options: RavenOptions = { groupMessages: true },
  given: Record<string, unknown> = {},
): string[] | undefined {
  const { client, event } = newClient(options);
  client.captureException(error, given);
  return event().fingerprint;
}

describe('groupMessages', () => {
  it('groups errors whose texts differ in ids by type and template', () => {
    class OrderError extends Error {
      override readonly name = 'OrderError';
    }
    expect(fingerprintOf(new OrderError('order 5 of "bob" is closed'))).toEqual([
      'OrderError',
      'order # of "#" is closed',
    ]);
    expect(fingerprintOf(new OrderError('order 77 of "ann" is closed'))).toEqual(
      fingerprintOf(new OrderError('order 5 of "bob" is closed')),
    );
  });

  it('leaves errors whose texts do not vary to their stacks', () => {
    expect(fingerprintOf(new Error('no orders today'))).toBeUndefined();
  });

  it('leaves errors that quote code to their stacks', () => {
    const broken = new TypeError("Cannot read properties of undefined (reading 'total')");
    expect(fingerprintOf(broken)).toBeUndefined();
  });

  it('is off unless it is asked for', () => {
    expect(fingerprintOf(new Error('order 5'), {})).toBeUndefined();
  });

  it('leaves a fingerprint that was given as it is', () => {
    expect(fingerprintOf(new Error('order 5'), { groupMessages: true }, { fingerprint: ['mine'] })).toEqual([
      'mine',
    ]);
  });

  it('takes the outermost of linked errors', () => {
    expect(fingerprintOf(new Error('order 5', { cause: new Error('row 6') }))).toEqual(['Error', 'order #']);
  });

  it('groups messages by their template, also where values were filled in', () => {
    const { client, event } = newClient({ groupMessages: true });
    client.captureMessage('3 orders are late');
    expect(event().fingerprint).toEqual(['message', '# orders are late']);
    client.captureMessage('orders of %s are late', { params: ['bob'], formatted: 'orders of bob are late' });
    expect(event().fingerprint).toEqual(['message', 'orders of %s are late']);
    client.captureMessage('orders are late');
    expect(event().fingerprint).toBeUndefined();
  });

  it('shows no secret: processors have seen the text', () => {
    const fingerprint = fingerprintOf(new Error('no login with password=hunter2 for 5'));
    expect(JSON.stringify(fingerprint)).not.toContain('hunter');
  });

  it.each([
    ['no list', { values: 5 }],
    ['an empty list', { values: [] }],
    ['a list of nothing', { values: [null] }],
    ['no object', 'text'],
  ])('bears exceptions that a processor made %s', (_, exception) => {
    const { client, event } = newClient({
      groupMessages: true,
      processors: [(given) => ({ ...given, exception: exception as never })],
    });
    client.captureException(new Error('order 5'), { fingerprint: ['{{ type }}'] });
    expect(event().fingerprint).toEqual(['<no-type>']);
    client.captureException(new Error('order 5'));
    expect(event().event_id).toHaveLength(32);
  });
});

describe('a fingerprint', () => {
  it('has its placeholders filled in', () => {
    const { client, event } = newClient({ release: 'shop@1', environment: 'staging' });
    client.captureException(new RangeError('too many'), {
      data: { transaction: 'GET /orders', logger: 'orders' },
      level: 'fatal',
      tags: { plan: 'pro' },
      fingerprint: [
        '{{ type }} {{error.type}}',
        '{{ message }}|{{ value }}|{{ error.value }}',
        '{{transaction}}',
        '{{ level }} of {{ logger }}',
        '{{ tags.plan }}',
        '{{ release }} {{ environment }}',
      ],
    });
    expect(event().fingerprint).toEqual([
      'RangeError RangeError',
      'too many|too many|too many',
      'GET /orders',
      'fatal of orders',
      'pro',
      'shop@1 staging',
    ]);
  });

  it('keeps {{ default }}, and what only the server knows, for the server', () => {
    const fingerprint = [
      '{{default}}',
      '{{   default }}',
      '{{ function }}',
      '{{ stack.module }}',
      '{{ constructor }}',
    ];
    expect(fingerprintOf(new Error('x'), {}, { fingerprint })).toEqual([
      '{{ default }}',
      '{{ default }}',
      '{{ function }}',
      '{{ stack.module }}',
      '{{ constructor }}',
    ]);
  });

  it('says what is missing as Sentry does', () => {
    const { client, event } = newClient();
    client.captureMessage('m', {
      fingerprint: [
        '{{ type }}',
        '{{ tags.plan }}',
        '{{ tags.__proto__ }}',
        '{{ transaction }}',
        '{{ logger }}',
      ],
    });
    expect(event().fingerprint).toEqual([
      '<no-type>',
      '<no-value-for-tag-plan>',
      '<no-value-for-tag-__proto__>',
      '<no-transaction>',
      '<no-logger>',
    ]);
  });

  it('is cut, and shows no secret', () => {
    const error = new Error(`password=hunter2 ${'x'.repeat(5000)}`);
    const [part] = fingerprintOf(error, {}, { fingerprint: ['{{ message }}'] }) ?? [];
    expect(part).toHaveLength(200);
    expect(part).not.toContain('hunter2');
  });
});
