import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

type Hindrances = (state: object) => string[];

let hindrances: Hindrances;
beforeAll(async () => {
  const path = join(__dirname, '../../scripts/release-hindrances.mjs');
  ({ hindrances } = (await import(path)) as { hindrances: Hindrances });
});

const READY = {
  manifest: { version: '1.2.0', repository: { url: 'git+https://example.com/nestjs-raven.git' } },
  changelog: '# Changelog\n\n## 1.2.0\n\n- Something new.\n',
  changed: '',
  pending: [],
  published: ['1.0.0', '1.1.0'],
  env: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://example.com' } as Record<string, string>,
};

describe('a release', () => {
  it('has nothing in its way once all is told', () => {
    expect(hindrances(READY)).toEqual([]);
  });

  it.each([
    ['something is not committed', { changed: ' M lib/index.ts' }, 'not everything is committed'],
    ['a change has no version yet', { pending: ['two-cats.md'] }, 'two-cats.md: what is told there'],
    ['the version is there', { published: ['1.2.0'] }, '1.2.0 is published already'],
    ['nothing tells what is new', { changelog: '# Changelog\n' }, 'has no "## 1.2.0"'],
    ['the changelog is not finished', { changelog: '## 1.2.0 – unreleased\n' }, 'calls 1.2.0 unreleased'],
    ['nobody knows where it comes from', { manifest: { version: '1.2.0' } }, 'names no "repository"'],
    ['somebody publishes by hand', { env: {} }, 'cannot prove where it was built'],
  ])('is refused where %s', (_, differs, why) => {
    expect(hindrances({ ...READY, ...differs })).toEqual([expect.stringContaining(why)]);
  });
});
