import { describe, expect, it } from 'vitest';
import { type CounterWindow, challenged, FROM, OTHER, openWindow, pay, toBank } from './window.js';

const NOBODY = { ...FROM, device: '' };
const STALE = { taken: false, because: 'stale' };
/** What the issuer is told of the attempt as it stands. */
const backOf = ({ sketched }: CounterWindow): string => `back.pay_1.${sketched.attempt().authentication?.id}.1`;

describe('the challenge', () => {
  it('a return from anywhere only causes a look at the result', async () => {
    const window = await challenged();
    expect(await window.counter.returned(backOf(window), 'another', NOBODY)).toEqual(STALE);
    expect(await window.counter.returned(backOf(window), window.prompt(), NOBODY)).toEqual({ taken: true });
    expect(window.sketched.attempt()).toMatchObject({
      status: 'processing',
      authentication: { state: 'checking' },
      device: { id: 'device-1' },
      operations: [],
    });
    // The same once more finds a look under way.
    expect(await window.counter.returned(backOf(window), null, NOBODY)).toEqual(STALE);
  });

  it('a return that names no prompt causes the look too', async () => {
    const window = await challenged();
    expect(await window.counter.returned(backOf(window), null, NOBODY)).toEqual({ taken: true });
  });

  it.each([
    ['a page token', 'token.pay_1.1'],
    ['another authentication', 'back.pay_1.ath_9.1'],
    ['another payment', 'back.pay_9.ath_1.1'],
    ['nothing', ''],
  ])('%s is no way back', async (_, capability) => {
    const { counter, sketched } = await challenged();
    const before = sketched.payment;
    expect(await counter.returned(capability, null, NOBODY)).toEqual(STALE);
    expect(await counter.comeBack(capability, 'device-1')).toBeNull();
    expect(sketched.payment).toBe(before);
  });

  it('is left by a browser that began it to its page, by any other to none', async () => {
    const window = await challenged();
    const { counter, sketched, token } = window;
    const back = backOf(window);
    const ways = async () => [
      await counter.comeBack(back, 'device-1'),
      await counter.comeBack(back, 'device-2'),
      await counter.comeBack(back, null),
    ];
    const expected = [{ token }, { token: null }, { token: null }];
    expect(await ways()).toEqual(expected);
    sketched.authenticate();
    sketched.answer('authorize', 'purchased');
    expect(await ways()).toEqual(expected);
  });

  it('leads no way around a link that was revoked', async () => {
    const window = await challenged();
    window.sketched.tell({ type: 'revoke_links' });
    expect(await window.counter.comeBack(backOf(window), 'device-1')).toEqual({ token: null });
  });

  it('is left by other devices twice at most, by the one that began it always', async () => {
    const window = await challenged({ terms: { attemptsMax: 9 } });
    const { counter, token, sketched } = window;
    for (const stranger of ['stranger-1', 'stranger-2']) {
      expect(await counter.leave(token, window.prompt(), { ...OTHER, device: stranger })).toEqual({ taken: true });
      await toBank(window);
    }
    const refused = { because: 'too_many', message: 'card.finish_there' };
    expect(await counter.leave(token, window.prompt(), { ...OTHER, device: 'stranger-3' })).toMatchObject(refused);
    expect(sketched.attempt().end).toBeNull();
    expect(await counter.leave(token, window.prompt(), FROM)).toEqual({ taken: true });
  });

  it('another device begins again, and the first one’s result counts no more', async () => {
    const window = await challenged();
    const { counter, token, sketched } = window;
    const first = sketched.attempt().authentication?.id ?? '';
    expect(await counter.leave(token, window.prompt(), OTHER)).toEqual({ taken: true });
    expect(await pay(window, OTHER)).toEqual({ taken: true });
    const answer = {
      answer: 'final',
      result: 'Y',
      eci: '05',
      value: 'cavv',
      directoryServerTransaction: null,
      version: null,
    } as const;
    expect(sketched.tell({ type: 'authenticated', authentication: first, call: null, answer })).toBe(false);
    expect(sketched.attempt().device?.id).toBe('device-2');
  });

  it('another device goes on with the same card, which is shown to nobody, and counts as one more try', async () => {
    const window = await challenged();
    const { counter, token, sketched } = window;
    expect(await counter.visit(token, 'device-1')).toMatchObject({ takesOver: false, elsewhere: null });
    expect(await counter.visit(token, 'device-2')).toMatchObject({ takesOver: true, elsewhere: 'web', follow: null });
    expect(await counter.takeOver(token, 'begin.1', OTHER)).toEqual(STALE);
    expect(await counter.takeOver(token, window.prompt(), FROM)).toEqual(STALE);
    expect(await counter.takeOver(token, window.prompt(), OTHER)).toEqual({ taken: true });
    expect(sketched.payment.attempts).toMatchObject([
      { status: 'canceled', card: null },
      { device: { id: 'device-2' }, initiator: 'holder', authentication: { state: 'asking' } },
    ]);
    expect(sketched.released).toEqual([]);
  });

  it('who may not go on with a card shuts nobody out by asking, not even in live mode', async () => {
    const window = await challenged({ mode: 'live' });
    const before = [...window.counted];
    for (let turn = 0; turn < 40; turn += 1) {
      expect(await window.counter.takeOver(window.token, window.prompt(), FROM)).toEqual(STALE);
    }
    expect([...window.counted]).toEqual(before);
    expect(await window.counter.takeOver(window.token, window.prompt(), OTHER)).toEqual({ taken: true });
  });

  it('a device check belongs to its device', async () => {
    const window = openWindow();
    await pay(window);
    const { id, calls } = window.sketched.attempt().authentication ?? { id: '', calls: 0 };
    const answer = { answer: 'device_check', url: 'https://acs.example', data: 'x' } as const;
    window.sketched.tell({ type: 'authenticated', authentication: id, call: calls, answer });
    const check = (from: typeof FROM) => window.counter.deviceChecked(window.token, window.prompt(), 'Y', from);
    expect(await check(OTHER)).toEqual({ taken: false, because: 'stale' });
    // The frame's end comes to the same address as a challenge's, and moves nothing here.
    expect(await window.counter.returned(backOf(window), null, NOBODY)).toEqual(STALE);
    expect(window.sketched.attempt().authentication?.state).toBe('device_check');
    expect(await check(FROM)).toEqual({ taken: true });
    expect(window.sketched.attempt().authentication?.deviceCheck).toBe('Y');
  });
});
