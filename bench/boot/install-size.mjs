// node bench/boot/install-size.mjs: which packages, and how many bytes, an install of this one adds to bare Nest.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from './installed.mjs';

/** @returns what is in the second folder and not in the first: each package with the bytes of its files, the largest first */
export function added({ bare, 'nestjs-raven': raven }) {
  const before = new Set(packagesOf(bare));
  return packagesOf(raven)
    .filter((path) => !before.has(path))
    .map((path) => ({ name: path.replace(/^node_modules\//, ''), bytes: bytesOf(join(raven, path)) }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** What a table says of them. */
export function told(packages) {
  const bytes = packages.reduce((sum, one) => sum + one.bytes, 0);
  const list = packages.map((one) => `${one.name} ${Math.ceil(one.bytes / 1000)} kB`).join(', ');
  return `An install adds ${packages.length} packages, ${(bytes / 1e6).toFixed(2)} MB: ${list}`;
}

function packagesOf(folder) {
  const lock = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  return Object.keys(lock.packages);
}

/** Without packages within it, which are listed themselves. */
function bytesOf(folder) {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += bytesOf(path);
    else if (entry.isFile()) sum += statSync(path).size;
  }
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = added(installed());
  console.log(told(packages));
  console.log(JSON.stringify({ packages }));
}
