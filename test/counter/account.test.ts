/** The desk for a payer's own account: nothing before the code, and then only what the link is for. */
import { describe, expect, it } from 'vitest';
import { type AccountWindow, DAY_MS, MINUTE_MS, OF, openAccount } from './accounts.js';
import { FROM, OTHER } from './window.js';

async function identified(purpose: 'manage' | 'set_purchase_code', window?: AccountWindow) {
  const opened = window ?? (await openAccount({ cards: ['4242424242424242', '4111111111111111'] }));
  const token = await opened.session(purpose);
  await opened.desk.sendCode(token, FROM);
  expect(await opened.desk.takeCode(token, opened.code(), FROM)).toEqual({ taken: true });
  return { ...opened, token };
}

describe('the link of a session', () => {
  it('shows nothing of the account before the code, and everything after it on this device', async () => {
    const window = await openAccount();
    const token = await window.session('manage');
    const before = await window.desk.visit(token, FROM.device);
    expect(before).toMatchObject({
      stage: 'offered',
      cards: [],
      purchaseCode: null,
      returnTo: 'https://shop.example/me',
    });
    expect(JSON.stringify(before)).not.toMatch(/4242|ada/);
    await window.desk.sendCode(token, FROM);
    expect((await window.desk.visit(token, FROM.device))?.stage).toBe('code_sent');
    await window.desk.takeCode(token, window.code(), FROM);
    expect(await window.desk.visit(token, FROM.device)).toMatchObject({
      stage: 'open',
      cards: [{ last4: '4242', isDefault: true }],
      purchaseCode: 'none',
    });
    expect(await window.desk.visit(token, OTHER.device)).toMatchObject({ stage: 'offered', cards: [] });
    expect(await window.desk.visit(await window.session('manage'), FROM.device)).toMatchObject({ stage: 'offered' });
  });

  it('works for a day, for nobody who was erased, and not when it is another', async () => {
    const window = await openAccount();
    const token = await window.session('manage');
    expect(await window.desk.visit(`${token}x`, FROM.device)).toBeNull();
    window.later(DAY_MS - 1);
    expect(await window.desk.visit(token, FROM.device)).not.toBeNull();
    window.later(1);
    expect(await window.desk.visit(token, FROM.device)).toBeNull();
    const second = await window.session('manage');
    await window.payers.erase(OF, null);
    expect(await window.desk.visit(second, FROM.device)).toBeNull();
    expect(await window.desk.sendCode(second, FROM)).toMatchObject({ because: 'stale' });
    expect((await window.payer()).sessions).toEqual([]);
  });

  it('has no way in where the account keeps no address', async () => {
    const window = await openAccount({ email: null });
    const token = await window.session('manage');
    expect(await window.desk.visit(token, FROM.device)).toMatchObject({ stage: 'unreachable' });
    expect(await window.desk.sendCode(token, FROM)).toMatchObject({ because: 'stale' });
    expect(window.mailed).toEqual([]);
  });

  it('shares its limits with every other page of the account', async () => {
    const window = await openAccount();
    const token = await window.session('manage');
    expect(await window.counter.sendCode(window.token, FROM)).toEqual({ taken: true });
    expect(await window.desk.sendCode(token, FROM)).toMatchObject({ message: 'saved.paused' });
    window.later(MINUTE_MS);
    expect(await window.desk.sendCode(token, FROM)).toEqual({ taken: true });
    // The code of one page is none on another.
    expect(await window.counter.takeCode(window.token, window.code(), FROM)).toMatchObject({ because: 'invalid' });
  });
});

describe('cards', () => {
  it('are made the default and removed, by a device that is known only', async () => {
    const { desk, token, payer } = await identified('manage');
    const [first, second] = (await payer()).instruments;
    expect(await desk.makeDefault(token, second?.id ?? '', OTHER)).toMatchObject({ because: 'stale' });
    expect(await desk.remove(token, second?.id ?? '', OTHER)).toMatchObject({ because: 'stale' });
    expect((await payer()).defaultInstrument).toBe(first?.id);
    expect(await desk.makeDefault(token, second?.id ?? '', FROM)).toEqual({ taken: true });
    expect((await payer()).defaultInstrument).toBe(second?.id);
    expect(await desk.remove(token, second?.id ?? '', FROM)).toEqual({ taken: true });
    expect((await payer()).instruments.map(({ id }) => id)).toEqual([first?.id]);
    expect(await desk.remove(token, second?.id ?? '', FROM)).toMatchObject({ because: 'stale' });
  });
});

describe('the purchase code', () => {
  it.each([
    ['', '', 'purchase_code', 'missing'],
    ['123', '123', 'purchase_code', 'form'],
    ['123456789', '123456789', 'purchase_code', 'form'],
    ['12 34', '12 34', 'purchase_code', 'form'],
    ['0000', '0000', 'purchase_code', 'trivial'],
    ['1234', '1234', 'purchase_code', 'trivial'],
    ['7890', '7890', 'purchase_code', 'trivial'],
    ['87654321', '87654321', 'purchase_code', 'trivial'],
    ['1212', '1212', 'purchase_code', 'trivial'],
    ['2580', '2581', 'purchase_code_again', 'different'],
  ])('%s and %s: %s %s', async (code, again, field, what) => {
    const { desk, token, payer } = await identified('set_purchase_code');
    const message = `purchase_code.${what}`;
    expect(await desk.setPurchaseCode(token, code, again, FROM)).toMatchObject({ problems: [{ field, message }] });
    expect((await payer()).purchaseCode).toBeNull();
  });

  it('is set, and changed, by the link that is for it', async () => {
    const window = await identified('set_purchase_code');
    const { desk, token, payers } = window;
    expect(await desk.setPurchaseCode(token, '2580', '2580', OTHER)).toMatchObject({ because: 'stale' });
    expect(await desk.setPurchaseCode(token, '2580', '2580', FROM)).toEqual({ taken: true });
    expect((await desk.visit(token, FROM.device))?.purchaseCode).toBe('now');
    const { id } = await window.payer();
    expect(await payers.checkPurchaseCode(id, '2580')).toEqual({ answer: 'verified' });
    window.later(MINUTE_MS);
    const other = await identified('manage', window);
    expect((await desk.visit(other.token, FROM.device))?.purchaseCode).toBe('set');
    expect(await desk.setPurchaseCode(other.token, '9137', '9137', FROM)).toMatchObject({ because: 'stale' });
  });
});
