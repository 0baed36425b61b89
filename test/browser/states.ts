import type { Page } from 'playwright-core';
import type { Visit } from '../../src/contracts/channel.js';
import type { Picture } from '../../src/contracts/picture.js';
import {
  CAPABILITY,
  CHALLENGE,
  DEVICE_CHECK,
  ended,
  type FakeCounter,
  fakeCounter,
  NOW,
  SECURITY_CODE,
  type Server,
  servePage,
  TOKEN,
  VISIT,
  WAIT,
} from '../channels/web/page_server.js';

/** A stage on which every page can be set up at once: the web channel over HTTP, in front of a counter that says what we want. */
export interface Stage {
  readonly counter: FakeCounter;
  readonly url: string;
  readonly link: string;
  /** What the page shows from now on; whoever waits for it is told. */
  set(change: Partial<Visit>): void;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const counter = fakeCounter();
  let told = (): void => undefined;
  counter.watch = (_token, version) =>
    new Promise((resolve) => {
      if (counter.shows === null || counter.shows.version > version) resolve();
      else told = resolve;
    });
  const rulesOf = (brand: string) => ({
    lengths: [brand === 'amex' ? 15 : 16],
    securityCodeLength: brand === 'amex' ? 4 : 3,
  });
  const brandsOf = (number: string): readonly string[] => {
    const digits = number.replace(/\D/g, '');
    if (digits.startsWith('497010')) return ['cb', 'visa'];
    return digits.startsWith('37') ? ['amex'] : digits.startsWith('5') ? ['mastercard'] : ['visa'];
  };
  const visit = counter.visit;
  counter.visit = (token, device) => {
    if (token === 'a-broken-store') throw new Error('the store is away');
    return visit(token, device);
  };
  const server: Server = await servePage(counter, {
    rulesOf,
    brandsOf,
    pictureNamed: (name) => PICTURES.get(name) ?? null,
  });
  return {
    counter,
    url: server.url,
    link: `${server.url}/pay/${TOKEN}`,
    set(change) {
      const version = (counter.shows?.version ?? VISIT.version) + 1;
      counter.shows = { ...VISIT, ...LOGOS, ...change, version };
      counter.answers = { taken: true };
      told();
    },
    close: () => server.close(),
  };
}

/** Logos of the largest size that we take: a PNG of one colour with as much behind it. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function picture(name: string, size: number): [string, Picture] {
  const dot = Buffer.from(DOT, 'base64');
  const bytes = Buffer.concat([dot, Buffer.alloc(size - dot.length, 'x')]);
  return [name, { name, type: 'image/png', bytes, width: 120, height: 40 }];
}

const PICTURES = new Map([picture('merchant.png', 20_480), picture('operator.png', 12_288)]);

const LOGOS: Partial<Visit> = {
  merchant: { ...VISIT.merchant, accentColour: '#0a5c4f', logo: { name: 'merchant.png', width: 120, height: 40 } },
  operatorLogo: { name: 'operator.png', width: 120, height: 40 },
};

/** One page as somebody sees it, and how it is brought about once it is open. */
export interface State {
  readonly name: string;
  readonly visit?: Partial<Visit>;
  readonly path?: string;
  act?(page: Page, stage: Stage): Promise<void>;
}

const invalid: FakeCounter['answers'] = {
  taken: false,
  because: 'invalid',
  problems: [
    { field: 'number', message: 'card.number.checksum' },
    { field: 'expiry', message: 'card.expiry.past' },
    { field: 'security_code', message: 'card.security_code.length' },
  ],
};

async function type(page: Page, number: string): Promise<void> {
  await page.locator('#number').pressSequentially(number);
  await page.locator('#expiry').fill('12/34');
  await page.locator('#security_code').fill('123');
}

/** A post that our own page did not make. */
async function postFromElsewhere(page: Page, address: string, fields: Record<string, string> = {}): Promise<void> {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  await page.goto('about:blank');
  await page.setContent(`<form method="post" action="${address}">${inputs.join('')}<button>Go</button></form>`);
  await page.getByRole('button', { name: 'Go' }).click();
  await page.locator('[data-page]').waitFor();
}

const shows = (page: Page, selector: string) => page.locator(selector).first().waitFor();

export const STATES: readonly State[] = [
  { name: 'card' },
  { name: 'card without logos', visit: { merchant: VISIT.merchant, operatorLogo: null, mode: 'live' } },
  {
    name: 'card, wrong by the script',
    async act(page) {
      await type(page, '4242424242424243');
      await page.locator('#expiry').fill('13/99');
      await page.locator('[data-pay]').click();
      await shows(page, '.notice.problem');
    },
  },
  {
    name: 'card, wrong by the server',
    async act(page, { counter }) {
      counter.answers = invalid;
      await type(page, '4242424242424242');
      await page.locator('[data-pay]').click();
      await shows(page, '#number-problem');
    },
  },
  {
    name: 'card, co-badged',
    async act(page) {
      await type(page, '4970100000000006');
      await shows(page, '[data-brands] input');
    },
  },
  { name: 'card, American Express', act: (page) => type(page, '378282246310005') },
  { name: 'card after a decline', visit: { decline: { code: 'insufficient_funds', advice: 'other_instrument' } } },
  { name: 'card, two minutes before the end', visit: { expiresAt: NOW + 100_000 } },
  {
    name: 'more time given',
    visit: { expiresAt: NOW + 100_000 },
    async act(page, stage) {
      const { counter } = stage;
      if (counter.shows !== null) counter.shows = { ...counter.shows, expiresAt: NOW + 700_000 };
      await page.locator('[data-more-time]').click();
      await page.locator('[data-said]:not(:empty)').waitFor();
    },
  },
  {
    name: 'card, come from a television',
    visit: { onTelevision: true, television: { operator: 'Télé Lune', code: '482 109 3756' } },
  },
  { name: 'security code again', visit: SECURITY_CODE },
  { name: 'device check', visit: DEVICE_CHECK },
  { name: 'challenge', visit: CHALLENGE },
  { name: 'challenge elsewhere', visit: { ...CHALLENGE, follow: null } },
  { name: 'challenge elsewhere, to be gone on with here', visit: { ...CHALLENGE, follow: null, takesOver: true } },
  { name: 'waiting', visit: WAIT },
  { name: 'being paid elsewhere', visit: { ...WAIT, elsewhere: 'ivr' } },
  {
    name: 'waiting while the server is away',
    visit: WAIT,
    async act(page) {
      await page.route('**/pay/**', (route) => route.abort());
      await page.locator('[data-look]').click();
      await page.locator('[data-away]:not(:empty)').waitFor();
      await page.unroute('**/pay/**');
    },
  },
  { name: 'paid', visit: ended('succeeded') },
  { name: 'paid elsewhere', visit: { ...ended('succeeded'), elsewhere: 'ivr' } },
  { name: 'held elsewhere', visit: { ...ended('requires_capture'), elsewhere: 'tv' } },
  { name: 'paid, no way back', visit: { ...ended('succeeded'), returnTo: null, cancelTo: null } },
  { name: 'held', visit: ended('requires_capture') },
  { name: 'refused', visit: { ...ended('failed'), decline: { code: 'lost_card', advice: 'stop' } } },
  { name: 'canceled', visit: ended('canceled') },
  { name: 'expired', visit: ended('expired') },
  { name: 'under review', visit: ended('requires_review') },
  { name: 'link', path: '/link' },
  {
    name: 'link, unknown code',
    path: '/link',
    async act(page) {
      await page.locator('#code').fill('5821093756');
      await page.locator('.primary').click();
      await shows(page, '#code-problem');
    },
  },
  {
    name: 'link, too many codes',
    path: '/link',
    async act(page) {
      await page.locator('#code').fill('9821093756');
      await page.locator('.primary').click();
      await shows(page, '#code-problem');
    },
  },
  { name: 'no payment', path: '/pay/nothing-of-this-name' },
  { name: 'refused post', act: (page, { link }) => postFromElsewhere(page, `${link}/cancel`) },
  {
    name: 'too large',
    act: (page, { link }) => postFromElsewhere(page, `${link}/card`, { number: '4'.repeat(20_000) }),
  },
  { name: 'wrong method', act: (page, { link }) => postFromElsewhere(page, link) },
  { name: 'busy', path: '/pay/a-broken-store' },
  { name: 'back from the issuer elsewhere', path: `/3ds/return/${CAPABILITY}` },
];
