/** Somebody at the payment page, in a browser of their own. */
import { type Answer, createBrowser } from '../web/page_server.js';
import type { MovesHouse, Order } from './house.js';

const SECURITY_CODE = '123';

export interface Visitor {
  readonly browser: ReturnType<typeof createBrowser>;
  /** The page as it is now. */
  look(): Promise<Answer>;
  /** The page, once it has this in it. */
  until(mark: string | RegExp): Promise<Answer>;
  giveCard(number: string, expiry: string): Promise<void>;
  /** At the issuer's, and back. */
  decide(decision: 'approve' | 'refuse'): Promise<void>;
  press(form: string, page?: Answer): Promise<Answer>;
}

export function visiting(house: MovesHouse, { path, id }: Order): Visitor {
  const browser = house.browser();
  const look = (): Promise<Answer> => browser.ask(path);

  async function until(mark: string | RegExp): Promise<Answer> {
    for (let looks = 0; looks < 30; looks += 1) {
      const payment = await house.payment(id);
      const page = await look();
      if (typeof mark === 'string' ? page.body.includes(mark) : mark.test(page.body)) return page;
      await house.watch(payment);
    }
    throw new Error(`the page never said ${mark}`);
  }

  return {
    browser,
    look,
    until,
    async giveCard(number, expiry) {
      await browser.submit(await look(), '/card', { number, expiry, security_code: SECURITY_CODE });
    },
    async decide(decision) {
      const page = await until('data-challenge');
      const asked = await createBrowser('').submit(page, '/acs/challenge');
      const { origin } = new URL(/action="(http[^"]*)\/acs\/challenge/.exec(page.body)?.[1] ?? '');
      const answered = await createBrowser(origin).submit(asked, '/acs/answer', { decision });
      const [, back = ''] = /action="([^"]*\/3ds\/return[^"]*)"/.exec(answered.body) ?? [];
      await browser.submit(answered, '/3ds/return').catch(() => browser.ask(new URL(back).pathname));
    },
    press: async (form, page) => browser.submit(page ?? (await look()), form),
  };
}
