import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it is now, one line each; none when all is well. All of its rules, or the one of contrast. */
export async function axeFinds(page: Page, rules: 'all' | 'contrast'): Promise<string[]> {
  // Evaluated by the debugger, which no policy of the page stands against.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe);
  const options =
    rules === 'all' ? { resultTypes: ['violations'] } : { runOnly: ['color-contrast'], resultTypes: ['violations'] };
  const found = await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`,
  );
  return found as string[];
}

/** Begins to add up how far the page moves without the payer's doing (Cumulative Layout Shift), from the first paint on. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(`window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });`);
}

export const shiftOf = async (page: Page): Promise<number> => Number(await page.evaluate('window.shifted'));

/** Whether something stands out at the side, so that it must be scrolled to. */
export const overflows = async (page: Page): Promise<boolean> =>
  Boolean(await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'));

/** Adds up the bytes that come over the network from now on, heads included. */
export async function weigh(page: Page): Promise<() => number> {
  const client = await page.context().newCDPSession(page);
  let bytes = 0;
  await client.send('Network.enable');
  client.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  return () => bytes;
}

/** Where the page has gone with its requests, and how often it was loaded as a whole. */
export function watchRequests(page: Page): { readonly origins: Set<string>; navigations(): number } {
  const origins = new Set<string>();
  let navigations = 0;
  page.on('request', (request) => {
    if (request.url().startsWith('data:')) return;
    origins.add(new URL(request.url()).origin);
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) navigations += 1;
  });
  return { origins, navigations: () => navigations };
}
