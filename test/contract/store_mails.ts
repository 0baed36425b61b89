import { expect, it } from 'vitest';
import type { Mail } from '../../src/contracts/mail.js';
import type { MailCursor } from '../../src/contracts/store.js';
import { SAMPLE_TIME, sampleBatch, sampleCommit, sampleMail, samplePayment } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

const HERE = { merchant: 'mer_sample', mode: 'test' } as const;

/** Mails, and which feeds have some to be planned from. */
export function proveMails(under: StoreUnderTest): void {
  provePlanning(under);
  proveSending(under);
}

/** Lets `count` events enter the feed of a wall. */
async function tell({ store }: StoreUnderTest, count: number, wall: Partial<typeof HERE> | { mode: 'live' } = {}) {
  const payment = samplePayment(wall);
  await store.payments.commit(sampleCommit(payment, { feed: sampleBatch(payment, count) }));
  return payment;
}

function provePlanning(under: StoreUnderTest): void {
  it('knows which feeds are not planned to their end, each from where it is', async () => {
    const { mails } = under.store;
    // Their order is nobody's promise.
    const behind = async () => (await mails.behind(9)).toSorted((one, other) => (one.mode < other.mode ? -1 : 1));
    expect(await behind()).toEqual([]);
    await tell(under, 3);
    await tell(under, 1, { mode: 'live' });
    const live: MailCursor = { ...HERE, mode: 'live', position: 0 };
    expect(await behind()).toEqual([live, { ...HERE, position: 0 }]);
    expect(await mails.behind(1)).toHaveLength(1);
    expect(await mails.enqueue({ ...HERE, position: 0 }, 2, [])).toBe(true);
    expect(await behind()).toEqual([live, { ...HERE, position: 2 }]);
    expect(await mails.enqueue({ ...HERE, position: 2 }, 3, [])).toBe(true);
    expect(await behind()).toEqual([live]);
    await tell(under, 1);
    expect(await behind()).toEqual([live, { ...HERE, position: 3 }]);
  });

  it('adds mails and moves the cursor in one write, for one caller only', async () => {
    const { mails } = under.store;
    await tell(under, 2);
    const rivals = Array.from({ length: 8 }, () => [sampleMail(), sampleMail()]);
    const won = await Promise.all(rivals.map((planned) => mails.enqueue({ ...HERE, position: 0 }, 2, planned)));
    expect(won.filter(Boolean)).toHaveLength(1);
    const stored = await Promise.all(rivals.flat().map(({ id }) => mails.load(id)));
    expect(stored.filter((mail) => mail !== null)).toEqual(rivals[won.indexOf(true)]);
    expect(await mails.behind(9)).toEqual([]);
  });

  it('leaves alone a mail whose key is there, and tells who commits one', async () => {
    const { mails } = under.store;
    await tell(under, 2);
    const first = sampleMail();
    expect(await mails.commit(first)).toBe(true);
    const [again, other] = [sampleMail({ key: first.key }), sampleMail()];
    expect(await mails.enqueue({ ...HERE, position: 0 }, 2, [again, other])).toBe(true);
    expect(await mails.load(again.id)).toBeNull();
    expect(await mails.load(first.id)).toEqual(first);
    expect(await mails.load(other.id)).toEqual(other);
    await expect(mails.commit(again)).rejects.toMatchObject({ name: 'DuplicateKey', index: 'id' });
  });

  it('reads what was told without the objects, at the same places', async () => {
    const { feed } = under.store;
    const payment = await tell(under, 3);
    await tell(under, 2);
    await tell(under, 4, { mode: 'live' });
    const { merchant, mode } = HERE;
    for (const [position, limit] of [
      [0, 9],
      [1, 2],
      [2, 9],
      [5, 9],
    ] as const) {
      const whole = await feed.after(merchant, mode, position, limit);
      const told = await feed.told(merchant, mode, position, limit);
      expect(told).toEqual(whole.map(({ data: _, ...rest }) => rest));
    }
    expect((await feed.told(merchant, mode, 0, 1))[0]).toMatchObject({ position: 1, payment: payment.id });
    expect(await feed.told('mer_nobody', mode, 0, 9)).toEqual([]);
  });
}

function proveSending(under: StoreUnderTest): void {
  const store = async (...mails: Mail[]): Promise<void> => {
    for (const mail of mails) expect(await under.store.mails.commit(mail)).toBe(true);
  };
  const due = async (now: number, limit: number) => (await under.store.mails.due(now, limit)).map(({ id }) => id);

  it('are due earliest first, until they are settled', async () => {
    expect(await under.store.mails.nextDue()).toBeNull();
    const [late, early, settled] = [
      sampleMail({ dueAt: SAMPLE_TIME + 5 }),
      sampleMail({ dueAt: SAMPLE_TIME + 1 }),
      sampleMail({ dueAt: null, status: 'sent', sentAt: SAMPLE_TIME }),
    ];
    await store(late, early, settled);
    expect(await under.store.mails.nextDue()).toBe(SAMPLE_TIME + 1);
    expect(await due(SAMPLE_TIME, 9)).toEqual([]);
    expect(await due(SAMPLE_TIME + 9, 1)).toEqual([early.id]);
    expect(await under.store.mails.due(SAMPLE_TIME + 9, 9)).toEqual([early, late]);
    await store({ ...early, revision: 2, dueAt: SAMPLE_TIME + 9 });
    expect(await due(SAMPLE_TIME + 8, 9)).toEqual([late.id]);
    for (const mail of [late, early]) {
      const { revision = 0 } = (await under.store.mails.load(mail.id)) ?? {};
      await store({ ...mail, revision: revision + 1, dueAt: null, status: 'dropped' });
    }
    expect(await under.store.mails.nextDue()).toBeNull();
  });

  it('are replaced only at the revision that was read: one process claims it', async () => {
    const mail = sampleMail();
    await store(mail);
    const claims = Array.from({ length: 10 }, (_, index) => ({ ...mail, revision: 2, dueAt: SAMPLE_TIME + index }));
    const won = await Promise.all(claims.map((claim) => under.store.mails.commit(claim)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await under.store.mails.load(mail.id)).toEqual(claims[won.indexOf(true)]);
  });

  it('are found by their payment, oldest first, whatever became of them', async () => {
    const ours = [
      sampleMail({ payment: 'pay_ours' }),
      sampleMail({ payment: 'pay_ours', status: 'parked', dueAt: null }),
    ];
    await store(...ours, sampleMail({ payment: 'pay_theirs' }), sampleMail({ payment: null }));
    expect(await under.store.mails.ofPayment('pay_ours')).toEqual(ours);
    expect(await under.store.mails.ofPayment('pay_none')).toEqual([]);
  });
}
