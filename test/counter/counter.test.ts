import { describe, expect, it } from 'vitest';
import { START } from '../engine/sketch.js';
import { CARD, type CounterWindow, challenged, FROM, OTHER, openWindow, pay } from './window.js';

const DAY_MS = 86_400_000;

async function paid(): Promise<CounterWindow> {
  const window = openWindow();
  await pay(window);
  window.sketched.authenticate();
  window.sketched.answer('authorize', 'purchased');
  return window;
}

describe('a visit', () => {
  it('shows what is asked, of whom and for whom', async () => {
    const { counter, token, sketched } = openWindow();
    expect(await counter.visit(token, null)).toMatchObject({
      payment: 'pay_1',
      version: sketched.payment.events.length,
      merchant: { name: 'Maison Lune', accentColour: '#0a5c4f' },
      operator: 'Guichet',
      money: { amount: 4250, currency: 'EUR' },
      status: 'requires_payment_method',
      prompt: { id: 'begin.1', prompt: { kind: 'card', ask: 'all' } },
      description: 'For Ada Lovelace',
      cancelable: true,
      extendable: true,
      decline: null,
      follow: null,
    });
  });

  it.each(['', 'token', 'token.pay_2.1', 'token.pay_1.2', 'token.pay_1.NaN', 'x.pay_1.1'])(
    '%s leads nowhere',
    async (token) => {
      expect(await openWindow().counter.visit(token, null)).toBeNull();
    },
  );

  it('a revoked link leads nowhere, the new one does', async () => {
    const { counter, token, sketched } = openWindow();
    sketched.tell({ type: 'revoke_links' });
    expect(await counter.visit(token, null)).toBeNull();
    expect(await counter.visit('token.pay_1.2', null)).not.toBeNull();
  });

  it('rises with every change of what is asked', async () => {
    const window = openWindow();
    const { counter, token, sketched } = window;
    const seen: number[] = [];
    const look = async () => seen.push((await counter.visit(token, null))?.version ?? -1);
    await look();
    await pay(window);
    await look();
    sketched.authenticate();
    sketched.answer('authorize', 'declined');
    await look();
    expect(new Set(seen).size).toBe(3);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('sends only the device that began a challenge to it', async () => {
    const { counter, token } = await challenged();
    const follow = { url: 'https://acs.example', data: 'creq' };
    expect((await counter.visit(token, 'device-1'))?.follow).toEqual(follow);
    expect((await counter.visit(token, 'device-2'))?.follow).toBeNull();
    expect((await counter.visit(token, null))?.follow).toBeNull();
    expect((await counter.visit(token, null))?.card).toEqual({ brand: 'visa', last4: '4242' });
  });

  it('says why the last try was declined, while there may be another', async () => {
    const window = openWindow();
    const { counter, token, sketched } = window;
    await pay(window);
    sketched.authenticate();
    sketched.answer('authorize', 'declined');
    const visit = await counter.visit(token, null);
    expect(visit?.decline).toEqual({ code: 'do_not_honor', advice: 'retry' });
    expect(visit?.prompt?.id).toBe('begin.2');
    await pay(window);
    expect((await counter.visit(token, null))?.decline).toBeNull();
    sketched.authenticate('N');
    expect((await counter.visit(token, null))?.decline?.code).toBe('authentication_failed');
  });

  it('shows the outcome for 90 days, naming nobody and no card', async () => {
    const { counter, token, clock } = await paid();
    const visit = await counter.visit(token, 'device-1');
    expect(visit).toMatchObject({
      status: 'succeeded',
      prompt: null,
      description: null,
      card: null,
      cancelable: false,
      extendable: false,
    });
    expect(JSON.stringify(visit)).not.toMatch(/Ada|4242/);
    clock.advanceTo(START + 90 * DAY_MS - 1);
    expect(await counter.visit(token, null)).not.toBeNull();
    clock.advance(1);
    expect(await counter.visit(token, null)).toBeNull();
  });
});

describe('a card', () => {
  it('goes to the vault, its token to the flow', async () => {
    const window = openWindow();
    expect(await pay(window)).toEqual({ taken: true });
    expect(window.kept).toEqual(['4242 4242 4242 4242 123']);
    expect(window.sketched.attempt()).toMatchObject({
      card: 'tok_1',
      stored: false,
      channel: 'web',
      device: { id: 'device-1', browser: null },
    });
    expect(JSON.stringify(window.sketched.payment)).not.toContain(window.token);
    expect(JSON.stringify(window.sketched.payment)).not.toContain('4242424242424242');
  });

  it('is taken once: a second click finds nothing that waits', async () => {
    const window = openWindow();
    const prompt = window.prompt();
    const clicks = await Promise.all(
      [FROM, FROM, OTHER].map((from) => window.counter.takeCard(window.token, prompt, CARD, from)),
    );
    expect(clicks.filter(({ taken }) => taken)).toHaveLength(1);
    expect(clicks.filter(({ taken }) => !taken)).toEqual(Array(2).fill({ taken: false, because: 'stale' }));
    expect(window.sketched.payment.attempts).toHaveLength(1);
  });

  it('that is wrong never reaches vault or flow', async () => {
    const window = openWindow();
    const problems = [{ field: 'number', message: 'card.number_wrong' }];
    const wrong = { ...CARD, number: '1234' };
    expect(await pay(window, FROM, wrong)).toEqual({ taken: false, because: 'invalid', problems });
    expect([window.kept, window.sketched.payment.attempts]).toEqual([[], []]);
  });

  it.each([
    ['a wrong token', 'token.pay_1.9', 'begin.1'],
    ['a wrong prompt', 'token.pay_1.1', 'begin.2'],
  ])('with %s is not even counted', async (_, token, prompt) => {
    const { counter, counted, kept } = openWindow();
    expect(await counter.takeCard(token, prompt, CARD, FROM)).toEqual({ taken: false, because: 'stale' });
    expect([counted.size, kept.length]).toEqual([0, 0]);
  });
});

describe('a security code that was lost', () => {
  async function lost(): Promise<CounterWindow> {
    const window = openWindow();
    await pay(window);
    window.sketched.authenticate();
    window.sketched.answer('authorize', 'security_code_lost');
    return window;
  }

  it('is asked for alone, kept for the same card, and counted like a card', async () => {
    const window = await lost();
    const { counter, token } = window;
    const visit = await counter.visit(token, 'device-1');
    expect(visit?.prompt?.prompt).toMatchObject({ kind: 'card', ask: 'security_code' });
    const give = (code: string) => counter.takeSecurityCode(token, window.prompt(), code, FROM);
    expect(await give('12')).toMatchObject({ because: 'invalid', problems: [{ field: 'security_code' }] });
    const stale = window.prompt();
    expect(await give('999')).toEqual({ taken: true });
    expect(window.kept).toEqual(['4242 4242 4242 4242 123', 'tok_1 999']);
    expect(window.counted.get('card:pay_1')).toBe(3);
    expect(await counter.takeSecurityCode(token, stale, '999', FROM)).toEqual({ taken: false, because: 'stale' });
  });

  it('is not taken where none is asked', async () => {
    const window = openWindow();
    expect(await window.counter.takeSecurityCode(window.token, window.prompt(), '999', FROM)).toMatchObject({
      because: 'stale',
    });
    expect(window.kept).toEqual([]);
  });
});

describe('cancel and more time', () => {
  it('cancels, and again does nothing more', async () => {
    const { counter, token, sketched } = openWindow();
    expect(await counter.cancel(token, { ...FROM, language: 'fr' })).toEqual({ taken: true });
    expect(sketched.payment.payer.language).toBe('fr');
    expect(sketched.payment).toMatchObject({ status: 'canceled', canceledBy: 'payer' });
    expect(await counter.cancel(token, FROM)).toEqual({ taken: true });
  });

  it('cannot undo what is paid, and says so by showing it', async () => {
    const { counter, token, sketched } = await paid();
    expect(await counter.cancel(token, FROM)).toEqual({ taken: false, because: 'stale' });
    expect(sketched.payment.status).toBe('succeeded');
  });

  it('gives ten minutes ten times', async () => {
    const { counter, token, sketched } = openWindow();
    for (let index = 0; index < 10; index++) expect(await counter.extend(token)).toBe(true);
    expect(await counter.extend(token)).toBe(false);
    expect(sketched.payment.expiresAt).toBe(START + 3_600_000 + 6_000_000);
    expect((await counter.visit(token, null))?.extendable).toBe(false);
    expect(await counter.extend('token.pay_1.2')).toBe(false);
  });
});
