import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTelevisionHouse, RIGHT, type TelevisionHouse, WRONG } from './house.js';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

describe('a stored card and the purchase code', () => {
  it('pays with two keys beside the digits, and says so', async () => {
    const { id } = await house.order();
    const box = await house.open(id);
    expect(box.opened).toBe(201);
    expect(box.screen).toMatchObject({
      ...{ id: 'start', kind: 'choose', title: 'TEST: Pay Maison Lune', amount_text: '€42.50', focus: 0 },
      ...{ merchant: 'Maison Lune', language: 'en', status: 'requires_payment_method', entry: null, handover: null },
      options: [
        { key: 'GREEN', label: 'Pay with your saved card' },
        { key: 'BLUE', label: 'Continue on your phone' },
        { key: 'RED', label: 'Cancel' },
      ],
    });
    expect(JSON.stringify(box.screen)).not.toMatch(/4242|visa/i);
    const asked = await box.press('OK');
    expect(asked).toMatchObject({
      id: 'purchase_code',
      kind: 'enter',
      entry: { digits: 8, secret: true, entered: 0 },
      focus: null,
    });
    expect(asked.text).toMatch(/purchase code .* Not the code of your bank card\.$/);
    await box.enter(RIGHT);
    const paid = await box.until('paid');
    expect(paid).toMatchObject({ kind: 'result', status: 'succeeded', expires_in: null });
    expect(paid.text).toMatch(/Visa ending in 4242/);
    const payment = await house.payment(id);
    expect(payment).toMatchObject({ status: 'succeeded', channel: 'tv', payer: { account: null } });
    expect(payment.attempts).toMatchObject([
      { channel: 'tv', stored: true, initiator: 'merchant', authentication: null },
    ]);
    expect(payment.events.map(({ type }) => type)).toContain('channel.device_paired');
  });

  it('asks again after a wrong one, on another screen, and charges nothing', async () => {
    const { id } = await house.order();
    const box = await house.open(id, { account: await house.household(['4242424242424242']) });
    const first = await box.press('GREEN');
    const second = await box.enter(WRONG);
    expect(second).toMatchObject({ id: 'purchase_code' });
    expect(second.text).toMatch(/^This is not the purchase code\. Nothing was charged\./);
    expect(second.version).not.toBe(first.version);
    expect((await house.payment(id)).attempts).toEqual([]);
    await box.enter(RIGHT);
    await box.until('paid');
  });
});
