import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RavenClient, type Attachment, type EnvelopeItem, type RavenOptions } from 'nestjs-raven';
import { startReceiver, type Receiver } from '../support/receiver';
import { recordingLogger } from '../support/silent-logger';
import { newClient } from './support/new-client';

const BYTES = Buffer.from([0, 10, 13, 10, 255, 0, 123, 125]);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-attachments-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What goes along with an event that has these attachments, and what the log says. */
async function sent(
  attachments: unknown,
  options: RavenOptions = {},
): Promise<{ items: EnvelopeItem[]; lines: string[] }> {
  const { client, transport, lines } = newClient(options);
  client.captureException(new Error('e'), { attachments: attachments as Attachment[] });
  await client.flush();
  expect(transport.events).toHaveLength(1);
  return { items: transport.envelopes[0].items.slice(1), lines };
}

const names = (items: EnvelopeItem[]): unknown[] => items.map(({ headers }) => headers.filename);
const text = ({ payload }: EnvelopeItem): string => Buffer.from(payload as Uint8Array).toString();

describe('attachments of a capture', () => {
  it('go along after their event: bytes, texts, what functions give, files', async () => {
    const { items, lines } = await sent([
      { filename: 'raw.bin', data: BYTES },
      { filename: 'note.txt', data: 'grüße' },
      { filename: 'table.csv', data: () => 'a;b', contentType: 'text/csv' },
      { filename: 'later.json', data: () => Promise.resolve('{}'), contentType: 'application/json' },
      { path: fileOf('app.log', 'line 1\nline 2\n') },
      { path: fileOf('empty', ''), filename: 'nothing.txt' },
    ]);
    expect(items.map(({ headers }) => headers)).toEqual(
      [
        ['raw.bin', 'application/octet-stream'],
        ['note.txt', 'text/plain'],
        ['table.csv', 'text/csv'],
        ['later.json', 'application/json'],
        ['app.log', 'application/octet-stream'],
        ['nothing.txt', 'application/octet-stream'],
      ].map(([filename, content_type]) => ({
        type: 'attachment',
        filename,
        content_type,
        attachment_type: 'event.attachment',
      })),
    );
    expect(Buffer.from(items[0].payload as Uint8Array)).toEqual(BYTES);
    expect(items.slice(1).map(text)).toEqual(['grüße', 'a;b', '{}', 'line 1\nline 2\n', '']);
    expect(lines).toEqual([]);
  });

  it('need not be waited for where they are at hand', () => {
    const { client, transport } = newClient();
    client.captureMessage('m', { attachments: [{ filename: 'a', data: 'b' }] });
    expect(transport.envelopes[0].items).toHaveLength(2);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\secrets.txt', 'secrets.txt'],
    ['a\r\nX-Header: b\u0000.txt', 'aX-Header: b.txt'],
    ['', 'attachment'],
    ['..', 'attachment'],
    [17, 'attachment'],
  ])('are called without a path and on one line: %j', async (filename, called) => {
    const { items } = await sent([{ filename, data: '' }]);
    expect(names(items)).toEqual([called]);
  });

  it('have only a content type that is one', async () => {
    const { items } = await sent([{ filename: 'a', data: '', contentType: 'text/html\r\nx: y' }]);
    expect(items[0].headers.content_type).toBe('text/plain');
  });

  it('are read only where the event is sent', async () => {
    let calls = 0;
    const attachments = [{ filename: 'a', data: () => String((calls += 1)) }];
    const { client } = newClient({ sampleRate: 0 });
    client.captureMessage('sampled out', { attachments });
    const dropping = newClient({ beforeSend: () => null });
    dropping.client.captureMessage('dropped', { attachments });
    const ignoring = newClient({ ignoreExceptions: ['Error'] });
    ignoring.client.captureException(new Error('ignored'), { attachments });
    await Promise.all([client.flush(), dropping.client.flush(), ignoring.client.flush()]);
    expect(calls).toBe(0);
  });

  it('may be taken out by beforeSend, and others put in', async () => {
    const { items } = await sent(
      [
        { filename: 'secret.txt', data: 'secret' },
        { filename: 'ok.txt', data: 'ok' },
      ],
      {
        beforeSend: (event, hint) => {
          hint.attachments = hint.attachments?.filter(({ filename }) => filename !== 'secret.txt');
          hint.attachments?.push({ filename: 'more.txt', data: 'more' });
          return event;
        },
      },
    );
    expect(names(items)).toEqual(['ok.txt', 'more.txt']);
  });
});

describe('attachments that cannot go along', () => {
  it('are left out, the others and the event are not, and the log says why in one line', async () => {
    const { items, lines } = await sent([
      { filename: 'ok.txt', data: 'ok' },
      { path: join(folder, 'missing.txt') },
      { path: folder, filename: 'folder' },
      {
        filename: 'thrown',
        data: () => {
          throw new Error('no data');
        },
      },
      { filename: 'rejected', data: () => Promise.reject(new Error('not today')) },
      { filename: 'junk', data: () => 17 as never },
      { filename: 'nothing', data: () => undefined as never },
      { filename: 'neither' } as never,
      null,
      'text',
      Object.defineProperty({}, 'data', {
        get: () => {
          throw new Error('hostile');
        },
      }),
      { path: fileOf('last.txt', 'last') },
    ]);
    expect(names(items)).toEqual(['ok.txt', 'last.txt']);
    expect(lines).toHaveLength(1);
    for (const why of ['missing.txt', 'folder (', 'no data', 'not today', 'junk', 'nothing', 'neither']) {
      expect(lines[0]).toContain(why);
    }
  });

  it('are a pipe that nobody writes to, and a function that never ends', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { items, lines } = await sent([{ path: pipe }, { filename: 'a', data: 'b' }]);
    expect(names(items)).toEqual(['a']);
    expect(lines[0]).toContain('it is no file');
    const { client, transport } = newClient();
    client.captureMessage('m', { attachments: [{ filename: 'never', data: () => new Promise(() => {}) }] });
    await client.close(100);
    expect(transport.envelopes[0].items).toHaveLength(1);
    expect(client.stats()).toMatchObject({ captured: 1, sent: 1, pending: 0 });
  });

  it('are larger than all together may be; a file that is, is not read', async () => {
    const huge = fileOf('huge', '');
    truncateSync(huge, 2 ** 40);
    const { items, lines } = await sent(
      [
        { filename: 'a', data: 'x'.repeat(600) },
        { filename: 'b', data: 'x'.repeat(600) },
        { path: huge },
        { filename: 'c', data: 'x'.repeat(400) },
      ],
      { maxAttachmentBytes: 1000 },
    );
    expect(names(items)).toEqual(['a', 'c']);
    expect(lines[0]).toMatch(/b \(.*600 bytes.*huge \(.*1099511627776 bytes/);
  });

  it('are the 31st and those after it', async () => {
    const { items } = await sent(Array.from({ length: 50 }, (_, n) => ({ filename: `${n}`, data: '' })));
    expect(items).toHaveLength(30);
  });

  it('are whatever else is given in place of a list', async () => {
    const revoked = Proxy.revocable([], {});
    revoked.revoke();
    for (const given of [17, 'x', {}, null, new Map()]) expect((await sent(given)).items).toEqual([]);
    const { client } = newClient();
    expect(() => client.captureMessage('m', { attachments: revoked.proxy })).not.toThrow();
  });

  it('never lose an event, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything({ maxDepth: 3 }), fc.anything({ maxDepth: 2 }), async (one, two) => {
        await sent([one, { filename: two, data: one }, { path: two, data: two }]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('attachments on their way', () => {
  async function withReceiver(
    options: RavenOptions,
    act: (client: RavenClient, receiver: Receiver) => Promise<void>,
  ): Promise<void> {
    const receiver = await startReceiver();
    const client = new RavenClient(
      {
        dsn: receiver.dsn(),
        installProcessHandlers: false,
        includeVersions: false,
        sendClientReports: false,
        shutdownTimeoutMs: 15_000,
        ...options,
      },
      { logger: recordingLogger(), env: {} },
    );
    try {
      await act(client, receiver);
      const { captured, sent: delivered, dropped, pending, spooled } = client.stats();
      const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
      expect(captured).toBe(delivered + lost + pending + spooled);
    } finally {
      await client.close(0);
      await receiver.close();
    }
  }

  it('arrive byte by byte, each with its own event', async () => {
    await withReceiver({}, async (client, receiver) => {
      const path = fileOf('shared.bin', BYTES);
      for (let n = 0; n < 20; n++) {
        client.captureMessage(`${n}`, { attachments: [{ filename: `${n}`, data: BYTES }, { path }] });
      }
      await client.flush(15_000);
      expect(receiver.envelopes).toHaveLength(20);
      for (const { items } of receiver.envelopes) {
        const [event, given, read] = items;
        expect(given.headers.filename).toBe(
          (event.payload as { logentry: { message: string } }).logentry.message,
        );
        expect(given.payload).toEqual(BYTES);
        expect(read.payload).toEqual(BYTES);
      }
    });
  });

  it('are left behind where the server finds the envelope too large: the event arrives', async () => {
    await withReceiver({}, async (client, receiver) => {
      receiver.respondWith(({ envelope }) => ({ status: (envelope?.items.length ?? 0) > 1 ? 413 : 200 }));
      client.captureMessage('m', { attachments: [{ filename: 'a', data: BYTES }] });
      await client.flush();
      expect(receiver.requests).toHaveLength(2);
      expect(receiver.events).toHaveLength(1);
      expect(client.stats()).toMatchObject({ captured: 1, sent: 1, retried: 1, dropped: {} });
    });
  });

  it('are left behind while the server limits them', async () => {
    await withReceiver({}, async (client, receiver) => {
      receiver.respondWith(() => ({ headers: { 'X-Sentry-Rate-Limits': '60:attachment:key' } }));
      client.captureMessage('first', { attachments: [{ filename: 'a', data: BYTES }] });
      await client.flush();
      client.captureMessage('second', { attachments: [{ filename: 'a', data: BYTES }] });
      await client.flush();
      expect(receiver.envelopes.map(({ items }) => items.length)).toEqual([2, 1]);
    });
  });

  it('do not drive out events where memory is short', async () => {
    await withReceiver({ maxQueueBytes: 64 * 1024 }, async (client, receiver) => {
      receiver.respondWith(() => 'hang');
      for (let n = 0; n < 5; n++) {
        client.captureMessage(`${n}`, { attachments: [{ filename: 'a', data: 'x'.repeat(100_000) }] });
      }
      expect(client.stats()).toMatchObject({ captured: 5, pending: 5, dropped: {} });
    });
  });

  it('are kept in the spool with their event', async () => {
    const directory = mkdtempSync(join(folder, 'spool-'));
    await withReceiver({ spool: { directory } }, async (client, receiver) => {
      receiver.respondWith(() => ({ status: 503 }));
      client.captureMessage('m', { attachments: [{ filename: 'a', data: BYTES }] });
      await receiver.waitForRequests(1);
      await client.close(200);
      expect(client.stats()).toMatchObject({ captured: 1, spooled: 1 });
      receiver.respondWith();
      const next = new RavenClient(client.options, { logger: recordingLogger(), env: {} });
      const [{ items }] = await receiver.waitForEnvelopes(1);
      expect(items[1].payload).toEqual(BYTES);
      await next.close();
    });
  });

  it('go along at once where events must survive a crash: small files too, promises do not', async () => {
    const directory = mkdtempSync(join(folder, 'spool-'));
    await withReceiver({ spool: { directory, durability: 'crash' } }, async (client, receiver) => {
      client.captureMessage('m', {
        attachments: [
          { filename: 'later', data: () => Promise.resolve('x') },
          { path: fileOf('small.txt', 'small') },
        ],
      });
      expect(client.stats()).toMatchObject({ pending: 1 });
      const [{ items }] = await receiver.waitForEnvelopes(1);
      expect(items.slice(1).map(({ headers }) => headers.filename)).toEqual(['small.txt']);
    });
  });

  it("are no part of what goes to '/store/'", async () => {
    await withReceiver({ protocol: 'store' }, async (client, receiver) => {
      client.captureMessage('m', { attachments: [{ filename: 'a', data: BYTES }] });
      await client.flush();
      expect(receiver.events).toHaveLength(1);
      expect(client.stats()).toMatchObject({ captured: 1, sent: 1, dropped: {} });
    });
  });
});
