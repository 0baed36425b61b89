import { describe, expect, it } from 'vitest';
import { START } from '../engine/sketch.js';
import { CARD, type CounterWindow, FROM, openWindow, signatureOf } from './window.js';

async function paid(wanted = {}, change = {}): Promise<CounterWindow> {
  const window = openWindow(wanted, change);
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
    const link = await linkOf(await paid({ returnUrl }));
    if (start === null) expect(link).toBeNull();
    else expect(link?.startsWith(start)).toBe(true);
  });

  it('ends where the merchant took the origin off its list', async () => {
    const window = await paid();
    Object.assign(window.merchant.profile, { returnOrigins: [] });
    expect(await linkOf(window)).toBeNull();
  });

  it('after a cancel goes to the cancel address, or back where there is none', async () => {
    const cancelTo = async (wanted: object): Promise<string | null | undefined> => {
      const { counter, token } = openWindow(wanted);
      await counter.cancel(token, FROM);
      return (await counter.visit(token, null))?.cancelTo;
    };
    expect(await cancelTo({ cancelUrl: 'https://shop.example/basket' })).toContain('/basket?payment=pay_1');
    expect(await cancelTo({ cancelUrl: null })).toContain('/back?cart=a%20b&payment=pay_1');
    expect(await cancelTo({ cancelUrl: null, returnUrl: null })).toBeNull();
  });

  it('is signed for the page that tells the outcome, and for no other', async () => {
    const opened: string[] = [];
    const returnSecretOf = ({ id }: { id: string }): string => {
      opened.push(id);
      return 'secret';
    };
    const { counter, token, prompt } = openWindow({}, { returnSecretOf });
    const visit = await counter.visit(token, null);
    expect([visit?.cancelable, visit?.returnTo, visit?.cancelTo]).toEqual([true, null, null]);
    await counter.takeCard(token, prompt(), CARD, FROM);
    await counter.visit(token, FROM.device);
    expect(opened).toEqual([]);
    const over = await paid({}, { returnSecretOf });
    expect(await linkOf(over)).toContain('&signature=');
    expect(opened).toEqual(['mer_1']);
  });

  it('is missing, and the outcome told all the same, when the vault cannot open the secret', async () => {
    const lines: unknown[] = [];
    const error = (...line: unknown[]): void => void lines.push(line);
    const none = (): void => undefined;
    const failure = new Error('no key v1');
    const window = await paid(
      {},
      {
        log: { debug: none, info: none, warn: none, error },
        returnSecretOf() {
          throw failure;
        },
      },
    );
    expect(await window.counter.visit(window.token, null)).toMatchObject({
      status: 'succeeded',
      returnTo: null,
      cancelTo: null,
    });
    expect(lines).toEqual([['no way back could be signed', { payment: 'pay_1', merchant: 'mer_1', error: failure }]]);
  });
});
