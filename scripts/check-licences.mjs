// What an app installs with this package must be under a licence that asks for no more than its own does.
import { execFileSync } from 'node:child_process';

const ALLOWED = new Set([
  'MIT',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
]);

const text = execFileSync('npm', ['query', '.prod'], { encoding: 'utf8', maxBuffer: 2 ** 26 });
const installed = JSON.parse(text);
const others = installed.filter(({ license }) => !ALLOWED.has(license));
for (const { name, version, license } of others) {
  console.error(`${name} ${version} is under ${license ?? 'no licence that it names'}`);
}
console.log(`${installed.length - others.length} passed, ${others.length} failed`);
process.exitCode = others.length === 0 ? 0 : 1;
