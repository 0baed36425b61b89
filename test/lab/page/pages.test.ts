import { expect, it } from 'vitest';
import { html } from '../../../src/contracts/html.js';
import { labPage } from '../../../src/lab/page/pages.js';
import type { ShownPayment } from '../../../src/lab/page/sources.js';

const payment = (change: Partial<ShownPayment>): ShownPayment => ({
  ...{ id: 'pay_1', reference: 'SHOP-1', status: 'succeeded', amount: 1_200, currency: 'EUR', created_at: '' },
  ...{ attempts: [], links: { pay: null } },
  ...change,
});

it('a payment of 0 is a card that is saved, and no sum under the reference of a session', () => {
  const saved = payment({ id: 'pay_2', reference: 'pss_1', amount: 0 });
  const open = { ...saved, id: 'pay_3', status: 'requires_payment_method' };
  const nothing = { story: null, exchanges: [], wire: [], journal: [], ledger: [], mails: null };
  const devices = { devices: html``, devicesScript: '/d.js' };
  const view = { ...devices, style: '/s.css', script: '/s.js', isFollowing: true, faults: [], canPullThePlug: false };
  const page = labPage({ ...view, recent: [saved, payment({}), open], shown: { ...nothing, payment: saved } });
  expect(page).toMatch(/<a href="\/lab\?payment=pay_2" aria-current="true">A card is saved /);
  expect(page).toMatch(/<a href="\/lab\?payment=pay_3">A card is to be saved /);
  expect(page).toContain('SHOP-1 <span>€12.00</span>');
  expect(page).toContain('<h2>A card is saved ');
  expect(page).not.toMatch(/pss_|€0\.00/);
});
