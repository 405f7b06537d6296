import { describe, expect, it } from 'vitest';
import type { RavenEvent } from 'nestjs-raven';
import { newClient } from './support/new-client';

describe('the processor of a capture', () => {
  it('sees its event before the client’s processors, and no other', () => {
    const seen: (string | undefined)[] = [];
    const { client, event } = newClient({ processors: ['raven.processors.SanitizePasswordsProcessor'] });
    client.captureMessage('one', {
      extra: { password: 'hunter2' },
      processor: (given) => {
        seen.push(given.extra.password as string);
        given.tags.by = 'processor';
        given.extra.secret = 'hunter3';
      },
    });
    expect(seen).toEqual(['hunter2']);
    expect(event()).toMatchObject({
      tags: { by: 'processor' },
      extra: { password: '********', secret: '********' },
    });
    client.captureMessage('two');
    expect(seen).toHaveLength(1);
    expect(event().tags).toEqual({});
  });

  it('may give another event, of anything: it becomes plain data', () => {
    const { client, event } = newClient();
    client.captureException(new Error('e'), {
      processor: (given) => {
        const [frame] = given.exception?.values[0].stacktrace?.frames ?? [];
        frame.filename = 'elsewhere.ts';
        return { ...given, extra: { when: new Date(0), cyclic: given } };
      },
    });
    expect(event().extra).toMatchObject({ when: '1970-01-01T00:00:00.000Z' });
    expect(event().exception?.values[0].stacktrace?.frames[0].filename).toBe('elsewhere.ts');
    client.captureException(new Error('another'));
    expect(event().exception?.values[0].stacktrace?.frames[0].filename).not.toBe('elsewhere.ts');
  });

  it('drops the event by null', () => {
    const { client, transport } = newClient();
    client.captureMessage('m', { processor: () => null });
    expect(transport.events).toEqual([]);
    expect(client.stats()).toMatchObject({ captured: 1, dropped: { event_processor: 1 } });
  });

  it.each<[string, unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['gives a promise', async (event: RavenEvent) => event],
    ['gives a text', () => 'an event'],
    ['is none', 'a processor'],
  ])('loses the event where it %s, and says so', (_what, processor) => {
    const { client, transport, lines } = newClient();
    expect(client.captureMessage('m', { processor: processor as never })).toBeNull();
    expect(transport.events).toEqual([]);
    expect(lines.at(-1)).toContain('a processor failed, its event is dropped');
    expect(client.stats()).toMatchObject({ captured: 1, dropped: { event_processor: 1 } });
  });
});
