import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

type CountItems = (path: string, body: Buffer) => Record<string, number>;

describe('the receiver of the benchmarks counts', () => {
  let countItems: CountItems;
  beforeAll(async () => {
    const path = join(__dirname, '../../bench/harness/count-events.mjs');
    ({ countItems } = (await import(pathToFileURL(path).href)) as { countItems: CountItems });
  });
  const envelope = (...lines: string[]) => countItems('/api/1/envelope/', Buffer.from(lines.join('\n')));

  it('an event in an envelope, with its length and without', () => {
    expect(envelope('{}', '{"type":"event"}', '{"message":"x"}')).toEqual({ event: 1 });
    expect(envelope('{}', '{"type":"event","length":2}', '{}', '')).toEqual({ event: 1 });
  });

  it('other items apart, also one whose bytes look like an event', () => {
    const attachment = '{"type":"event"}\n{}';
    expect(
      envelope(
        '{"event_id":"1"}',
        '{"type":"event","length":2}',
        '{}',
        `{"type":"attachment","length":${attachment.length}}`,
        attachment,
        '{"type":"client_report"}',
        '{}',
      ),
    ).toEqual({ event: 1, attachment: 1, client_report: 1 });
  });

  it('none in an envelope without items', () => {
    expect(envelope('{}')).toEqual({});
    expect(envelope('{}', '')).toEqual({});
  });

  it("what other protocols send: one a request, and the list of BugSnag's", () => {
    expect(countItems('/api/1/store/?sentry_key=x', Buffer.from('{}'))).toEqual({ event: 1 });
    expect(countItems('/api/1/item/', Buffer.from('{}'))).toEqual({ event: 1 });
    expect(countItems('/notify', Buffer.from('{"events":[{},{}]}'))).toEqual({ event: 2 });
    expect(countItems('/sessions', Buffer.from('{}'))).toEqual({ other: 1 });
  });
});
