import { describe, expect, it } from 'vitest';
import { recordBreadcrumb, type BeforeBreadcrumb, type BreadcrumbValue } from 'nestjs-raven';
import { newClient, type TestClient } from './support/new-client';

function crumbsOf({ client, event }: TestClient): BreadcrumbValue[] {
  client.captureMessage('m');
  return event().breadcrumbs?.values ?? [];
}

function messagesOf(test: TestClient): unknown[] {
  return crumbsOf(test).map(({ message }) => message);
}

describe('breadcrumbs', () => {
  it('go along with an event as they were recorded, and stay for later ones', () => {
    const test = newClient({}, { now: () => 1_500 });
    test.client.captureBreadcrumb({ message: 'first' });
    test.client.captureBreadcrumb({
      message: 'second',
      data: { rows: 3 },
      category: 'db',
      level: 'WARNING',
      type: 'query',
      timestamp: new Date(250),
    });
    const expected = [
      { timestamp: 1.5, type: 'default', level: null, message: 'first', category: null, data: null },
      {
        timestamp: 0.25,
        type: 'query',
        level: 'warning',
        message: 'second',
        category: 'db',
        data: { rows: 3 },
      },
    ];
    expect(crumbsOf(test)).toEqual(expected);
    expect(crumbsOf(test)).toEqual(expected);
    test.client.context.clear();
    expect(crumbsOf(test)).toEqual([]);
    expect(test.event()).not.toHaveProperty('breadcrumbs');
  });

  it('are the last hundred, or as many as maxBreadcrumbs says', () => {
    const hundred = newClient();
    const three = newClient({ maxBreadcrumbs: 3 });
    const none = newClient({ maxBreadcrumbs: 0 });
    for (let number = 1; number <= 103; number++) {
      for (const { client } of [hundred, three, none]) client.captureBreadcrumb({ message: `${number}` });
    }
    expect(messagesOf(hundred)).toEqual(Array.from({ length: 100 }, (_, index) => `${index + 4}`));
    expect(messagesOf(three)).toEqual(['101', '102', '103']);
    expect(messagesOf(none)).toEqual([]);
  });

  it('are none where they are disabled', () => {
    const test = newClient({ enableBreadcrumbs: false });
    test.client.captureBreadcrumb({ message: 'lost' });
    recordBreadcrumb({ message: 'lost' });
    expect(messagesOf(test)).toEqual([]);
  });

  it('are cut: messages at 1024, categories at 128, levels at 16 characters', () => {
    let levelLength: number | undefined;
    const test = newClient({
      beforeSend: (event) => {
        levelLength = event.breadcrumbs?.values[0].level?.length;
      },
    });
    const long = 'x'.repeat(2000);
    test.client.captureBreadcrumb({ message: long, category: long, level: long });
    const [{ message, category, level }] = crumbsOf(test);
    expect([message?.length, category?.length, levelLength]).toEqual([1024, 128, 16]);
    // Servers know no such level and would throw the crumb away.
    expect(level).toBeNull();
  });

  it('that follow each other and are equal are sent once', () => {
    const test = newClient();
    for (const message of ['a', 'a', 'b', 'a']) test.client.captureBreadcrumb({ message });
    test.client.captureBreadcrumb({ message: 'a', data: { n: 1 } });
    test.client.captureBreadcrumb({ message: 'a', data: { n: 1 } });
    test.client.captureBreadcrumb({ message: 'a', data: { n: 2 } });
    expect(crumbsOf(test).map(({ message, data }) => [message, data?.n])).toEqual([
      ['a', undefined],
      ['b', undefined],
      ['a', undefined],
      ['a', 1],
      ['a', 2],
    ]);
  });

  it('with nothing to say are refused with a line in the log', () => {
    const test = newClient();
    test.client.captureBreadcrumb({ category: 'db' });
    expect(test.lines).toEqual([expect.stringContaining('no message, data or processor')]);
    expect(messagesOf(test)).toEqual([]);
  });

  it('are those of data where data has some', () => {
    const test = newClient();
    test.client.captureBreadcrumb({ message: 'recorded' });
    test.client.captureMessage('m', { data: { breadcrumbs: { values: [] } } });
    expect(test.event().breadcrumbs).toEqual({ values: [] });
  });
});

describe('a lazy breadcrumb', () => {
  it('is filled in when an event is built, and not before', () => {
    const test = newClient();
    let calls = 0;
    test.client.captureBreadcrumb({
      category: 'db',
      processor: (crumb) => {
        calls += 1;
        crumb.message = `rows: ${calls}`;
        crumb.data = { calls };
      },
    });
    expect(calls).toBe(0);
    expect(crumbsOf(test)).toMatchObject([{ category: 'db', message: 'rows: 1', data: { calls: 1 } }]);
    expect(crumbsOf(test)).toMatchObject([{ message: 'rows: 2' }]);
  });

  it('whose processor throws is left out; the others and the event arrive', () => {
    const test = newClient();
    test.client.captureBreadcrumb({ message: 'before' });
    test.client.captureBreadcrumb({
      processor: () => {
        throw new Error('processor');
      },
    });
    test.client.captureBreadcrumb({ message: 'after' });
    expect(messagesOf(test)).toEqual(['before', 'after']);
  });
});

describe('beforeBreadcrumb', () => {
  it.each<[string, BeforeBreadcrumb]>([
    ['changed in place', (crumb) => void (crumb.message = 'changed')],
    ['given back', (crumb) => ({ ...crumb, message: 'changed' })],
  ])('keeps the crumb that was %s', (_, beforeBreadcrumb) => {
    const test = newClient({ beforeBreadcrumb });
    test.client.captureBreadcrumb({ message: 'm', category: 'c' });
    expect(crumbsOf(test)).toMatchObject([{ message: 'changed', category: 'c', type: 'default' }]);
  });

  it('drops the crumb by null, silently', () => {
    const test = newClient({ beforeBreadcrumb: ({ message }) => (message === 'secret' ? null : undefined) });
    test.client.captureBreadcrumb({ message: 'secret' });
    test.client.captureBreadcrumb({ message: 'open' });
    expect(messagesOf(test)).toEqual(['open']);
    expect(test.lines).toEqual([]);
  });

  it.each<[string, BeforeBreadcrumb, string]>([
    [
      'throws',
      () => {
        throw new Error('hook broke');
      },
      'hook broke',
    ],
    ['returns a promise', (() => Promise.resolve(null)) as never, 'it returned a promise'],
    ['rejects', (() => Promise.reject(new Error('hook broke'))) as never, 'it returned a promise'],
    ['returns true', () => true as never, 'it returned a boolean'],
  ])('that %s loses its crumb, and the log says so', (_, beforeBreadcrumb, reason) => {
    const test = newClient({ beforeBreadcrumb });
    test.client.captureBreadcrumb({ message: 'm' });
    expect(messagesOf(test)).toEqual([]);
    expect(test.lines).toEqual([expect.stringContaining(reason)]);
  });

  it('changes the crumb, and not what the app keeps', () => {
    const test = newClient({ beforeBreadcrumb: (crumb) => void (crumb.data!.password = 'gone') });
    const breadcrumb = { data: { password: 'p' } };
    test.client.captureBreadcrumb(breadcrumb);
    expect(breadcrumb).toEqual({ data: { password: 'p' } });
    expect(test.client.context.breadcrumbs[0].data).toEqual({ password: 'gone' });
  });

  it('sees the crumbs of libraries too', () => {
    const test = newClient({ beforeBreadcrumb: () => null });
    recordBreadcrumb({ message: 'library' });
    expect(messagesOf(test)).toEqual([]);
  });
});
