// Walks the built site (`npm run docs`) in a real browser: every page, and every page that one links to, opens without an
// error on the widths of a desktop and of a phone, every link, heading and image is there, nothing is wider than the
// window, and the search finds options, decorators, entries and commands. CHROMIUM names the browser; default `chromium`
// of the path. `--pictures FOLDER` leaves pictures of the pages, `--dark` looks at them by night.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { lookAtPage } from './docs/look-at-page.mjs';
import { ROOT } from './docs/root.mjs';
import { searchedWords } from './docs/searched-words.mjs';
import { serveFolder } from './docs/serve-folder.mjs';
import { pagesOfSite } from './docs/sidebar.mjs';

const SITE = join(ROOT, 'docs/.vitepress/dist');
const WIDTHS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** Pages that would be of no use without code. */
const WITH_CODE = /^\/(?:|(?:getting-started|decorators|recipes|contexts\/\w+)\.html)$/;
/** Pages that are looked at side by side. */
const AT_A_TIME = 3;
const WITHIN_MS = 30_000;
const SEARCH_WITHIN_MS = 5000;

const { values } = parseArgs({ options: { pictures: { type: 'string' }, dark: { type: 'boolean' } } });
if (!existsSync(SITE)) throw new Error('there is no site yet: npm run docs');
const served = await serveFolder(SITE);
const profile = mkdtempSync(join(tmpdir(), 'nestjs-raven-docs-'));
const waiting = pagesOfSite().map((page) => `/${page}.html`.replace(/\/index\.html$/, '/'));
const seen = new Map();
const problems = new Set();
let browser;
try {
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim(),
    colorScheme: values.dark ? 'dark' : 'light',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  browser.setDefaultTimeout(WITHIN_MS);
  // Pages that nobody asks for yet are not fetched: that would be broken off when this one is left.
  await browser.addInitScript(() =>
    Object.defineProperty(navigator, 'connection', { value: { saveData: true } }),
  );
  await Promise.all(Array.from({ length: AT_A_TIME }, walk));
  checkHeadings();
  console.log(`${seen.size} pages on ${Object.keys(WIDTHS).join(' and ')}`);
  await search(searchedWords());
} finally {
  await browser?.close();
  await served.stop();
  rmSync(profile, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(problems.size === 0 ? 'Nothing is missing.' : `${problems.size} problems`);
process.exitCode = problems.size === 0 ? 0 : 1;

/** Looks at pages that wait until none is left. */
async function walk() {
  const page = await browser.newPage();
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    seen.set(path, undefined);
    const found = await lookAtPage(page, served.url + path, WIDTHS, (width) => shoot(page, path, width));
    seen.set(path, found);
    for (const fault of found.faults) problems.add(`${path}: ${fault}`);
    if (found.codeBlocks === 0 && WITH_CODE.test(path)) problems.add(`${path}: no code`);
    for (const link of insideOf(found.links)) {
      if (!seen.has(link.path) && !waiting.includes(link.path)) waiting.push(link.path);
    }
  }
  await page.close();
}

function checkHeadings() {
  for (const [page, { links }] of seen) {
    for (const { path, heading } of insideOf(links)) {
      if (heading === '' || seen.get(path).headings.includes(heading)) continue;
      problems.add(`${page}: there is no heading ${path}#${heading}`);
    }
  }
}

/** Links to the site itself. */
function insideOf(links) {
  return links
    .map((link) => new URL(link))
    .filter(({ origin }) => origin === served.url)
    .map(({ pathname, hash }) => ({ path: pathname, heading: decodeURIComponent(hash.slice(1)) }));
}

/** Types words into the search, and follows what it finds of the last one. */
async function search(words) {
  const page = await browser.newPage();
  await page.setViewportSize(WIDTHS.desktop);
  await page.goto(served.url);
  await page.locator('#local-search button').click();
  const box = page.locator('.VPLocalSearchBox');
  for (const [word, place] of words) {
    await box.locator('input').fill(word);
    const found = box.locator(`a.result[href="${place}"]`);
    await found.waitFor({ timeout: SEARCH_WITHIN_MS }).catch(() => {
      problems.add(`the search for ${word} does not find ${place}`);
    });
  }
  console.log(`${words.length} words were searched for`);
  await box.locator('a.result').first().click();
  await box.waitFor({ state: 'detached' });
  await page.locator('.vp-doc').waitFor();
  await page.close();
}

async function shoot(page, path, width) {
  if (values.pictures === undefined) return;
  mkdirSync(values.pictures, { recursive: true });
  const name = path.replace(/^\/|\.html$/g, '').replaceAll('/', '-') || 'index';
  await page.screenshot({ path: join(values.pictures, `${name}-${width}.png`) });
}
