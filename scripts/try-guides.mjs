// Compiles what the guides of docs/moving say an app looked like before, with the packages that it comes from: none of
// them is installed here.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm, runCommand } from './apps/run-command.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Which guides are compiled with the packages of which folder of test/moving/before. */
const GUIDES = { 'nest-10': ['from-nest-raven', 'from-ntegral'], 'nest-11': ['from-sentry-nestjs'] };
/** Where only the name of the package changes, what a guide shows after is also what was before. */
const RENAMED = { 'from-ntegral': ['nestjs-raven/compat/ntegral', '@ntegral/nestjs-sentry'] };

const folder = mkdtempSync(join(tmpdir(), 'nestjs-raven-guides-'));
let failed = 0;
try {
  for (const [packages, guides] of Object.entries(GUIDES)) {
    const at = join(folder, packages);
    const before = join(ROOT, 'test/moving/before');
    cpSync(join(before, packages), at, { recursive: true });
    cpSync(join(before, 'tsconfig.json'), join(at, 'tsconfig.json'));
    for (const guide of guides) {
      for (const [name, code] of codeBefore(guide)) write(join(at, guide, name), code);
    }
    // Their peers name versions of each other that nobody could install together.
    await npm(at, 'install', '--legacy-peer-deps');
    try {
      await runCommand(at, join(at, 'node_modules/.bin/tsc'), '-p', '.');
      console.log(`ok: ${guides.join(', ')}`);
    } catch (error) {
      failed++;
      console.log(`FAILED: ${error.message}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${Object.keys(GUIDES).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function codeBefore(guide) {
  const page = readFileSync(join(ROOT, `docs/moving/${guide}.md`), 'utf8');
  const blocks = [...page.matchAll(/^```ts\n\/\/ (before: )?(\S+\.ts)\n(.*?)^```/gms)];
  const shown = blocks.flatMap(([, isBefore, name, code]) => (isBefore ? [[name, code]] : []));
  if (shown.length === 0) throw new Error(`${guide} shows nothing of before`);
  const [ours, theirs] = RENAMED[guide] ?? [];
  const renamed = blocks.flatMap(([, isBefore, name, code]) =>
    !isBefore && ours !== undefined && code.includes(ours) ? [[name, code.replaceAll(ours, theirs)]] : [],
  );
  return new Map([...renamed, ...shown]);
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
