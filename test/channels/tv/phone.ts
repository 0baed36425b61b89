/** A telephone's browser without scripts, on the page that a television leads to. */
import { passChallenge } from '../../process/payers.js';
import { type Answer, createBrowser, formOf, wordsOf } from '../web/page_server.js';

export interface Phone {
  /** What a person reads on the page as it is now. */
  look(): Promise<string>;
  /** Hands in a form of the page by the last part of its address; answers what is read on the page that comes back. */
  post(form: string, fields?: Record<string, string>): Promise<string>;
  payWith(number: string): Promise<void>;
  enterCode(code: string): Promise<void>;
  /** Waits for the issuer's challenge, passes it, and comes back. */
  answerChallenge(): Promise<void>;
  /** Waits for the issuer's challenge, and leaves it for another card. */
  leaveChallenge(): Promise<void>;
}

const LOOKS_MAX = 400;
const LOOK_AGAIN_MS = 50;

export function createPhone(address: string): Phone {
  const { origin, pathname } = new URL(address);
  const browser = createBrowser(origin);
  let path = pathname;
  let page: Answer;

  async function load(): Promise<Answer> {
    page = await browser.ask(path);
    return page;
  }

  async function follow(answer: Answer): Promise<string> {
    page = answer;
    const to = answer.headers.get('location');
    if (answer.status !== 303 || to === null) return wordsOf(answer);
    path = to;
    return wordsOf(await load());
  }

  async function post(form: string, fields: Record<string, string> = {}): Promise<string> {
    await load();
    if (page.body.includes(`action="${path}/${form}"`) && !page.body.includes(`formaction="${path}/${form}"`)) {
      return follow(await browser.submit(page, `/${form}`, fields));
    }
    // A button of the form for a card leads there, or somebody who made up the address.
    const body = new URLSearchParams({ ...formOf(page.body, '/card').fields, ...fields });
    return follow(await browser.ask(`${path}/${form}`, { method: 'POST', body }));
  }

  async function challenge(): Promise<Answer> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      if ((await load()).body.includes('data-challenge')) return page;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new Error(`no challenge came: ${wordsOf(page)}`);
  }

  return {
    look: async () => wordsOf(await load()),
    post,
    async payWith(number) {
      await post('card', { number, expiry: '12/34', security_code: '123' });
    },
    async enterCode(code) {
      await load();
      await follow(await browser.submit(page, '/link', { code }));
    },
    answerChallenge: async () => passChallenge(await challenge()),
    async leaveChallenge() {
      await challenge();
      await post('leave');
    },
  };
}
