/** Payers at the page: they type, click twice, follow challenges, and reload whenever the page does not come. */
import { type Answer, createBrowser, formOf } from '../channels/web/page_server.js';
import { order, type Shop } from './merchants.js';
import { pause } from './requests.js';

const EXPIRY = '12/34';
const SECURITY_CODE = '123';
const APPROVED = '4242 4242 4242 4242';
/** What payers hold in their hands, in the order they try it. */
const WALLETS: readonly (readonly string[])[] = [
  [APPROVED],
  [APPROVED],
  ['4111 1111 1111 1111'],
  ['4000 0000 0000 3220'],
  ['4000 0000 0000 3220'],
  ['4000 0010 0000 0224'],
  ['4000 0084 0000 1629', APPROVED],
  ['4000 0000 0000 0002', APPROVED],
  ['4000 0010 0000 0083'],
  ['4000 0010 0000 0075'],
  ['4000 0010 0000 0091'],
];
const LOOK_AGAIN_MS = 60;

/** One payer after the other comes to this shop until the run is over. Each stays until told how it ended. */
export async function payInTurn(shop: Shop): Promise<void> {
  while (!shop.hours.isOver) {
    const capture = shop.random.pick(['automatic', 'manual']);
    const payment = await order(shop, { capture });
    const links = payment['links'] as { pay: string | null };
    if (links.pay === null) shop.caller.wrong(`${payment['id']} has no page`);
    else await pay(shop, new URL(links.pay));
    await pause(shop.random.between(0, 100));
  }
}

/** Goes through the page until it tells the outcome. */
async function pay(shop: Shop, { pathname }: URL): Promise<void> {
  const { random, caller, hours } = shop;
  const browser = createBrowser(() => caller.url);
  const cards = [...random.pick(WALLETS)];
  const cancels = random.chance(0.05);
  while (Date.now() < hours.waitUntil) {
    try {
      const page = await browser.ask(pathname);
      note(shop, 'the page', page);
      if (/class="outcome \w+"/.test(page.body)) return;
      if (cancels && hasForm(page, '/cancel') && random.chance(0.5)) await browser.submit(page, '/cancel');
      else if (!(await goOn(shop, browser, page, cards))) await pause(LOOK_AGAIN_MS);
    } catch {
      // The server is away: a payer presses reload.
      await pause(LOOK_AGAIN_MS);
    }
  }
  caller.wrong(`a payer at ${pathname.slice(0, 20)}… was never told the outcome`);
}

function note({ caller }: Shop, what: string, { status }: Answer): void {
  if (status === 503 && caller.refused !== undefined) caller.refused();
  else if (status >= 500) caller.wrong(`${what} answered ${status}`);
}

/** Does what the page asks for; false when it asks for nothing. */
async function goOn(
  shop: Shop,
  browser: ReturnType<typeof createBrowser>,
  page: Answer,
  cards: string[],
): Promise<boolean> {
  const { random } = shop;
  if (hasForm(page, '/card')) {
    const typed = { number: cards[0] ?? APPROVED, expiry: EXPIRY, security_code: SECURITY_CODE };
    const clicks = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => browser.submit(page, '/card', typed));
    const answers = await Promise.all(clicks);
    for (const answer of answers) note(shop, 'the card form', answer);
    if (cards.length > 1) cards.shift();
    return true;
  }
  if (hasForm(page, '/security-code')) {
    await browser.submit(page, '/security-code', { security_code: SECURITY_CODE });
    return true;
  }
  if (hasForm(page, '/device-check')) {
    await browser.submit(page, '/device-check');
    return true;
  }
  if (!page.body.includes('data-challenge')) return false;
  await passChallenge(page);
  return true;
}

const ISSUER = '/acs/challenge';

/**
 * From our page to the issuer's, and with what it says back to ours, as a browser without scripts does it. `answers` are
 * given one after the other for as long as the issuer asks.
 */
export async function passChallenge(
  page: { readonly body: string },
  answers: readonly Readonly<Record<string, string>>[] = [{ decision: 'approve' }],
): Promise<void> {
  const challenge = formOf(page.body, ISSUER);
  const issuer = new URL(challenge.action).origin;
  let shown = await postOutside(challenge.action, challenge.fields);
  for (const answer of answers) {
    if (!shown.includes('action="/acs/answer"')) break;
    const asked = formOf(shown, '/acs/answer');
    shown = await postOutside(issuer + asked.action, { ...asked.fields, code: '', ...answer });
  }
  const back = formOf(shown, '/return');
  await postOutside(back.action, back.fields);
}

async function postOutside(url: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
  return response.text();
}

function hasForm({ body }: Answer, to: string): boolean {
  return body.includes(`${to}"`) && new RegExp(`<form [^>]*action="[^"]*${to}"`).test(body);
}
