import { truncateSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { cutLine } from '../../lib/sources/context-lines';
import { maskSecretsInCode } from '../../lib/sources/mask-secrets-in-code';
import { errorAt, numbered, sourceFolder } from './support/source-folder';

describe('lines of source', () => {
  it('are five before and after that of the frame, as many as there are', async () => {
    const { write, frames } = sourceFolder();
    const path = write('a.js', numbered(20));
    const [last, middle, first] = await frames(`f (${path}:2:1)`, `g (${path}:10:1)`, `h (${path}:20:1)`);
    expect(middle).toMatchObject({
      pre_context: ['line 5', 'line 6', 'line 7', 'line 8', 'line 9'],
      context_line: 'line 10',
      post_context: ['line 11', 'line 12', 'line 13', 'line 14', 'line 15'],
    });
    expect(first).toMatchObject({ pre_context: ['line 1'], context_line: 'line 2' });
    expect(last).toMatchObject({ context_line: 'line 20', post_context: [] });
  });

  it('are as many as frameContextLines says', async () => {
    const { write, frames } = sourceFolder({ frameContextLines: 1 });
    const path = write('a.js', numbered(20));
    expect(await frames(`f (${path}:10:1)`)).toMatchObject([
      { pre_context: ['line 9'], context_line: 'line 10', post_context: ['line 11'] },
    ]);
  });

  it('are none where frameContextLines is 0', async () => {
    const { write, frames } = sourceFolder({ frameContextLines: 0 });
    const [frame] = await frames(`f (${write('a.js', numbered(20))}:10:1)`);
    expect(frame).not.toHaveProperty('context_line');
    expect(frame).not.toHaveProperty('pre_context');
  });

  it('are those of messages with a stack, too', async () => {
    const { write, client, event } = sourceFolder();
    const path = write('a.js', numbered(20));
    client.captureMessage('hello', { stack: errorAt(`f (${path}:10:1)`) });
    await client.flush(5000);
    expect(event().threads?.values[0].stacktrace?.frames).toMatchObject([{ context_line: 'line 10' }]);
  });

  it('are read once, and until the file may have changed an event waits for nothing', async () => {
    let now = 1_000_000;
    const { write, frames, client, transport, event } = sourceFolder({}, { now: () => now });
    const path = write('a.js', numbered(20));
    const at = `f (${path}:10:1)`;
    await frames(at);
    write('a.js', numbered(20, 'changed'));
    utimesSync(path, 5, 5);
    now += 1999;
    client.captureException(errorAt(at));
    expect(transport.events).toHaveLength(2);
    expect(event().exception?.values[0].stacktrace?.frames[0].context_line).toBe('line 10');
    now += 1;
    expect(await frames(at)).toMatchObject([{ context_line: 'changed 10' }]);
  });

  it('are those of the file that is there again', async () => {
    let now = 1_000_000;
    const { root, write, frames } = sourceFolder({}, { now: () => now });
    const at = `f (${join(root, 'a.js')}:10:1)`;
    expect((await frames(at))[0]).not.toHaveProperty('context_line');
    write('a.js', numbered(20));
    expect((await frames(at))[0]).not.toHaveProperty('context_line');
    now += 30_000;
    expect(await frames(at)).toMatchObject([{ context_line: 'line 10' }]);
  });

  it('are of the fifty frames that matter most: the app’s own, nearest to the throw', async () => {
    const { write, frames } = sourceFolder();
    const own = write('a.js', numbered(100));
    const other = write('node_modules/lib/a.js', numbered(100));
    const stack = Array.from({ length: 100 }, (_, index) => `f (${index % 2 ? own : other}:${index + 1}:1)`);
    const withLines = (await frames(...stack)).filter(({ context_line }) => context_line !== undefined);
    expect(withLines).toHaveLength(50);
    expect(withLines.every(({ in_app }) => in_app)).toBe(true);
  });

  it('are none of what is no file of code, or none at all', async () => {
    const { root, write, frames } = sourceFolder();
    mkdirSync(join(root, 'folder.js'));
    const huge = write('huge.js', 'x');
    truncateSync(huge, 100 * 1024 * 1024);
    const secret = write('secrets.json', '{ "password": "x" }');
    const env = write('.env', 'PASSWORD=x');
    const places = [
      `${root}/folder.js`,
      huge,
      secret,
      env,
      '/etc/passwd',
      '//server/share/a.js',
      'node:fs',
      'a.js',
    ];
    const found = await frames(...places.map((place) => `f (${place}:1:1)`));
    expect(found).toHaveLength(places.length);
    for (const frame of found) expect(frame).not.toHaveProperty('context_line');
  });

  it('are the same where an event may not wait', async () => {
    const waited = sourceFolder();
    const path = waited.write('a.js', numbered(20));
    const map = {
      version: 3,
      sources: ['b.ts'],
      sourcesContent: ['written here'],
      names: [],
      mappings: 'AAAA',
    };
    const mapped = waited.write('b.js', `code\n//# sourceMappingURL=b.js.map`);
    waited.write('b.js.map', JSON.stringify(map));
    const stack = [`f (${path}:10:1)`, `g (${mapped}:1:1)`];
    const expected = await waited.frames(...stack);
    const spool = { directory: join(waited.root, 'spool'), durability: 'crash' as const };
    const atOnce = sourceFolder({ spool }, { root: waited.root });
    atOnce.client.captureException(errorAt(...stack));
    expect(atOnce.event().exception?.values[0].stacktrace?.frames).toEqual(expected);
    expect(expected).toMatchObject([{ context_line: 'written here' }, { context_line: 'line 10' }]);
  });

  it('leave lines that the app gave as they are', async () => {
    const { write, client, event } = sourceFolder();
    const abs_path = write('a.js', numbered(20));
    const given = { abs_path, lineno: 3, context_line: 'given' };
    client.captureMessage('hello', { data: { stacktrace: { frames: [given] } } });
    await client.flush(5000);
    expect(event().threads?.values[0].stacktrace?.frames).toEqual([given]);
  });
});

describe('a long line', () => {
  it('is cut around the column', () => {
    const line = `${'a'.repeat(5000)}HERE${'b'.repeat(5000)}`;
    expect(cutLine(line, 5001)).toMatch(/^…a{60}HEREb+…$/);
    expect(cutLine(line, 1)).toMatch(/^a+…$/);
    expect(cutLine(line, 10_004)).toMatch(/^…b+$/);
  });

  it('has at most 200 units, the column, and no half of a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 600 }),
        fc.integer({ min: -5, max: 1200 }),
        (text, column) => {
          const cut = cutLine(text, column);
          expect(cut.length).toBeLessThanOrEqual(200);
          expect(Buffer.from(cut).toString()).toBe(cut);
          const kept = cut.replaceAll(/^…|…$/g, '');
          expect(text.includes(kept)).toBe(true);
          if (text.length <= 200) expect(cut).toBe(text.replace(/\r$/, ''));
        },
      ),
    );
  });
});

describe('secrets that are written in code', () => {
  it.each([
    [`const apiKey = 'live-4711';`, `const apiKey = '********';`],
    [`  password: "hunter2",`, `  password: "********",`],
    [
      `const secret = process.env.JWT_SECRET ?? 'dev';`,
      `const secret = process.env.JWT_SECRET ?? '********';`,
    ],
    [`config.get('JWT_SECRET', 'dev')`, `config.get('JWT_SECRET', '********')`],
    [`connect('postgres://app:hunter2@db/shop')`, `connect('postgres://********@db/shop')`],
    [`const token: string = 'abc`, `const token: string = '********`],
  ])('are masked: %s', (line, masked) => {
    expect(maskSecretsInCode(line)).toBe(masked);
  });

  it.each([
    `const password = request.body.password;`,
    `if (!token) throw new UnauthorizedException('no token');`,
    `import { TokenService } from './token.service';`,
    `@Inject(TOKEN) private readonly token: string,`,
    `const key = 'orders'; // it's a key`,
    `return this.auth.verify(token, { algorithms: ['HS256'] });`,
  ])('are none in code that only handles them: %s', (line) => {
    expect(maskSecretsInCode(line)).toBe(line);
  });
});
