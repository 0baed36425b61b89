import { expect, it, onTestFinished } from 'vitest';
import { erasePayments } from '../../src/payers/erase.js';
import { SAMPLE_TIME, sampleChallenge, sampleCommit, samplePayment, sampleText } from '../contract/samples.js';
import { emptyStore } from '../support/empty_store.js';

const OF = { merchant: 'mer_sample', mode: 'test', account: 'ada' } as const;

it('a forgotten person’s number is nowhere in reaches and texts; what waited is not sent, what was offered is over', async () => {
  const store = await emptyStore();
  onTestFinished(() => store.close());
  const phone = '+33612345678';
  const payer = { account: 'ada', email: null, phone: null, name: null, language: null };
  const fallback = [
    { channel: 'ivr', to: phone },
    { channel: 'email', to: 'ada@example.org' },
  ] as const;
  const reach = { id: 'rch_1', channel: 'sms', to: phone, fallback, step: 0, createdAt: SAMPLE_TIME } as const;
  const payment = samplePayment({ payer, reaches: [reach], description: null });
  await store.payments.commit(sampleCommit(payment));
  const of = { payment: payment.id };
  const waiting = sampleText(of);
  const offered = sampleText({ ...of, status: 'sent', challenge: sampleChallenge() });
  const answer = { message: 'SM1', prompt: 'begin.1', at: SAMPLE_TIME };
  const charging = sampleText({ ...of, status: 'sent', challenge: sampleChallenge({ state: 'answered', answer }) });
  const theirs = sampleText({ payment: 'pay_other' });
  for (const text of [waiting, offered, charging, theirs]) await store.texts.commit(text);

  for (let again = 0; again < 2; again += 1) await erasePayments(store, OF);

  const kept = JSON.stringify([await store.payments.load(payment.id), await store.texts.ofPayment(payment.id)]);
  for (const trace of [phone.slice(3), 'ada@example.org', 'k1.number']) expect(kept).not.toContain(trace);
  expect(await store.texts.load(waiting.id)).toMatchObject({ status: 'dropped', why: 'erased', dueAt: null });
  expect(await store.texts.load(offered.id)).toMatchObject({ status: 'sent', challenge: { state: 'over' } });
  expect(await store.texts.load(charging.id)).toMatchObject({ challenge: { state: 'answered' }, number: null });
  expect(await store.texts.load(theirs.id)).toEqual(theirs);
});
