import { describe, expect, it } from 'vitest';
import { START } from '../engine/sketch.js';
import { CARD, type CounterWindow, FROM, openWindow, signatureOf } from './window.js';

async function paid(): Promise<CounterWindow> {
  const window = openWindow();
  await window.counter.takeCard(window.token, window.prompt(), CARD, FROM);
  window.sketched.authenticate();
  window.sketched.answer('authorize', 'purchased');
  return window;
}

describe('the way back', () => {
  const linkOf = async (window: CounterWindow): Promise<string | null | undefined> =>
    (await window.counter.visit(window.token, null))?.returnTo;

  it('keeps the merchant’s own query and adds a signed hint', async () => {
    const window = await paid();
    const ts = START / 1_000;
    const signature = signatureOf('opened sealed', ['pay_1', 'ORDER-1', 'succeeded', ts]);
    expect(await linkOf(window)).toBe(
      `https://shop.example/back?cart=a%20b&payment=pay_1&reference=ORDER-1&status=succeeded&ts=${ts}&signature=${signature}`,
    );
  });

  it.each([
    ['https://shop.example/', 'https://shop.example/?payment=pay_1'],
    ['https://shop.example/a#basket', 'https://shop.example/a?payment=pay_1'],
    ['lune:back', 'lune:back?payment=pay_1'],
    ['https://evil.example/', null],
    ['https://shop.example@evil.example/', null],
    ['https://shop.example.evil.example/', null],
    ['http://shop.example/', null],
    ['http://localhost:3000/shop', null],
    ['javascript:alert(1)', null],
  ])('%s is checked again now', async (returnUrl, start) => {
    const link = await linkOf(openWindow({ returnUrl }));
    if (start === null) expect(link).toBeNull();
    else expect(link?.startsWith(start)).toBe(true);
  });

  it('ends where the merchant took the origin off its list', async () => {
    const window = openWindow();
    Object.assign(window.merchant.profile, { returnOrigins: [] });
    expect(await linkOf(window)).toBeNull();
  });

  it('after a cancel goes to the cancel address, or back where there is none', async () => {
    const cancelTo = async (wanted: object): Promise<string | null | undefined> => {
      const { counter, token } = openWindow(wanted);
      return (await counter.visit(token, null))?.cancelTo;
    };
    expect(await cancelTo({ cancelUrl: 'https://shop.example/basket' })).toContain('/basket?payment=pay_1');
    expect(await cancelTo({ cancelUrl: null })).toContain('/back?cart=a%20b&payment=pay_1');
    expect(await cancelTo({ cancelUrl: null, returnUrl: null })).toBeNull();
  });
});
