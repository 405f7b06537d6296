/** What a page has in it; runs in the browser. */
function inspect() {
  const root = document.documentElement;
  const isOfItsOwn = (element) => element.closest('table, pre, [class*="language-"]') === null;
  const tooWide = [...document.querySelectorAll('.VPContent *')]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1 && isOfItsOwn(element))
    .map(({ tagName, textContent }) => `${tagName.toLowerCase()} “${textContent.trim().slice(0, 40)}”`);
  return {
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
    headings: [...document.querySelectorAll('[id]')].map(({ id }) => id),
    hidden: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).map(({ src }) => src),
    codeBlocks: document.querySelectorAll('.vp-doc pre code').length,
    overflowPx: root.scrollWidth - root.clientWidth,
    tooWide,
  };
}

/**
 * Opens a page, waits until it is alive, and looks at it on each width.
 *
 * @param widths - sizes of the window by name
 * @param look - is called with the name of each width while the page is shown on it
 * @returns `links`, `headings`, `codeBlocks`, and `faults`: errors in the console, requests that failed, images that are not
 *   shown, what is wider than the window
 */
export async function lookAtPage(page, url, widths, look) {
  const faults = [];
  const listeners = {
    console: (message) => {
      if (['error', 'warning'].includes(message.type())) faults.push(`console: ${message.text()}`);
    },
    pageerror: (error) => faults.push(`error: ${error.message}`),
    requestfailed: (request) => faults.push(`failed: ${request.url()}: ${request.failure()?.errorText}`),
    response: (response) => {
      if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
    },
  };
  for (const [event, listener] of Object.entries(listeners)) page.on(event, listener);
  await page.goto(url, { waitUntil: 'load' });
  // Vue has taken over what was rendered before.
  await page.waitForFunction(() => document.querySelector('#app')?.__vue_app__ !== undefined);
  await page.evaluate(() =>
    Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))),
  );
  let seen;
  for (const [name, size] of Object.entries(widths)) {
    await page.setViewportSize(size);
    seen = await page.evaluate(inspect);
    if (seen.overflowPx > 0)
      faults.push(`${seen.overflowPx} px too wide on ${name}: ${seen.tooWide.slice(0, 3).join(', ')}`);
    await look(name);
  }
  for (const [event, listener] of Object.entries(listeners)) page.off(event, listener);
  faults.push(...seen.hidden.map((src) => `not shown: ${src}`));
  return { ...seen, faults };
}
