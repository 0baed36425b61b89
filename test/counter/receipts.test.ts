import { describe, expect, it } from 'vitest';
import type { Wanted } from '../engine/sketch.js';
import { type CounterWindow, FROM, OTHER, openWindow, pay } from './window.js';

async function paid(wanted: Wanted = {}): Promise<CounterWindow> {
  const window = openWindow({ returnUrl: null, ...wanted });
  await pay(window);
  window.sketched.authenticate();
  window.sketched.answer('authorize', 'purchased');
  return window;
}

const receiptOf = async ({ counter, token }: CounterWindow) => (await counter.visit(token, FROM.device))?.receipt;
const ask = ({ counter, token }: CounterWindow, to: string) => counter.mailReceipt(token, to, FROM);

describe('the receipt by mail', () => {
  it('is offered where nobody awaits the payer and the order has no address', async () => {
    const payer = { account: null, email: 'a@example.org', phone: null, name: null, language: null };
    expect(await receiptOf(await paid())).toBe('offered');
    expect(await receiptOf(await paid({ returnUrl: 'https://shop.example/back' }))).toBeNull();
    expect(await receiptOf(await paid({ payer }))).toBeNull();
    const open = openWindow({ returnUrl: null });
    expect(await receiptOf(open)).toBeNull();
    expect(await ask(open, 'a@example.org')).toMatchObject({ because: 'stale' });
    expect(open.receipts).toEqual([]);
  });

  it('is offered to the device that paid, and to nobody whom the page was passed on to', async () => {
    const { counter, token, receipts } = await paid();
    for (const device of [null, OTHER.device]) expect((await counter.visit(token, device))?.receipt).toBeNull();
    expect(await counter.mailReceipt(token, 'eve@example.org', OTHER)).toMatchObject({ because: 'stale' });
    expect(receipts).toEqual([]);
  });

  it('is not offered to a device that was only refused', async () => {
    const window = openWindow({ returnUrl: null });
    await pay(window, OTHER);
    window.sketched.authenticate();
    window.sketched.answer('authorize', { outcome: 'declined', code: 'do_not_honor', advice: 'retry' });
    await pay(window);
    window.sketched.authenticate();
    window.sketched.answer('authorize', 'purchased');
    expect((await window.counter.visit(window.token, OTHER.device))?.receipt).toBeNull();
    expect(await receiptOf(window)).toBe('offered');
    expect(await window.counter.mailReceipt(window.token, 'eve@example.org', OTHER)).toMatchObject({
      because: 'stale',
    });
    expect(window.receipts).toEqual([]);
  });

  it('goes to at most three addresses', async () => {
    const window = await paid();
    for (const to of ['a@example.org', ' b@example.org ', 'c@example.org']) {
      expect(await ask(window, to)).toEqual({ taken: true });
      expect(await receiptOf(window)).toBe('asked');
    }
    expect(await ask(window, 'd@example.org')).toMatchObject({ because: 'too_many', message: 'receipt.too_many' });
    expect(window.receipts).toEqual(['a@example.org', 'b@example.org', 'c@example.org']);
  });

  it.each([
    '',
    'ada',
    'ada@example',
    '@example.org',
    'a b@example.org',
    'a@example.org, b@example.org',
    'a@example.org;b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'Ada <a@example.org>',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(260)}.org`,
  ])('refuses %j and counts nothing', async (typed) => {
    const window = await paid();
    expect(await ask(window, typed)).toMatchObject({ because: 'invalid', problems: [{ field: 'email' }] });
    expect(window.receipts).toEqual([]);
    expect(await receiptOf(window)).toBe('offered');
  });
});
