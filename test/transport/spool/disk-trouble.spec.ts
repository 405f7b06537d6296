import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileTransport } from '../support/compile-transport';
import { idOf } from '../support/envelopes';
import { childScript } from './support/child-spool';
import { drain, dsnFolder, eventContent, filesIn, makeSpool, newFolder, openSpool } from './support/spools';

describe('a directory that cannot be used', () => {
  it('is told once, and asked for anything the spool says no', async () => {
    const directory = join(newFolder(), 'file');
    writeFileSync(directory, 'in the way');
    const { spool, logger, lost } = makeSpool(directory);
    await spool.open();
    expect(logger.loud).toHaveLength(1);
    expect(logger.loud[0]).toMatch(/^error: the spool ".*file" cannot be read: /);
    expect(await spool.take()).toBeUndefined();
    expect(logger.loud).toHaveLength(1);
    for (const n of [1, 2]) {
      expect(await spool.put(eventContent(n))).toBe(false);
      expect(spool.putSync(eventContent(n), { claim: true, fsync: true })).toBeUndefined();
      expect(spool.putSync(eventContent(n), { claim: false, fsync: false })).toBeUndefined();
    }
    expect(logger.loud).toHaveLength(2);
    expect(logger.loud[1]).toMatch(/^error: the spool ".*file" cannot be written: /);
    await spool.close();
    expect(lost).toEqual([]);
  });

  it('is used as soon as it can be, and that is told', async () => {
    const directory = join(newFolder(), 'file');
    writeFileSync(directory, 'in the way');
    const { spool, logger } = await openSpool(directory);
    expect(await spool.put(eventContent(1))).toBe(false);
    rmSync(directory);
    expect(await spool.put(eventContent(2))).toBe(true);
    expect(spool.putSync(eventContent(3), { claim: false, fsync: false })).toBeDefined();
    expect(await drain(spool)).toEqual([idOf(2), idOf(3)]);
    expect(logger.loud.map((line) => line.split(' ')[0])).toEqual(['error:', 'error:', 'warn:', 'warn:']);
  });
});

describe('a directory that is removed while it is in use', () => {
  it('is made anew, also by what is written at once', async () => {
    const directory = join(newFolder(), 'spool');
    const { spool, logger } = await openSpool(directory);
    const claim = spool.putSync(eventContent(1), { claim: true, fsync: false });
    for (const step of ['put', 'putSync'] as const) {
      rmSync(directory, { recursive: true });
      if (step === 'put') expect(await spool.put(eventContent(2))).toBe(true);
      else expect(spool.putSync(eventContent(3), { claim: false, fsync: true })).toBeDefined();
      expect(readdirSync(dsnFolder(directory)).filter((name) => name.endsWith('.lease'))).toHaveLength(1);
    }
    rmSync(directory, { recursive: true });
    expect(await spool.take()).toBeUndefined();
    if (claim) await spool.remove(claim);
    await spool.put(eventContent(4));
    expect(await drain(spool)).toEqual([idOf(4)]);
    expect(logger.lines).toEqual([]);
  });

  it('is no trouble on closing', async () => {
    const directory = join(newFolder(), 'spool');
    const { spool, logger } = await openSpool(directory);
    spool.putSync(eventContent(1), { claim: true, fsync: false });
    rmSync(directory, { recursive: true });
    await spool.close();
    expect(logger.lines).toEqual([]);
  });
});

describe('limits of the system', () => {
  let compiled = '';
  beforeAll(() => {
    compiled = compileTransport();
  });
  afterAll(() => rmSync(compiled, { recursive: true, force: true }));

  /** Runs a script under limits of its own. */
  function run(limit: string, directory: string, source: string): string[] {
    const file = join(compiled, 'limited.js');
    writeFileSync(file, childScript(source));
    const child = spawnSync('sh', ['-c', `${limit}; exec "$0" "$@"`, process.execPath, file, directory], {
      encoding: 'utf8',
      timeout: 45_000,
    });
    expect(child.stderr).toBe('');
    expect(child.status).toBe(0);
    return child.stdout.trimEnd().split('\n');
  }

  it.runIf(process.platform === 'linux')('a place that takes no folders is told, and nothing hangs', () => {
    const lines = run('true', '/proc/nope/spool', 'say(await spool.put(content(1, 10)));');
    expect(lines).toEqual([
      expect.stringMatching(/^error: the spool "\/proc\/nope\/spool" cannot be read: ENOENT/),
      expect.stringMatching(/^error: the spool "\/proc\/nope\/spool" cannot be written: ENOENT/),
      'false',
    ]);
  });

  it('a write that fails halfway leaves nothing, is told once, and smaller ones go on', () => {
    const directory = newFolder();
    const lines = run(
      'ulimit -f 20',
      directory,
      `
      say(await spool.put(content(1, 100000)));
      say(spool.putSync(content(2, 100000), { claim: true, fsync: false }));
      say(await spool.put(content(3, 100000)));
      say(await spool.put(content(4, 10)));
      say((await spool.take()).content.headers.event_id);
      `,
    );
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^error: the spool .* cannot be written: EFBIG/);
    expect(lines.slice(1, 4)).toEqual(['false', 'undefined', 'false']);
    expect(lines[4]).toMatch(/^warn: .*can be written again$/);
    expect(lines.slice(5)).toEqual(['true', idOf(4)]);
    expect(filesIn(directory)).toHaveLength(1);
  });

  it('where no more files can be opened nothing is lost, and it goes on afterwards', () => {
    const directory = newFolder();
    const lines = run(
      'ulimit -n 60',
      directory,
      `
      say(await spool.put(content(1, 10)));
      const open = [];
      try { for (;;) open.push(fs.openSync(__filename)); } catch (error) { say(error.code); }
      say(await spool.take());
      say(await spool.take());
      say(await spool.put(content(2, 10)));
      say(spool.putSync(content(3, 10), { claim: false, fsync: true }));
      open.forEach((fd) => fs.closeSync(fd));
      say(await spool.put(content(4, 10)));
      for (let taken; (taken = await spool.take()); ) say(taken.content.headers.event_id);
      `,
    );
    const told = lines.filter((line) => /^(?:error|warn)/.test(line));
    expect(told.map((line) => line.replace(/".*?"/, ''))).toEqual([
      expect.stringMatching(/^error: the spool {2}cannot be read: EMFILE/),
      expect.stringMatching(/^error: the spool {2}cannot be written: EMFILE/),
      'warn: the spool  can be written again',
      'warn: the spool  can be read again',
    ]);
    const said = lines.filter((line) => !told.includes(line));
    expect(said).toEqual([
      'true',
      'EMFILE',
      'undefined',
      'undefined',
      'false',
      'undefined',
      'true',
      idOf(1),
      idOf(4),
    ]);
  });
});

it('a folder in the place of a file of ours does no harm', async () => {
  const directory = newFolder();
  const { spool } = await openSpool(directory);
  await spool.put(eventContent(1));
  const [file] = filesIn(directory);
  rmSync(join(dsnFolder(directory), file));
  mkdirSync(join(dsnFolder(directory), file));
  await spool.put(eventContent(2));
  expect(await drain(spool)).toEqual([idOf(2)]);
});
