import { expect, it, onTestFinished } from 'vitest';
import type { BrowserData } from '../../src/contracts/authentication.js';
import type { Attempt, Authentication, Payment } from '../../src/contracts/payment.js';
import { erasePayments } from '../../src/payers/erase.js';
import {
  nextRevision,
  sampleAttempt,
  sampleCommit,
  sampleMail,
  samplePaidPayment,
  samplePayment,
} from '../contract/samples.js';
import { emptyStore } from '../support/empty_store.js';

const OF = { merchant: 'mer_sample', mode: 'test', account: 'cust-7' } as const;

async function openStore() {
  const store = await emptyStore();
  onTestFinished(() => store.close());
  return store;
}

const flow: Attempt['flow'] = { name: 'card', version: 1, snapshot: { state: 'asking', context: {} } };
const browser: BrowserData = {
  ...{ acceptHeader: 'text/html', userAgent: 'Mozilla', ip: '203.0.113.7', language: 'fr', javascriptEnabled: true },
  ...{ colorDepth: 24, screenHeight: 800, screenWidth: 1_280, timezoneOffset: -60 },
};
const payer = { ...samplePayment().payer, account: OF.account };

function withBrowser(change: Partial<Attempt>): Payment {
  const attempt = sampleAttempt(change);
  const device = { ...attempt.device, id: 'device', browser } as Attempt['device'];
  return samplePayment({ payer, attempts: [{ ...attempt, device }] });
}

const asked = (state: Authentication['state']): Authentication => ({
  ...{ id: 'auth', state, calls: 1, nextAt: null, deviceCheck: null, follow: null, proof: null },
});

it.each<[string, Partial<Attempt>, boolean]>([
  ['has ended', { flow: null, authentication: asked('passed') }, false],
  ['waits for the payer at the issuer', { flow, authentication: asked('challenge') }, false],
  ['is being authorized', { flow, authentication: asked('passed') }, false],
  ['has not asked for authentication yet', { flow, authentication: null }, true],
  ['is asking for authentication', { flow, authentication: asked('asking') }, true],
  ['has its browser checked', { flow, authentication: asked('device_check') }, true],
])('forgets the browser of an attempt that %s: still there %j', async (_, change, isNeeded) => {
  const store = await openStore();
  const payment = withBrowser(change);
  await store.payments.commit(sampleCommit(payment));
  await erasePayments(store, OF);
  const erased = await store.payments.load(payment.id);
  expect(erased?.attempts[0]?.device?.browser).toEqual(isNeeded ? browser : null);
  if (erased === null || !isNeeded) return;
  const ended = erased.attempts.map((attempt) => ({ ...attempt, flow: null }));
  await store.payments.commit(sampleCommit(nextRevision(erased, { attempts: ended })));
  expect(await erasePayments(store, OF)).toBe(1);
  expect((await store.payments.load(payment.id))?.attempts[0]?.device?.browser).toBeNull();
});

it('reads no payment but the account’s own, and leaves what was paid', async () => {
  const store = await openStore();
  const theirs = samplePaidPayment({ id: 'pay_theirs', reference: 'THEIRS' });
  const ours = samplePaidPayment({
    id: 'pay_ours',
    reference: 'OURS',
    payer: { ...theirs.payer, account: OF.account },
  });
  for (const payment of [theirs, ours]) await store.payments.commit(sampleCommit(payment));
  const read: string[] = [];
  const list: typeof store.payments.list = async (query) => {
    const page = await store.payments.list(query);
    read.push(...page.data.map(({ id }) => id));
    return page;
  };
  expect(
    await erasePayments({ payments: { ...store.payments, list }, mails: store.mails, texts: store.texts }, OF),
  ).toBe(1);
  expect(read).toEqual(['pay_ours']);
  expect(await store.payments.load('pay_theirs')).toEqual(theirs);
  const erased = await store.payments.load('pay_ours');
  expect(erased).toMatchObject({ description: null, payer: { account: OF.account, email: null, name: null } });
  expect(erased).toMatchObject({ amount: ours.amount, reference: 'OURS', metadata: ours.metadata });
  expect(erased?.attempts.map(({ face }) => face)).toEqual(ours.attempts.map(({ face }) => face));
  expect(await erasePayments(store, OF)).toBe(0);
});

it('blanks addresses that were given for a mail alone, and drops what was not sent to them yet', async () => {
  const store = await openStore();
  const payment = samplePaidPayment({ payer });
  const theirs = samplePaidPayment();
  for (const each of [payment, theirs]) await store.payments.commit(sampleCommit(each));
  const waiting = sampleMail({ payment: payment.id, to: 'a@example.org' });
  const parked = sampleMail({ payment: payment.id, to: 'b@example.org', status: 'parked', dueAt: null });
  const plain = sampleMail({ payment: payment.id });
  const other = sampleMail({ payment: theirs.id, to: 'c@example.org' });
  for (const mail of [waiting, parked, plain, other]) await store.mails.commit(mail);
  await erasePayments(store, OF);
  expect(await store.mails.ofPayment(payment.id)).toEqual([
    { ...waiting, revision: 2, to: null, status: 'dropped', dueAt: null, lastError: 'erased' },
    { ...parked, revision: 2, to: null },
    plain,
  ]);
  expect(await store.mails.load(other.id)).toEqual(other);
});
