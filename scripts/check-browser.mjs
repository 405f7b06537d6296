// Opens Spotlight's page in a real browser and finds the sample's error on it, with its cause, breadcrumbs and tags. Leaves a screenshot
// at docs/spotlight-error.png. CHROMIUM names the browser; default `chromium` of the path.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { freePort } from './background-process.mjs';
import { sendRequest, startOrdersSample } from './orders-sample.mjs';
import { startSpotlight } from './spotlight.mjs';

const SCREENSHOT = fileURLToPath(new URL('../docs/spotlight-error.png', import.meta.url));
const DETAILS = [
  'DatabaseError',
  'cannot read order 1',
  'ECONNREFUSED postgres://********@archive:5432/orders',
];
const BREADCRUMBS = ['look for order 1 in the archive'];
const CONTEXT = ['order.id', 'db.table', 'archive', 'area', 'orders', '/orders/1/archived'];
const WITHIN_MS = 10_000;

const spotlight = await startSpotlight(await freePort());
const app = await startOrdersSample(await freePort(), spotlight.dsn);
const profile = mkdtempSync(join(tmpdir(), 'nestjs-raven-browser-'));
let browser;
try {
  await sendRequest(app.url, { path: '/orders/1/archived', customer: 'ada' });
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
  await page.goto(spotlight.url);
  await page.getByText('Errors').first().click();
  // The list names an error by the innermost of its causes.
  await page.getByText('ECONNREFUSED').first().click();
  await finds(DETAILS);
  await page.getByText('Breadcrumbs', { exact: true }).first().click();
  await finds(BREADCRUMBS);
  await page.getByText('Context', { exact: true }).first().click();
  await finds(CONTEXT);
  mkdirSync(join(SCREENSHOT, '..'), { recursive: true });
  await page.screenshot({ path: SCREENSHOT });
} finally {
  await browser?.close();
  await app.stop();
  await spotlight.stop();
  rmSync(profile, { recursive: true, force: true });
}
