import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { createTvApp } from '../../channels/tv/app/index.js';
import { systemClock } from '../../src/clock.js';
import type { Screen } from '../../src/contracts/television.js';
import { createServer, type HttpServer } from '../../src/http/server.js';
import { createIds } from '../../src/ids.js';
import { silentLog } from '../support/silent_log.js';
import { type Devices, SLOW_MS, useBrowser } from './browser.js';
import { TELEVISION } from './television.js';
import { type Answer, type Asked, HANDOVER, screenOf, serveScreens } from './tv_screens.js';

/** The application alone, in a browser, before a server of screens. */
export interface Glass {
  readonly browser: Devices;
  /** The address of the application. */
  at(): string;
  /** Opens it. `prepare`: a script that runs in the page before ours. */
  turnOn(
    answer: (asked: Asked, before: readonly Asked[]) => Answer,
    prepare?: string,
  ): Promise<{ page: Page; asked: readonly Asked[] }>;
  /** What pictures of hand-overs are drawn from. */
  draw(screen: Screen): void;
}

export function useGlass(executablePath: string): Glass {
  const browser = useBrowser(executablePath);
  const clock = systemClock();
  let server: HttpServer;
  let url = '';
  let drawn = screenOf(HANDOVER);
  beforeAll(async () => {
    const desk = { look: async (session: string) => ({ session, screen: drawn, pollInterval: 1 }) };
    server = createServer({
      ...{
        api: null,
        hot: [],
        routers: [createTvApp({ desk, keys: [], framed: false })],
        publicUrl: 'http://127.0.0.1',
      },
      ...{ log: silentLog(), ids: createIds({ clock }), clock, trustedProxies: 0 },
    });
    url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/tv/app?session=a-session-of-a-test`;
  }, SLOW_MS);
  afterAll(() => server?.close(0));

  return {
    browser,
    at: () => url,
    async turnOn(answer, prepare = '') {
      const page = await browser.open({ viewport: TELEVISION });
      if (prepare !== '') await page.addInitScript(prepare);
      const asked = await serveScreens(page, answer);
      await page.goto(url);
      return { page, asked };
    },
    draw(screen) {
      drawn = screen;
    },
  };
}
