import { expect, it } from 'vitest';
import { nextRevision, SAMPLE_TIME, sampleCommit, samplePayment } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

const NOW = SAMPLE_TIME;
const HOUR_MS = 3_600_000;

/** Payment codes, counters, and keys that work once. */
export function proveGuards(under: StoreUnderTest): void {
  proveCodes(under);
  proveCounters(under);
}

function proveCodes(under: StoreUnderTest): void {
  it('gives a code to exactly one of many, whatever merchant and mode they are of', async () => {
    const { codes } = under.store;
    const rivals = Array.from({ length: 20 }, (_, index) => samplePayment({ mode: index % 2 ? 'test' : 'live' }));
    const won = await Promise.all(rivals.map(({ id }) => codes.claim('4821093756', id, NOW)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await codes.find('4821093756')).toBe(rivals[won.indexOf(true)]?.id);
    expect(await codes.find('0000000000')).toBeNull();
  });

  it('frees a code at the time that its payment’s end has set, not before', async () => {
    const { codes, payments } = under.store;
    const payment = samplePayment({ code: '4821093756' });
    await codes.claim('4821093756', payment.id, NOW);
    await payments.commit(sampleCommit(payment));
    const ended = nextRevision(payment, { status: 'canceled', openReference: null, dueAt: null });
    await payments.commit(sampleCommit(ended, { codeFreeAt: NOW + 1_000 }));
    expect(await codes.find('4821093756')).toBe(payment.id);
    expect(await codes.claim('4821093756', 'pay_next', NOW + 999)).toBe(false);
    expect(await codes.claim('4821093756', 'pay_next', NOW + 1_000)).toBe(true);
    expect(await codes.find('4821093756')).toBe('pay_next');
    // The one before has no say any more.
    await payments.commit(sampleCommit(nextRevision(ended), { codeFreeAt: NOW }));
    expect(await codes.claim('4821093756', 'pay_third', NOW + 2_000)).toBe(false);
  });

  it('takes an orphan back after an hour, but never a code that its payment holds', async () => {
    const { codes, payments } = under.store;
    const holder = samplePayment({ code: '1111111111' });
    await codes.claim('1111111111', holder.id, NOW);
    await payments.commit(sampleCommit(holder));
    const without = samplePayment();
    await payments.commit(sampleCommit(without));
    await codes.claim('3333333333', without.id, NOW);
    await codes.claim('2222222222', 'pay_never_made', NOW);
    expect(await codes.claim('3333333333', 'pay_next', NOW + HOUR_MS)).toBe(true);
    expect(await codes.claim('2222222222', 'pay_next', NOW + HOUR_MS - 1)).toBe(false);
    expect(await codes.claim('2222222222', 'pay_next', NOW + HOUR_MS)).toBe(true);
    expect(await codes.claim('1111111111', 'pay_next', NOW + 99 * HOUR_MS)).toBe(false);
  });

  it('sweeps what is free again and what is orphaned, and nothing else', async () => {
    const { codes, payments } = under.store;
    const [holder, ended] = [samplePayment({ code: '1111111111' }), samplePayment({ code: '2222222222' })];
    for (const payment of [holder, ended]) {
      await codes.claim(payment.code ?? '', payment.id, NOW);
      await payments.commit(sampleCommit(payment));
    }
    const end = nextRevision(ended, { status: 'failed', openReference: null, dueAt: null });
    await payments.commit(sampleCommit(end, { codeFreeAt: NOW + 2 * HOUR_MS }));
    await codes.claim('3333333333', 'pay_never_made', NOW);
    await codes.claim('4444444444', 'pay_coming', NOW + HOUR_MS);
    expect(await codes.sweep(NOW + HOUR_MS - 1)).toBe(0);
    expect(await codes.sweep(NOW + HOUR_MS)).toBe(1);
    expect(await codes.find('3333333333')).toBeNull();
    expect(await codes.sweep(NOW + 2 * HOUR_MS - 1)).toBe(0);
    expect(await codes.sweep(NOW + 2 * HOUR_MS)).toBe(2);
    expect(await codes.find('2222222222')).toBeNull();
    expect(await codes.find('4444444444')).toBeNull();
    expect(await codes.find('1111111111')).toBe(holder.id);
    expect(await codes.sweep(NOW + 99 * HOUR_MS)).toBe(0);
  });
}

function proveCounters(under: StoreUnderTest): void {
  it('counts within a window that begins with the first raise and ends by itself', async () => {
    const { guards } = under.store;
    expect(await guards.read('a', NOW)).toBe(0);
    expect(await guards.raise('a', 1_000, NOW)).toEqual({ count: 1, resetsAt: NOW + 1_000 });
    expect(await guards.raise('a', 9_000, NOW + 400)).toEqual({ count: 2, resetsAt: NOW + 1_000 });
    expect(await guards.read('a', NOW + 999)).toBe(2);
    expect(await guards.read('a', NOW + 1_000)).toBe(0);
    expect(await guards.raise('a', 500, NOW + 1_000)).toEqual({ count: 1, resetsAt: NOW + 1_500 });
    expect(await guards.read('b', NOW)).toBe(0);
  });

  it('takes a raise back within its window, and never more than there were', async () => {
    const { guards } = under.store;
    await guards.lower('a', NOW);
    await guards.raise('a', 1_000, NOW);
    await guards.raise('a', 1_000, NOW);
    await guards.lower('a', NOW + 1_000);
    expect(await guards.read('a', NOW)).toBe(2);
    for (const left of [1, 0, 0]) {
      await guards.lower('a', NOW + 1);
      expect(await guards.read('a', NOW + 1)).toBe(left);
    }
    expect(await guards.raise('a', 9_000, NOW + 2)).toEqual({ count: 1, resetsAt: NOW + 1_000 });
  });

  it('loses no raise of many at once', async () => {
    const { guards } = under.store;
    const counts = await Promise.all(Array.from({ length: 50 }, () => guards.raise('a', 1_000, NOW)));
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    await guards.clear('a');
    expect(await guards.read('a', NOW)).toBe(0);
    expect((await guards.raise('a', 1_000, NOW)).count).toBe(1);
  });

  it('lets a key be used by the first caller only, until its time', async () => {
    const { guards } = under.store;
    const used = await Promise.all(Array.from({ length: 20 }, () => guards.useOnce('a', NOW + 1_000, NOW)));
    expect(used.filter(Boolean)).toHaveLength(1);
    expect(await guards.useOnce('a', NOW + 9_000, NOW + 999)).toBe(false);
    expect(await guards.useOnce('b', NOW + 1_000, NOW)).toBe(true);
    expect(await guards.useOnce('a', NOW + 2_000, NOW + 1_000)).toBe(true);
    expect(await guards.useOnce('a', NOW + 3_000, NOW + 1_999)).toBe(false);
  });

  it('keeps counters and used keys apart', async () => {
    const { guards } = under.store;
    await guards.raise('a', 1_000, NOW);
    expect(await guards.useOnce('a', NOW + 1_000, NOW)).toBe(true);
    expect(await guards.read('a', NOW)).toBe(1);
    await guards.clear('a');
    expect(await guards.useOnce('a', NOW + 1_000, NOW)).toBe(false);
  });

  it('sweeps what has ended, and nothing that still counts', async () => {
    const { guards } = under.store;
    await guards.raise('ended', 10, NOW);
    await guards.raise('counting', 11, NOW);
    await guards.useOnce('ended', NOW + 10, NOW);
    await guards.useOnce('counting', NOW + 11, NOW);
    expect(await guards.sweep(NOW + 10)).toBe(2);
    expect(await guards.sweep(NOW + 10)).toBe(0);
    expect(await guards.read('counting', NOW + 10)).toBe(1);
    expect(await guards.useOnce('counting', NOW + 99, NOW + 10)).toBe(false);
  });
}
