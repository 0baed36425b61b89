import { expect, it } from 'vitest';
import { html } from '../../../src/contracts/html.js';
import { labPage } from '../../../src/lab/page/pages.js';
import type { ShownPayment } from '../../../src/lab/page/sources.js';

const payment = (change: Partial<ShownPayment>): ShownPayment => ({
  ...{ id: 'pay_1', reference: 'SHOP-1', status: 'succeeded', amount: 1_200, currency: 'EUR', created_at: '' },
  ...{ attempts: [], links: { pay: null }, next_actions: [] },
  ...change,
});

const NOTHING = { story: null, exchanges: [], wire: [], journal: [], ledger: [], mails: null };
const VIEW = {
  ...{
    devices: html``,
    devicesScript: '/d.js',
    television: html``,
    televisionScript: '/t.js',
    style: '/s.css',
    script: '/s.js',
  },
  ...{ isFollowing: true, faults: [], canPullThePlug: false, hasTelephone: false },
};

it('a payment of 0 is a card that is saved, and no sum under the reference of a session', () => {
  const saved = payment({ id: 'pay_2', reference: 'pss_1', amount: 0 });
  const open = { ...saved, id: 'pay_3', status: 'requires_payment_method' };
  const page = labPage({ ...VIEW, recent: [saved, payment({}), open], shown: { ...NOTHING, payment: saved } });
  expect(page).toMatch(/<a href="\/lab\?payment=pay_2" aria-current="true">A card is saved /);
  expect(page).toMatch(/<a href="\/lab\?payment=pay_3">A card is to be saved /);
  expect(page).toContain('SHOP-1 <span>€12.00</span>');
  expect(page).toContain('<h2 data-payment="pay_2">A card is saved ');
  expect(page).not.toMatch(/pss_|€0\.00/);
});

it('an open payment says where to call and which code to key, and what needs a telephone is off without one', () => {
  const call = { type: 'ivr_prompt', telephone: '+33199001234', payment_code: '1103202923' };
  const open = payment({ status: 'requires_payment_method', next_actions: [call] });
  const show = (shown: ShownPayment) => labPage({ ...VIEW, recent: [shown], shown: { ...NOTHING, payment: shown } });
  expect(show(open)).toMatch(/call <strong>\+33199001234<\/strong> with the payment code <strong[^>]*>1103202923</);
  expect(show(payment({}))).not.toContain('with the payment code');
  expect(show(payment({}))).toContain('press “Order, pay later”');
  expect(show(open)).toMatch(/<button class="race" aria-describedby="about-race" disabled>/);
});

it('gives each of its scripts a scope of its own: they have functions of the same name', () => {
  const page = labPage({ ...VIEW, recent: [], shown: null });
  const scripts = [...page.matchAll(/<script [^>]*>/g)].map(([tag]) => tag);
  expect(scripts).toEqual(['/s.js', '/d.js', '/t.js'].map((path) => `<script type="module" src="${path}">`));
});
