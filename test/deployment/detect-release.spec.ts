import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectRelease } from '../../lib/deployment/detect-release';
import { gitCommit } from '../../lib/deployment/git-commit';

const SHA = '0123456789abcdef0123456789abcdef01234567';

let root = '';
beforeEach(async () => (root = await realpath(await mkdtemp(join(tmpdir(), 'release-')))));
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
}

function git(folder: string, ...words: string[]): string {
  const identity = ['-c', 'user.name=n', '-c', 'user.email=e@a.example', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
}

describe('the release', () => {
  it.each([
    'HEROKU_BUILD_COMMIT',
    'VERCEL_GIT_COMMIT_SHA',
    'COMMIT_REF',
    'RENDER_GIT_COMMIT',
    'RAILWAY_GIT_COMMIT_SHA',
    'AWS_COMMIT_ID',
    'CODEBUILD_RESOLVED_SOURCE_VERSION',
    'BUILD_SOURCEVERSION',
    'GITHUB_SHA',
    'CI_COMMIT_SHA',
    'CIRCLE_SHA1',
    'BITBUCKET_COMMIT',
    'GIT_COMMIT',
    'SOURCE_VERSION',
    'COMMIT_SHA',
  ])('is the commit in %s', (name) => {
    expect(detectRelease({ [name]: `${SHA}\n` }, root)).toBe(SHA);
  });

  it.each(['HEAD', 'main', 'latest', 'arn:aws:s3:::bucket/key', '12345', ''])(
    'is not what %j says in their place',
    (value) => expect(detectRelease({ GIT_COMMIT: value, COMMIT_SHA: SHA }, root)).toBe(SHA),
  );

  it('is the one of who runs the app before that of who builds it', () => {
    const other = SHA.replaceAll('0', 'f');
    expect(detectRelease({ GITHUB_SHA: other, RENDER_GIT_COMMIT: SHA }, root)).toBe(SHA);
  });

  it('is the deployment that Fly names', () => {
    const image = 'registry.fly.io/shop:deployment-01H9RK9EYO9PGNBYAKGXSHV0PH';
    expect(detectRelease({ FLY_IMAGE_REF: image }, root)).toBe('deployment-01H9RK9EYO9PGNBYAKGXSHV0PH');
    expect(detectRelease({ FLY_IMAGE_REF: 'registry.fly.io/shop:latest' }, root)).toBeUndefined();
  });

  it('is name and version of the nearest package.json that has a name', async () => {
    await write('package.json', { name: 'outer', version: '9.0.0' });
    await write('apps/shop/package.json', { name: 'shop', version: '1.2.3' });
    await write('apps/shop/dist/package.json', { type: 'commonjs' });
    expect(detectRelease({}, join(root, 'apps/shop/dist'))).toBe('shop@1.2.3');
  });

  it('has the scope of a package without its slash, which no server would keep', async () => {
    await write('package.json', { name: '@acme/shop', version: '1.2.3+5' });
    expect(detectRelease({}, root)).toBe('acme-shop@1.2.3+5');
  });

  it.each(['0.0.0', '0.0.1', '', undefined, 5])('is the commit where the version is %j', async (version) => {
    await write('package.json', { name: 'shop', version });
    await write('.git/HEAD', `${SHA}\n`);
    expect(detectRelease({}, root)).toBe(SHA);
  });

  it.each(['{', 'null', '[]', '"x"', '{"name":{}}', '{"name":"a b","version":"1/2"}'])(
    'is none where package.json is %s',
    async (content) => {
      await write('package.json', content);
      expect(detectRelease({}, root)).toBeUndefined();
    },
  );
});

describe('the commit that is checked out', () => {
  it('is found in a repository, from any folder in it', async () => {
    git(root, 'init', '-q');
    git(root, 'commit', '-q', '--allow-empty', '-m', 'm');
    await mkdir(join(root, 'apps/shop'), { recursive: true });
    expect(gitCommit(join(root, 'apps/shop'))).toBe(git(root, 'rev-parse', 'HEAD'));
  });

  it('is found where refs are packed, and on a detached head', () => {
    git(root, 'init', '-q');
    git(root, 'commit', '-q', '--allow-empty', '-m', 'm');
    git(root, 'tag', '-a', 'v1', '-m', 'v1');
    git(root, 'pack-refs', '--all');
    const commit = git(root, 'rev-parse', 'HEAD');
    expect(gitCommit(root)).toBe(commit);
    git(root, 'checkout', '-q', '--detach');
    expect(gitCommit(root)).toBe(commit);
  });

  it('is that of the worktree, its refs packed or not', async () => {
    await mkdir(join(root, 'main'));
    const main = join(root, 'main');
    const other = join(root, 'other');
    git(main, 'init', '-q');
    git(main, 'commit', '-q', '--allow-empty', '-m', 'm');
    git(main, 'worktree', 'add', '-q', '-b', 'feature/x', other);
    git(other, 'commit', '-q', '--allow-empty', '-m', 'n');
    const commit = git(other, 'rev-parse', 'HEAD');
    expect(commit).not.toBe(git(main, 'rev-parse', 'HEAD'));
    expect(gitCommit(other)).toBe(commit);
    git(main, 'pack-refs', '--all');
    expect(gitCommit(other)).toBe(commit);
  });

  it.each([
    ['a ref outside of the folder', 'ref: refs/../../secret'],
    ['a ref that leads to itself', 'ref: refs/heads/loop'],
    ['a ref that is not there', 'ref: refs/heads/none'],
    ['no ref', 'x'.repeat(100)],
    ['nothing', ''],
  ])('is none where HEAD has %s', async (_, head) => {
    await write('.git/HEAD', head);
    await write('.git/refs/heads/loop', 'ref: refs/heads/loop');
    await write('secret', SHA);
    expect(gitCommit(root)).toBeUndefined();
  });

  it('is none in a repository without commits', () => {
    git(root, 'init', '-q');
    expect(gitCommit(root)).toBeUndefined();
  });
});
