// Opens Spotlight's page in a real browser and finds the sample's error on it, with its cause, the lines of TypeScript that
// threw it, breadcrumbs and tags. Leaves what docs/one-error.md shows in docs/. CHROMIUM names the browser; default
// `chromium` of the path.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { freePort } from './background-process.mjs';
import { takeStep } from './sample-steps.mjs';
import { startSample } from './samples.mjs';
import { startSpotlight } from './spotlight.mjs';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const DETAILS = [
  'DatabaseError',
  'cannot read order 1',
  'ECONNREFUSED postgres://********@archive:5432/orders',
];
/** The sample runs as JavaScript; what it was compiled from is in its source maps. */
const SOURCE = [
  'sample/01-orders/src/orders/orders.repository.ts',
  'private async connect(): Promise<never>',
];
const BREADCRUMBS = ['look for order 1 in the archive'];
const CONTEXT = ['order.id', 'db.table', 'archive', 'area', 'orders', '/orders/1/archived'];
const WITHIN_MS = 10_000;

const spotlight = await startSpotlight(await freePort());
const app = await startSample('01-orders', [await freePort()], spotlight.dsn);
const profile = mkdtempSync(join(tmpdir(), 'nestjs-raven-browser-'));
let browser;
try {
  await takeStep(app, { path: '/orders/1/archived', headers: { 'X-Customer': 'ada' } });
  await app.stop();
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(),
    viewport: { width: 1280, height: 720 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await browser.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const finds = async (texts) => {
    for (const text of texts) {
      await page.getByText(text).first().waitFor();
      console.log(`shown: ${text}`);
    }
  };
  const session = await page.context().newCDPSession(page);
  // Less than half as large as PNG, which is all that Playwright itself writes without loss; the package has them.
  const shoot = async (name) => {
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 90 });
    writeFileSync(join(DOCS, `${name}.webp`), Buffer.from(data, 'base64'));
  };
  await page.goto(spotlight.url);
  await page.getByText('Errors').first().click();
  // The list names an error by the innermost of its causes.
  await page.getByText('ECONNREFUSED').first().click();
  await finds([...DETAILS, ...SOURCE]);
  await shoot('one-error-stack');
  await page.getByText('Breadcrumbs', { exact: true }).first().click();
  await finds(BREADCRUMBS);
  await shoot('one-error-breadcrumbs');
  await page.getByText('Context', { exact: true }).first().click();
  await finds(CONTEXT);
  await shoot('spotlight-error');
} finally {
  await browser?.close();
  await app.stop();
  await spotlight.stop();
  rmSync(profile, { recursive: true, force: true });
}
