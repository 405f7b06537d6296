import { readdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeItems } from '../../../lib/protocol/envelope';
import { idOf } from '../support/envelopes';
import {
  attachmentItem,
  drain,
  dsnFolder,
  eventContent,
  filesIn,
  makeSpool,
  newFolder,
  NOW_MS,
  openSpool,
} from './support/spools';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('an envelope in the spool', () => {
  it('comes back as it was put in', async () => {
    const { spool } = await openSpool(newFolder());
    const event = eventContent(1, { rank: 23, createdMs: NOW_MS - 5 });
    const attachment = encodeItems({
      headers: {},
      items: [attachmentItem(Uint8Array.from([10, 0, 255, 10]))],
    });
    const content = {
      ...event,
      headers: { ...event.headers, sdk: { name: 'a', version: '1' }, trace: { trace_id: 'ab' } },
      items: [...event.items, ...attachment],
    };
    expect(await spool.put(content)).toBe(true);
    const taken = await spool.take();
    expect(taken?.content).toEqual({
      ...content,
      headers: { ...content.headers, dsn: 'https://key@sentry.example.com/1' },
    });
    expect(taken?.claim.isOwn).toBe(true);
  });

  it('is one file in the form of the wire, without a moment of sending and without the secret', async () => {
    const directory = newFolder();
    const { spool } = await openSpool(directory);
    const content = eventContent(1);
    await spool.put({
      ...content,
      headers: { ...content.headers, dsn: 'https://key:secret@sentry.example.com/1' },
    });
    const [file, ...more] = filesIn(directory);
    expect(more).toEqual([]);
    const [header, ...rest] = readFileSync(join(dsnFolder(directory), file), 'utf8').split('\n');
    expect(JSON.parse(header)).toEqual({ event_id: idOf(1), dsn: 'https://key@sentry.example.com/1' });
    expect(rest.join('\n')).toBe(content.items[0].bytes.toString());
  });

  it('is given out once, the oldest of the most important first', async () => {
    const { spool } = await openSpool(newFolder());
    await spool.put(eventContent(1, { rank: 4 }));
    await spool.put(eventContent(2, { createdMs: NOW_MS - 1 }));
    await spool.put(eventContent(3, { createdMs: NOW_MS - 2 }));
    await spool.put(eventContent(4, { createdMs: NOW_MS - 2 }));
    await spool.put(eventContent(5, { rank: 25 }));
    expect(await drain(spool)).toEqual([5, 3, 4, 2, 1].map(idOf));
    expect(await spool.take()).toBeUndefined();
  });

  it('is held by one until it is given back', async () => {
    const directory = newFolder();
    const [a, b] = [await openSpool(directory), await openSpool(directory)];
    await a.spool.put(eventContent(1));
    const taken = await b.spool.take();
    if (taken === undefined) throw new Error('nothing there');
    expect(taken.claim.isOwn).toBe(false);
    expect(await a.spool.take()).toBeUndefined();
    await b.spool.release(taken.claim);
    await b.spool.release(taken.claim);
    expect((await a.spool.take())?.claim).toEqual({ name: taken.claim.name, isOwn: true });
  });

  it('leaves nothing behind once it is removed', async () => {
    const directory = newFolder();
    const { spool } = await openSpool(directory);
    await spool.put(eventContent(1));
    const taken = await spool.take();
    if (taken === undefined) throw new Error('nothing there');
    await spool.remove(taken.claim);
    await spool.remove(taken.claim);
    await spool.release(taken.claim);
    expect(filesIn(directory)).toEqual([]);
    expect(await spool.take()).toBeUndefined();
  });

  it('may be deleted by somebody while it is claimed', async () => {
    const directory = newFolder();
    const { spool, logger, lost } = await openSpool(directory);
    await spool.put(eventContent(1));
    await spool.put(eventContent(2));
    const claims = [await spool.take(), await spool.take()].flatMap((taken) => taken?.claim ?? []);
    filesIn(directory).forEach((file) => unlinkSync(join(dsnFolder(directory), file)));
    await spool.remove(claims[0]);
    await spool.release(claims[1]);
    expect(await spool.take()).toBeUndefined();
    expect([logger.lines, lost]).toEqual([[], []]);
  });

  it('may be deleted by somebody while it waits', async () => {
    const directory = newFolder();
    const { spool, logger, lost } = await openSpool(directory);
    await spool.put(eventContent(1));
    filesIn(directory).forEach((file) => unlinkSync(join(dsnFolder(directory), file)));
    await spool.put(eventContent(2));
    expect(await drain(spool)).toEqual([idOf(2)]);
    expect([logger.lines, lost]).toEqual([[], []]);
  });

  it('can be read by its owner alone, whatever the umask', async () => {
    for (const umask of [0, 0o277]) {
      const directory = join(newFolder(), 'logs', 'spool');
      const before = process.umask(umask);
      try {
        const { spool } = await openSpool(directory);
        await spool.put(eventContent(1));
        spool.putSync(eventContent(2), { claim: false, fsync: false });
        spool.putSync(eventContent(3), { claim: true, fsync: true });
      } finally {
        process.umask(before);
      }
      if (umask === 0) {
        expect(modeOf(directory)).toBe(0o700);
        expect(modeOf(dirname(directory))).toBe(0o700);
      }
      const folder = dsnFolder(directory);
      expect([modeOf(folder), modeOf(join(folder, 'set-aside'))]).toEqual([0o700, 0o700]);
      expect(filesIn(directory).map((file) => modeOf(join(folder, file)))).toEqual([0o600, 0o600, 0o600]);
    }
  });

  it('is none of the business of another DSN', async () => {
    const directory = newFolder();
    const [a, b] = [
      await openSpool(directory, { publicDsn: 'https://key@sentry.example.com/1' }),
      await openSpool(directory, { publicDsn: 'https://key@sentry.example.com/2' }),
    ];
    await a.spool.put(eventContent(1));
    expect(await b.spool.take()).toBeUndefined();
    expect(await drain(a.spool)).toEqual([idOf(1)]);
  });
});

describe('writing at once', () => {
  it('works before the spool is open, and what is claimed is for nobody else', async () => {
    const directory = newFolder();
    const early = makeSpool(directory);
    const claim = early.spool.putSync(eventContent(1), { claim: true, fsync: false });
    expect(claim?.isOwn).toBe(true);
    early.spool.putSync(eventContent(2), { claim: false, fsync: true });
    await early.spool.open();
    const other = await openSpool(directory);
    expect(await drain(other.spool)).toEqual([idOf(2)]);
    expect(await early.spool.take()).toBeUndefined();
    if (claim) await early.spool.release(claim);
    expect(await drain(early.spool)).toEqual([idOf(1)]);
  });

  it('removes what was delivered from the claims', async () => {
    const directory = newFolder();
    const { spool } = await openSpool(directory);
    const claim = spool.putSync(eventContent(1), { claim: true, fsync: false });
    if (claim) await spool.remove(claim);
    expect(filesIn(directory)).toEqual([]);
  });
});

describe('a spool that is closed', () => {
  it('gives back what it had claimed, and answers no', async () => {
    const directory = newFolder();
    const first = await openSpool(directory);
    await first.spool.put(eventContent(1));
    first.spool.putSync(eventContent(2), { claim: true, fsync: false });
    await first.spool.take();
    await first.spool.close();
    expect(await first.spool.take()).toBeUndefined();
    expect(await first.spool.put(eventContent(3))).toBe(false);
    expect(first.spool.putSync(eventContent(4), { claim: false, fsync: false })).toBeUndefined();
    expect(filesIn(directory, '.envelope')).toHaveLength(2);
    expect(readdirSync(dsnFolder(directory))).toHaveLength(3);
    const second = await openSpool(directory);
    expect(await drain(second.spool)).toEqual([1, 2].map(idOf));
    expect([first.logger.lines, first.lost]).toEqual([[], []]);
  });

  it('gives back what it was about to give out', async () => {
    const directory = newFolder();
    const { spool } = await openSpool(directory);
    await spool.put(eventContent(1));
    const taking = spool.take();
    await spool.close();
    expect(await taking).toBeUndefined();
    expect(filesIn(directory, '.envelope')).toHaveLength(1);
  });
});

describe('where there is no room', () => {
  const size = eventContent(1, { size: 1000 }).items[0].bytes.byteLength + 100;
  const sized = (n: number, rank = 24): ReturnType<typeof eventContent> =>
    eventContent(n, { size: 1000, rank, createdMs: NOW_MS + n });

  it('the oldest of the least important goes, and is told', async () => {
    const { spool, lost } = await openSpool(newFolder(), { maxBytes: 3 * size });
    await spool.put(sized(1, 25));
    await spool.put(sized(2, 4));
    await spool.put(sized(3, 4));
    expect(lost).toEqual([]);
    await spool.put(sized(4));
    spool.putSync(sized(5), { claim: false, fsync: false });
    expect(lost).toEqual([
      { reason: 'cache_overflow', quantity: 1, isOwn: true },
      { reason: 'cache_overflow', quantity: 1, isOwn: true },
    ]);
    // Less important than all that is there.
    expect(await spool.put(sized(6, 4))).toBe(true);
    expect(lost).toHaveLength(3);
    expect(await drain(spool)).toEqual([1, 4, 5].map(idOf));
  });

  it('what other processes wrote counts too', async () => {
    const directory = newFolder();
    const [a, b] = [await openSpool(directory), await openSpool(directory, { maxBytes: 3 * size })];
    for (const n of [1, 2, 3]) await a.spool.put(sized(n));
    b.time.advance(10_000);
    await b.spool.put(sized(4));
    expect(b.lost).toEqual([{ reason: 'cache_overflow', quantity: 1, isOwn: false }]);
    expect(await drain(b.spool)).toEqual([2, 3, 4].map(idOf));
  });

  it('nothing goes for what others have taken away meanwhile', async () => {
    const directory = newFolder();
    const [a, b] = [await openSpool(directory, { maxBytes: 3 * size }), await openSpool(directory)];
    for (const n of [2, 3]) await a.spool.put(sized(n));
    await a.spool.put(sized(1, 25));
    const taken = await b.spool.take();
    if (taken) await b.spool.remove(taken.claim);
    a.time.advance(2000);
    await a.spool.put(sized(4));
    expect(a.lost).toEqual([]);
    expect(await drain(a.spool)).toEqual([2, 3, 4].map(idOf));
  });

  it('an envelope that is too large is not written', async () => {
    const directory = newFolder();
    const { spool, lost, logger } = await openSpool(directory, { maxFileBytes: 500 });
    expect(await spool.put(sized(1))).toBe(true);
    expect(spool.putSync(sized(2), { claim: false, fsync: false })).toBeDefined();
    expect(spool.putSync(sized(3), { claim: true, fsync: false })).toBeUndefined();
    expect(lost.map(({ reason }) => reason)).toEqual(['cache_overflow', 'cache_overflow']);
    expect(filesIn(directory)).toEqual([]);
    expect(logger.loud).toEqual([]);
  });

  it('what is claimed takes no room until it is given back', async () => {
    const { spool, lost } = await openSpool(newFolder(), { maxBytes: 2 * size });
    const claims = [1, 2, 3].map((n) => spool.putSync(sized(n), { claim: true, fsync: false }));
    expect(lost).toEqual([]);
    for (const claim of claims) if (claim) await spool.release(claim);
    expect(lost).toEqual([{ reason: 'cache_overflow', quantity: 1, isOwn: true }]);
    expect(await drain(spool)).toEqual([2, 3].map(idOf));
  });
});

describe('what waits for too long', () => {
  it('is removed and told, by whoever comes across it', async () => {
    const directory = newFolder();
    const first = await openSpool(directory);
    await first.spool.put(eventContent(1, { createdMs: NOW_MS - 86_400_001 }));
    await first.spool.put(eventContent(2, { createdMs: NOW_MS - 86_400_000 }));
    expect(await drain(first.spool)).toEqual([idOf(2)]);
    expect(first.lost).toEqual([{ reason: 'network_error', quantity: 1, isOwn: true }]);

    await first.spool.put(eventContent(3, { createdMs: NOW_MS - 1000 }));
    const second = await openSpool(directory, { wallClock: () => NOW_MS + 86_400_000 });
    expect(second.lost).toEqual([{ reason: 'network_error', quantity: 1, isOwn: false }]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('is removed where nobody asks for anything, too', async () => {
    const directory = newFolder();
    let wallMs = NOW_MS;
    const { spool, lost, time } = await openSpool(directory, { wallClock: () => wallMs });
    await spool.put(eventContent(1));
    wallMs += 86_400_001;
    time.advance(61_000);
    await spool.close();
    expect(lost).toEqual([{ reason: 'network_error', quantity: 1, isOwn: true }]);
    expect(filesIn(directory)).toEqual([]);
  });
});

it('files with other names are not touched', async () => {
  const directory = newFolder();
  const { spool } = await openSpool(directory);
  const names = ['notes.txt', 'x.envelope', '.hidden', '0000000000000-99.envelope', 'a.lease'];
  for (const name of names) writeFileSync(join(dsnFolder(directory), name), '{}');
  expect(await spool.take()).toBeUndefined();
  expect(names.every((name) => readFileSync(join(dsnFolder(directory), name), 'utf8') === '{}')).toBe(true);
});
