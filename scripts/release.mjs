// npm run release [-- --dry-run]: publishes the version of package.json with a statement of where it was built, and says
// first what stands in the way. It runs in a workflow that npm trusts (.github/workflows/release.yml).
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { hindrances } from './release-hindrances.mjs';

const isDryRun = process.argv.includes('--dry-run');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const found = hindrances({
  manifest,
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  changed: execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).trim(),
  pending: readdirSync('.changeset').filter((name) => name.endsWith('.md')),
  published: publishedVersions(manifest.name),
  env: process.env,
});
if (found.length > 0) {
  console.error(`${manifest.name} ${manifest.version} cannot be published:\n- ${found.join('\n- ')}`);
  process.exitCode = 1;
}
if (found.length === 0 || isDryRun) {
  const args = ['publish', ...(isDryRun ? ['--dry-run'] : ['--provenance', '--access', 'public'])];
  execFileSync('npm', args, { stdio: 'inherit' });
}

function publishedVersions(name) {
  try {
    const told = JSON.parse(execFileSync('npm', ['view', name, 'versions', '--json'], { encoding: 'utf8' }));
    return [told].flat();
  } catch (error) {
    // A package that was never published.
    if (String(error.stdout).includes('E404')) return [];
    throw error;
  }
}
