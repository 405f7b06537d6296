import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { joinEnvelope } from '../../../lib/protocol/envelope';
import { spoolName } from '../../../lib/transport/spool/spool-name';
import { idOf } from '../support/envelopes';
import {
  afterTest,
  drain,
  DSN,
  dsnFolder,
  eventContent,
  filesIn,
  newFolder,
  NOW_MS,
  openSpool,
  setAsideIn,
  type SpoolUnderTest,
} from './support/spools';

const GOOD = idOf(999);
let directory = '';
let folder = '';
let under: SpoolUnderTest;
let count = 0;

beforeEach(async () => {
  directory = newFolder();
  under = await openSpool(directory, { maxFileBytes: 50_000 });
  folder = dsnFolder(directory);
  // Comes after everything else, so what is there is met first.
  await under.spool.put(eventContent(999, { rank: 0 }));
});

/** A name as another process would give it to an envelope of this length. */
function nameFor(bytes: number): string {
  count += 1;
  return spoolName({
    createdMs: NOW_MS,
    rank: 24,
    sequence: count,
    writer: '0123456789ab',
    eventId: idOf(count),
    bytes,
    quantity: 1,
  }).text;
}

/** Puts a file there that has the right name for its length. */
function plant(content: string | Buffer): string {
  const name = nameFor(Buffer.byteLength(content));
  writeFileSync(join(folder, name), content);
  return name;
}

function wire(dsn: string | undefined = DSN): Buffer {
  const { headers, items } = eventContent(1);
  return joinEnvelope({ ...headers, dsn }, items);
}

/** The planted file is out of the way, told once, and the good one comes. */
async function expectSetAside(name: string, why: string): Promise<void> {
  under.time.advance(10_000);
  expect(await drain(under.spool)).toEqual([GOOD]);
  expect(setAsideIn(directory)).toEqual([name]);
  expect(filesIn(directory)).toEqual([]);
  expect(under.lost).toEqual([{ reason: 'internal_sdk_error', quantity: 1, isOwn: false }]);
  expect(under.logger.loud).toHaveLength(1);
  expect(under.logger.loud[0]).toMatch(new RegExp(`^warn: .*${name} is ${why}$`));
}

describe('set aside is', () => {
  it('a file that was cut off', async () => {
    const name = nameFor(wire().byteLength);
    writeFileSync(join(folder, name), wire().subarray(0, -10));
    await expectSetAside(name, 'torn');
  });

  it('a file that lost an item as a whole', async () => {
    const { headers, items } = eventContent(1);
    const name = plant(joinEnvelope({ ...headers, dsn: DSN }, [...items, ...items]));
    truncateSync(join(folder, name), wire().byteLength);
    await expectSetAside(name, 'torn');
  });

  it('an empty file, as a machine that lost its power leaves it', async () => {
    const name = nameFor(wire().byteLength);
    writeFileSync(join(folder, name), '');
    await expectSetAside(name, 'torn');
  });

  it('a file of zeros', async () => {
    await expectSetAside(plant(Buffer.alloc(500)), 'torn');
  });

  it('an envelope with nothing in it', async () => {
    await expectSetAside(plant(`{"dsn":"${DSN}"}\n`), 'torn');
  });

  it('an envelope for another DSN', async () => {
    await expectSetAside(plant(wire('https://key@elsewhere.example.com/1')), 'foreign');
  });

  it('an envelope for no DSN', async () => {
    const { headers, items } = eventContent(1);
    await expectSetAside(plant(joinEnvelope(headers, items)), 'foreign');
  });

  it('an envelope that is too large, unread', async () => {
    const { headers, items } = eventContent(1, { size: 60_000 });
    await expectSetAside(plant(joinEnvelope({ ...headers, dsn: DSN }, items)), 'oversized');
  });

  it('an empty file whose name says that it is enormous, and nothing is thrown out for it', async () => {
    const name = nameFor(9_999_999_999);
    writeFileSync(join(folder, name), '');
    await expectSetAside(name, 'oversized');
  });

  it('a file that is larger than its name says', async () => {
    const name = nameFor(wire().byteLength);
    writeFileSync(join(folder, name), Buffer.concat([wire(), Buffer.alloc(100_000)]));
    await expectSetAside(name, 'oversized');
  });

  it('a file that somebody wrote more to', async () => {
    const name = plant(wire());
    appendFileSync(join(folder, name), eventContent(2).items[0].bytes);
    await expectSetAside(name, 'torn');
  });

  it('a link, whatever it leads to, and that is left alone', async () => {
    const target = join(newFolder(), 'secret');
    writeFileSync(target, wire());
    const name = nameFor(wire().byteLength);
    symlinkSync(target, join(folder, name));
    await expectSetAside(name, 'no plain file');
    expect(readFileSync(target).equals(wire())).toBe(true);
  });

  it('a link to nothing', async () => {
    const name = nameFor(100);
    symlinkSync(join(folder, 'nowhere'), join(folder, name));
    await expectSetAside(name, 'no plain file');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('a link to a device that never ends', async () => {
    const name = nameFor(100);
    symlinkSync('/dev/zero', join(folder, name));
    await expectSetAside(name, 'no plain file');
  });

  it('a folder with something in it', async () => {
    const name = nameFor(100);
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'kept'), 'x');
    await expectSetAside(name, 'no plain file');
    expect(readFileSync(join(folder, 'set-aside', name, 'kept'), 'utf8')).toBe('x');
  });

  it('a pipe that nobody writes to, without waiting', async () => {
    const name = nameFor(100);
    execFileSync('mkfifo', [join(folder, name)]);
    await expectSetAside(name, 'no plain file');
  });

  it('a socket', async () => {
    const name = nameFor(100);
    // The path of a socket may not be as long as that.
    const short = join(newFolder(), 's');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(short, resolve));
    afterTest(() => server.close());
    renameSync(short, join(folder, name));
    await expectSetAside(name, 'no plain file');
  });
});

it('a second name of a file does no harm: it is read, and the other name stays', async () => {
  const other = join(newFolder(), 'backup');
  const name = plant(wire());
  linkSync(join(folder, name), other);
  under.time.advance(10_000);
  expect(await drain(under.spool)).toEqual([idOf(1), GOOD]);
  expect(readFileSync(other).equals(wire())).toBe(true);
});

it('a file that cannot be claimed does not stand in the way of the others', async () => {
  const name = plant(wire());
  const [lease] = readdirSync(folder).filter((file) => file.endsWith('.lease'));
  mkdirSync(join(folder, `${name}.${lease.replace('.lease', '')}.claimed`));
  under.time.advance(10_000);
  expect(await drain(under.spool)).toEqual([GOOD]);
  expect(under.logger.loud).toEqual([expect.stringMatching(/^error: .* cannot be read: EISDIR/)]);
});

it('one warning is for each kind', async () => {
  for (let index = 0; index < 5; index += 1) plant('torn');
  plant(wire('https://key@elsewhere.example.com/1'));
  under.time.advance(10_000);
  expect(await drain(under.spool)).toEqual([GOOD]);
  expect(under.lost).toHaveLength(6);
  expect(under.logger.loud).toHaveLength(2);
});

it('no more is kept than a hundred files, nor more bytes than the spool may have', async () => {
  for (let index = 0; index < 110; index += 1) plant('torn');
  under.time.advance(10_000);
  expect(await drain(under.spool)).toEqual([GOOD]);
  expect(setAsideIn(directory)).toHaveLength(100);
  expect(under.lost).toHaveLength(110);

  const small = newFolder();
  const { spool, time } = await openSpool(small, { maxBytes: 1000 });
  folder = dsnFolder(small);
  for (let index = 0; index < 5; index += 1) plant('x'.repeat(400));
  time.advance(10_000);
  expect(await spool.take()).toBeUndefined();
  expect([setAsideIn(small).length, filesIn(small)]).toEqual([2, []]);
});

it('what is set aside goes when it is too old', async () => {
  plant('torn');
  under.time.advance(10_000);
  await drain(under.spool);
  expect(setAsideIn(directory)).toHaveLength(1);
  await openSpool(directory, { wallClock: () => NOW_MS + 86_400_001 });
  expect(setAsideIn(directory)).toEqual([]);
});

it('what is set aside has a place again where somebody removed it', async () => {
  rmSync(join(folder, 'set-aside'), { recursive: true });
  await expectSetAside(plant('torn'), 'torn');
});

it('a lease that is a link is not written through', async () => {
  const target = join(newFolder(), 'precious');
  writeFileSync(target, 'precious');
  const [lease] = readdirSync(folder).filter((name) => name.endsWith('.lease'));
  rmSync(join(folder, lease));
  symlinkSync(target, join(folder, lease));
  under.time.advance(20_000);
  await under.spool.close();
  expect(readFileSync(target, 'utf8')).toBe('precious');
  expect(under.logger.loud).toHaveLength(1);
});

it('a folder of the DSN that is a link is not used', async () => {
  const planted = newFolder();
  const elsewhere = newFolder();
  const name = folder.slice(directory.length + 1);
  symlinkSync(elsewhere, join(planted, name));
  const { spool, logger } = await openSpool(planted);
  expect(await spool.put(eventContent(1))).toBe(false);
  expect(await spool.take()).toBeUndefined();
  expect(readdirSync(elsewhere)).toEqual([]);
  expect(logger.loud).toHaveLength(2);
});
