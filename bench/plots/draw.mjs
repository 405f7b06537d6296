// npm run bench:plots [-- results-folder output-folder]: draws what bench/results holds to docs/plots. Vega is installed
// here when it is first needed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { figuresOf } from './figures.mjs';
import { readResults } from './read-results.mjs';
import { footprintPlot } from './specs/footprint.mjs';
import { growthPlot } from './specs/growth.mjs';
import { lostPlot } from './specs/lost.mjs';
import { p99Plot } from './specs/p99.mjs';
import { ratioPlot } from './specs/ratio.mjs';

const INSTALL_TIMEOUT_MS = 90_000;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const [results = here('../results'), output = here('../../docs/plots')] = process.argv.slice(2);

if (!existsSync(here('node_modules/vega-lite'))) {
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  execFileSync('npm', args, { cwd: here('.'), stdio: 'inherit', timeout: INSTALL_TIMEOUT_MS });
}
const { toSvg } = await import('./to-svg.mjs');

const { latest, curves } = readResults(results);
const figures = latest && figuresOf(latest);
const drawn = [
  ...(figures ? [ratioPlot, p99Plot, footprintPlot, lostPlot].map((plot) => plot(figures)) : []),
  growthPlot(curves),
].filter(Boolean);
if (drawn.length === 0) throw new Error(`${results} has nothing to draw: npm run bench comes first`);

mkdirSync(output, { recursive: true });
for (const plot of drawn) {
  const path = join(output, `${plot.name}.svg`);
  writeFileSync(path, await toSvg(plot));
  console.log(path);
}
