/** How a payment ends on television. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Television } from './box.js';
import { openTelevisionHouse, RIGHT, type TelevisionHouse } from './house.js';
import { createPhone } from './phone.js';

const GOOD = '4242424242424242';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

/** A box at the entry of the code, for a new payment of a household with these cards. */
async function asked(
  numbers: readonly string[] = [GOOD],
  device?: string,
): Promise<{ box: Television; id: string; account: string }> {
  const [{ id }, account] = await Promise.all([house.order(), house.household(numbers)]);
  const box = await house.open(id, { account, ...(device !== undefined && { device }) });
  await box.press('OK');
  return { box, id, account };
}

describe('how it ends', () => {
  it('is canceled by the viewer in two keys, whatever was there before', async () => {
    const { box, id } = await asked();
    expect((await box.press('RED')).id).toBe('confirm_cancel');
    expect(await box.press('RED')).toMatchObject({ id: 'canceled', kind: 'result' });
    expect(await house.payment(id)).toMatchObject({ status: 'canceled', canceledBy: 'payer', channel: 'tv' });
    const headers = { authorization: 'Bearer sk_test_demo' };
    const timeline = await fetch(`${house.url}/v1/payments/${id}/timeline`, { headers });
    const { data } = (await timeline.json()) as { data: { type: string; channel: string; text: string }[] };
    expect(data.find(({ type }) => type === 'payment.canceled')).toMatchObject({
      channel: 'tv',
      text: 'The payment was canceled by the payer on television.',
    });
    await box.press('OK');
    expect(box.screen.id).toBe('canceled');
  });

  it('expires while the viewer thinks about it, and takes no code then', async () => {
    const { box, id } = await asked();
    await house.shorten(id, 1_500);
    const { version } = box.screen;
    expect(await box.until('expired')).toMatchObject({ kind: 'result', status: 'expired', expires_in: null });
    expect(await house.post(box.session, { version, value: RIGHT })).toMatchObject({
      body: { screen: { id: 'expired' } },
    });
    expect((await house.payment(id)).attempts).toEqual([]);
  });

  it('paid by another device shows no card, and a payment that is over can still be looked at', async () => {
    const { id, pay } = await house.order();
    const box = await house.open(id);
    await createPhone(pay).payWith(GOOD);
    expect((await box.until('paid')).text).not.toMatch(/4242/);
    const later = await house.open(id, { device: 'box-of-the-curious' });
    expect(later.screen).toMatchObject({ id: 'paid', options: [], handover: null });
    expect(later.pollSeconds).toBe(30);
  });

  it('without a purchase code leads to the telephone, which can make one', async () => {
    const { id } = await house.order();
    const box = await house.open(id, { account: await house.household([GOOD], null) });
    expect((await box.press('OK')).id).toBe('code_missing');
    expect((await box.press('OK')).id).toBe('handover');
  });
});
