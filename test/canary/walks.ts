/** Every way a card number, a security code or a one-time code can take into the house. What comes back is kept. */
import { type Answer, createBrowser, formOf } from '../channels/web/page_server.js';
import { passChallenge } from '../process/payers.js';
import { pause } from '../process/requests.js';

export const KEY = 'sk_test_demo';

/** Everything that was sent out of the house: pages, answers, webhooks. Where it came from, and its bytes. */
export interface Seen {
  readonly where: string;
  readonly text: string;
}

export interface Walker {
  readonly url: string;
  readonly seen: Seen[];
}

/** What a payer types into the page of one payment, number by number. */
export interface Typed {
  readonly number: string;
  readonly securityCode: string;
  /** As a browser with scripts describes itself, or not at all. */
  readonly scripted: boolean;
}

const EXPIRY = '12/34';
/** A wrong one-time code, then the right one of the sandbox. */
export const WRONG_ONE_TIME_CODE = '83920471';
export const ONE_TIME_CODE = '123456';
const STEPS_MAX = 60;
const LOOK_AGAIN_MS = 60;
const SCRIPTED = {
  browser_script: 'yes',
  browser_language: 'fr-FR',
  browser_color_depth: '24',
  browser_screen_height: '900',
  browser_screen_width: '1440',
  browser_timezone_offset: '-120',
};

/** Creates a payment; answers its id and the address of its page. */
export async function newPayment(walker: Walker, wanted: object = {}): Promise<{ id: string; path: string }> {
  const reference = `CANARY-${walker.seen.length}-${Math.random().toString(36).slice(2)}`;
  const body = { amount: 4_250, currency: 'EUR', reference, ...wanted };
  const answer = await call(walker, 'POST', '/v1/payments', JSON.stringify(body));
  const payment = JSON.parse(answer.text) as { id: string; links: { pay: string } };
  return { id: payment.id, path: new URL(payment.links.pay).pathname };
}

/** One request of a merchant's server, whatever it says. */
export async function call(
  { url, seen }: Walker,
  method: string,
  path: string,
  body: string | null = null,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(url + path, {
    method,
    body,
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
  });
  const text = await response.text();
  seen.push({ where: `${method} ${path.slice(0, 30)} ${response.status}`, text });
  return { status: response.status, text };
}

/** A browser whose pages are kept, without what the payer's own form shows again to the one who typed it. */
export function recordedBrowser({ url, seen }: Walker): ReturnType<typeof createBrowser> {
  const browser = createBrowser(url);
  const record = (where: string, answer: Answer): Answer => {
    seen.push({ where: `${where} ${answer.status}`, text: withoutTyped(answer.body) });
    seen.push({ where: `headers of ${where}`, text: JSON.stringify([...answer.headers]) });
    return answer;
  };
  return {
    cookies: browser.cookies,
    ask: async (path, init) => record(`page ${path.slice(0, 10)}`, await browser.ask(path, init)),
    submit: async (page, to, typed, init) => record(`answer to ${to}`, await browser.submit(page, to, typed, init)),
    extend: async (page, typed) => record('answer to /extend', await browser.extend(page, typed)),
  };
}

/** Number, expiry and code come back in their own input and nowhere else; the security code does not come back at all. */
function withoutTyped(page: string): string {
  return page.replaceAll(/<input [^>]*\bname="(?:number|expiry|code)"[^>]*>/g, '<input>');
}

/**
 * Pays at the page with one card after the other: first wrongly in every way, then rightly, through device check and
 * challenge; a decline brings the next card.
 */
export async function payAtPage(walker: Walker, cards: readonly Typed[]): Promise<string> {
  const { id, path } = await newPayment(walker);
  const browser = recordedBrowser(walker);
  await mistype(browser, path, cards[0] as Typed);
  await payWith(browser, path, cards);
  return id;
}

/** At the page of a payment in this browser, card by card, with a wrong one-time code and the right one at each challenge. */
export async function payWith(
  browser: ReturnType<typeof createBrowser>,
  path: string,
  cards: readonly Typed[],
): Promise<void> {
  const hand = [...cards];
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const page = await browser.ask(path);
    if (page.body.includes('class="outcome ')) break;
    if (page.body.includes('/card"')) {
      const card = hand.shift();
      if (card === undefined) break;
      await browser.submit(page, '/card', { ...fieldsOf(card), ...(card.scripted ? SCRIPTED : {}) });
    } else if (page.body.includes('/device-check"')) {
      await browser.submit(page, '/device-check', { completed: 'Y' });
    } else if (page.body.includes('data-challenge')) {
      await passChallenge(page, [
        { decision: 'code', code: WRONG_ONE_TIME_CODE },
        { decision: 'code', code: ONE_TIME_CODE },
      ]);
    } else {
      await pause(LOOK_AGAIN_MS);
    }
  }
}

const fieldsOf = ({ number, securityCode }: Typed) => ({
  number: number.replaceAll(/(\d{4})(?=\d)/g, '$1 '),
  expiry: EXPIRY,
  security_code: securityCode,
});

/** Every post that is not taken: the wrong field, the wrong page, the wrong browser, the wrong length. */
async function mistype(browser: ReturnType<typeof createBrowser>, path: string, card: Typed): Promise<void> {
  const page = await browser.ask(path);
  const right = fieldsOf(card);
  const { number } = card;
  await browser.submit(page, '/card', { ...right, expiry: '01/20' });
  await browser.submit(page, '/card', { ...right, security_code: number });
  await browser.submit(page, '/card', { ...right, number: `${number}0`, expiry: number });
  await browser.submit(page, '/card', { ...right, nonce: number });
  await browser.submit(page, '/card', { ...right, prompt: number });
  await browser.submit(page, '/card', { ...right, unknown: number, [number]: 'yes' });
  await browser.submit(page, '/card', right, { headers: { 'sec-fetch-site': 'cross-site' } });
  await browser.submit(page, '/card', { ...right, padding: number.repeat(1_200) });
  const { action, fields } = formOf(page.body, '/card');
  const json = JSON.stringify({ ...fields, ...right });
  await browser.ask(action, { method: 'POST', body: json, headers: { 'content-type': 'application/json' } });
  await browser.ask(`${path}?number=${number}&security_code=${card.securityCode}`);
  await browser.ask(`${path}/${number}`);
  await browser.ask(`${path}/brands`, { method: 'POST', body: new URLSearchParams({ digits: number }) });
  await browser.ask(path, { headers: { 'user-agent': number, accept: number, 'accept-language': number } });
  const link = await browser.ask('/link');
  await browser.submit(link, '/link', { code: number });
}
