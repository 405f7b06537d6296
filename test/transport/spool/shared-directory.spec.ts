import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileTransport } from '../support/compile-transport';
import { idOf } from '../support/envelopes';
import { childScript } from './support/child-spool';
import {
  afterTest,
  drain,
  dsnFolder,
  eventContent,
  filesIn,
  newFolder,
  openSpool,
  setAsideIn,
} from './support/spools';

let compiled = '';
let scripts = 0;

beforeAll(() => {
  compiled = compileTransport();
});
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

interface Child {
  process: ChildProcess;
  lines: string[];
  /** Resolves with the first line that matches; rejects where the process ends before. */
  line(pattern: RegExp): Promise<string>;
  ended: Promise<void>;
}

function startChild(directory: string, source: string): Child {
  scripts += 1;
  const file = join(compiled, `child-${scripts}.js`);
  writeFileSync(file, childScript(source));
  const child = spawn(process.execPath, [file, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 45_000,
  });
  afterTest(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const checks = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    checks.forEach((check) => check());
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    process: child,
    lines,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
        };
        checks.add(check);
        check();
        void ended.then(() => reject(new Error(`ended without ${String(pattern)}: ${lines.join(' ')}`)));
      }),
  };
}

async function killed(child: Child): Promise<void> {
  child.process.kill('SIGKILL');
  await child.ended;
}

const STAY = 'setInterval(() => {}, 1000);';
const leasesIn = (directory: string): string[] =>
  readdirSync(dsnFolder(directory)).filter((name) => name.endsWith('.lease'));

/** As if its owner had not been heard of for so long. */
function ageLease(directory: string, ms: number): void {
  for (const lease of leasesIn(directory)) {
    const path = join(dsnFolder(directory), lease);
    const at = new Date(statSync(path).mtimeMs - ms);
    utimesSync(path, at, at);
  }
}

describe('several spools on one directory', () => {
  it('give out each envelope once, in one process', async () => {
    const directory = newFolder();
    const writer = await openSpool(directory);
    for (let n = 1; n <= 60; n += 1) writer.spool.putSync(eventContent(n), { claim: false, fsync: false });
    const readers = await Promise.all([1, 2, 3].map(() => openSpool(directory)));
    const ids = await Promise.all([...readers, writer].flatMap(({ spool }) => [drain(spool), drain(spool)]));
    expect(ids.flat().sort()).toEqual(Array.from({ length: 60 }, (_, index) => idOf(index + 1)));
    expect(filesIn(directory)).toEqual([]);
  });

  it('give out each envelope once, in several processes that write and read', async () => {
    const directory = newFolder();
    const source = (first: number): string => `
      for (let n = 0; n < 50; n += 1) {
        if (n % 2) await spool.put(content(${first} + n, 100));
        else spool.putSync(content(${first} + n, 100), { claim: false, fsync: false });
        const taken = n % 5 === 0 && (await spool.take());
        if (taken) { say(taken.content.headers.event_id); await spool.remove(taken.claim); }
      }
      for (let taken; (taken = await spool.take()); ) {
        if (Math.random() < 0.2) { await spool.release(taken.claim); continue; }
        say(taken.content.headers.event_id);
        await spool.remove(taken.claim);
      }
      await spool.close();
    `;
    const children = [1, 51, 101].map((first) => startChild(directory, source(first)));
    await Promise.all(children.map(({ ended }) => ended));
    const left = await openSpool(directory);
    const ids = [...children.flatMap(({ lines }) => lines), ...(await drain(left.spool))];
    expect(ids.sort()).toEqual(Array.from({ length: 150 }, (_, index) => idOf(index + 1)));
    expect(filesIn(directory)).toEqual([]);
    expect(leasesIn(directory)).toHaveLength(1);
  });
});

describe('what a process held that is gone', () => {
  it('is taken back from one that was killed', async () => {
    const directory = newFolder();
    const { spool, time, lost } = await openSpool(directory);
    for (const n of [1, 2, 3]) await spool.put(eventContent(n));
    const child = startChild(
      directory,
      `
      await spool.take();
      await spool.take();
      spool.putSync(content(4, 10), { claim: true, fsync: false });
      say('holds');
      ${STAY}
      `,
    );
    await child.line(/holds/);
    time.advance(10_000);
    expect(await drain(spool)).toEqual([idOf(3)]);
    await killed(child);
    time.advance(10_000);
    expect((await drain(spool)).sort()).toEqual([1, 2, 4].map(idOf));
    expect(lost).toEqual([]);
    expect(leasesIn(directory)).toHaveLength(1);
  });

  it('is taken back at the next start', async () => {
    const directory = newFolder();
    const child = startChild(
      directory,
      `spool.putSync(content(1, 10), { claim: true, fsync: false }); say('holds'); ${STAY}`,
    );
    await child.line(/holds/);
    await killed(child);
    const { spool } = await openSpool(directory);
    const taken = await spool.take();
    expect(taken?.content.headers.event_id).toBe(idOf(1));
    expect(taken?.claim.isOwn).toBe(false);
  });

  it('is lost at no moment, whenever the process is killed', async () => {
    const directory = newFolder();
    for (let round = 0; round < 5; round += 1) {
      const child = startChild(
        directory,
        `
        for (let n = 1; ; n += 1) {
          const id = ${round} * 1e6 + n;
          if (n % 3 === 0) { if (await spool.put(content(id, 20000))) say(id); }
          else if (spool.putSync(content(id, 20000), { claim: n % 3 === 1, fsync: false })) say(id);
        }
        `,
      );
      await child.line(new RegExp(`^${round * 1e6 + 20 + round}$`));
      await killed(child);
      const { spool, lost, logger } = await openSpool(directory, { maxBytes: 1e9 });
      const ids = await drain(spool);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(child.lines.map((line) => idOf(Number(line)))));
      expect(ids.length + lost.length - child.lines.length).toBeLessThanOrEqual(1);
      expect(logger.loud).toEqual([]);
      expect(filesIn(directory)).toEqual([]);
      await spool.close();
    }
  });

  it('is left to a process of another host until it has not been heard of for a minute', async () => {
    const directory = newFolder();
    const other = await openSpool(directory, { process: { host: 'other', pid: 1, isAlive: () => true } });
    other.spool.putSync(eventContent(1), { claim: true, fsync: false });
    const { spool, time } = await openSpool(directory, {
      process: { host: 'this', pid: 1, isAlive: () => false },
    });
    ageLease(directory, 55_000);
    time.advance(10_000);
    expect(await spool.take()).toBeUndefined();
    ageLease(directory, 10_000);
    time.advance(10_000);
    expect(await drain(spool)).toEqual([idOf(1)]);
  });

  it('is kept by a process that says from time to time that it lives', async () => {
    const directory = newFolder();
    const other = await openSpool(directory, { process: { host: 'other', pid: 1, isAlive: () => true } });
    const claim = other.spool.putSync(eventContent(1), { claim: true, fsync: false });
    ageLease(directory, 120_000);
    other.time.advance(15_000);
    const [lease] = leasesIn(directory).map((name) => join(dsnFolder(directory), name));
    await until(() => Date.now() - statSync(lease).mtimeMs < 60_000);
    const { spool } = await openSpool(directory);
    expect(await spool.take()).toBeUndefined();
    if (claim) await other.spool.remove(claim);
    expect(filesIn(directory)).toEqual([]);
  });

  it('is taken back from one that had no time for a lease, and from one of the future', async () => {
    const directory = newFolder();
    const alive = { host: 'other', pid: 1, isAlive: () => true };
    const [a, b] = [
      await openSpool(directory, { process: alive }),
      await openSpool(directory, { process: alive }),
    ];
    a.spool.putSync(eventContent(1), { claim: true, fsync: false });
    ageLease(directory, -3_600_000);
    rmSync(join(dsnFolder(directory), leasesIn(directory)[0]));
    b.spool.putSync(eventContent(2), { claim: true, fsync: false });
    const { spool } = await openSpool(directory);
    expect((await drain(spool)).sort()).toEqual([1, 2].map(idOf));
  });

  it('does no harm where its owner comes back after a long sleep', async () => {
    const directory = newFolder();
    const other = await openSpool(directory, { process: { host: 'other', pid: 1, isAlive: () => true } });
    const claims = [1, 2].map((n) => other.spool.putSync(eventContent(n), { claim: true, fsync: false }));
    ageLease(directory, 120_000);
    const { spool } = await openSpool(directory);
    const taken = await spool.take();
    for (const claim of claims) if (claim) await other.spool.remove(claim);
    if (taken) await spool.remove(taken.claim);
    expect(await drain(spool)).toEqual([idOf(2)]);
    expect([other.logger.lines, other.lost]).toEqual([[], []]);
  });
});

describe('a file that was being written when its process died', () => {
  /** The file of the one envelope as it was before it got its name; its owner is dead. */
  async function unfinished(directory: string): Promise<string> {
    const dead = await openSpool(directory, { process: { host: 'this', pid: 7, isAlive: () => true } });
    await dead.spool.put(eventContent(1, { size: 1000 }));
    const owner = leasesIn(directory)[0].replace('.lease', '');
    const [name] = filesIn(directory);
    const path = join(dsnFolder(directory), `${name}.${owner}.writing`);
    renameSync(join(dsnFolder(directory), name), path);
    return path;
  }
  const survivor = { host: 'this', pid: 8, isAlive: (pid: number) => pid === 8 };

  it('is taken where it is complete', async () => {
    const directory = newFolder();
    await unfinished(directory);
    const { spool, lost } = await openSpool(directory, { process: survivor });
    expect(await drain(spool)).toEqual([idOf(1)]);
    expect(lost).toEqual([]);
  });

  it('is removed and told where it is not', async () => {
    const directory = newFolder();
    const path = await unfinished(directory);
    writeFileSync(path, readFileSync(path).subarray(0, 500));
    const { spool, lost, logger } = await openSpool(directory, { process: survivor });
    expect(await spool.take()).toBeUndefined();
    expect([setAsideIn(directory), logger.loud]).toEqual([[], []]);
    expect(lost).toEqual([{ reason: 'internal_sdk_error', quantity: 1, isOwn: false }]);
    expect(filesIn(directory)).toEqual([]);
  });

  it('is left alone while it lives', async () => {
    const directory = newFolder();
    await unfinished(directory);
    const { spool } = await openSpool(directory, {
      process: { host: 'this', pid: 8, isAlive: () => true },
    });
    expect(await spool.take()).toBeUndefined();
    expect(filesIn(directory, '.writing')).toHaveLength(1);
  });
});

describe('a process with a spool', () => {
  it('is not kept alive by it', async () => {
    const directory = newFolder();
    const child = startChild(directory, `await spool.put(content(1, 10)); await spool.take(); say('done');`);
    const startMs = performance.now();
    await child.ended;
    expect(child.lines).toEqual(['done']);
    expect([child.process.exitCode, child.process.signalCode]).toEqual([0, null]);
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it('leaves to the next one what it writes in the moment that it ends', async () => {
    const directory = newFolder();
    const child = startChild(
      directory,
      `
      process.on('exit', () => {
        for (let n = 1; n <= 3; n += 1) spool.putSync(content(n, 10), { claim: false, fsync: true });
      });
      process.exit();
      `,
    );
    await child.ended;
    const { spool } = await openSpool(directory);
    expect(await drain(spool)).toEqual([1, 2, 3].map(idOf));
  });
});

/** Waits for something that only the file system tells. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
