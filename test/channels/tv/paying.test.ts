import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTelevisionHouse, RIGHT, type TelevisionHouse, WRONG } from './house.js';
import { createPhone } from './phone.js';

const GOOD = '4242424242424242';
const OTHER_GOOD = '4111111111111111';
const DECLINED = '4000000000000002';
const NEEDS_BANK = '4000002760003184';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

/** A box at the entry of the code, for a new payment of a household with these cards. */
async function asked(numbers: readonly string[] = [GOOD], device?: string) {
  const [{ id }, account] = await Promise.all([house.order(), house.household(numbers)]);
  const box = await house.open(id, { account, ...(device !== undefined && { device }) });
  await box.press('OK');
  return { box, id, account };
}

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
    const entry = await box.press('OK');
    expect(entry).toMatchObject({
      ...{ id: 'purchase_code', kind: 'enter', focus: null },
      entry: { digits: 8, secret: true, entered: 0 },
    });
    expect(entry.text).toMatch(/purchase code .* Not the code of your bank card\.$/);
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

  it('tells the merchant nothing of the household', async () => {
    const { box, id, account } = await asked();
    await box.enter(RIGHT);
    await box.until('paid');
    const headers = { authorization: 'Bearer sk_test_demo' };
    for (const path of [`/v1/payments/${id}`, `/v1/payments/${id}/events`, `/v1/payments/${id}/timeline`]) {
      const text = await (await fetch(house.url + path, { headers })).text();
      expect(text).not.toContain(account);
      expect(text).not.toMatch(/op_demo|box-1|household|pyr_|ins_/);
    }
  });

  it('asks again after a wrong one, on another screen, and charges nothing', async () => {
    const { box, id } = await asked();
    const first = box.screen;
    const second = await box.enter(WRONG);
    expect(second).toMatchObject({ id: 'purchase_code' });
    expect(second.text).toMatch(/^This is not the purchase code\. Nothing was charged\./);
    expect(second.version).not.toBe(first.version);
    expect((await house.payment(id)).attempts).toEqual([]);
    await box.enter(RIGHT);
    await box.until('paid');
  });

  it('says what a code looks like, and counts no try for it', async () => {
    const { box, account } = await asked();
    for (const value of ['', '123', '123456789', '12a4', GOOD]) {
      const screen = await box.enter(value);
      expect(screen.text).toMatch(/^A purchase code has four to eight digits\./);
      expect(JSON.stringify(screen)).not.toContain(GOOD);
    }
    const household = await house.payers.find({ owner: 'op_demo', mode: 'test', account });
    expect(household?.purchaseCode).toMatchObject({ errors: 0 });
  });

  it('has one of several cards chosen, seen only once the code was right', async () => {
    const { box, id } = await asked([GOOD, OTHER_GOOD]);
    expect(JSON.stringify(box.screen)).not.toMatch(/4242|1111/);
    const choice = await box.enter(RIGHT);
    expect(choice).toMatchObject({ id: 'choose_card', kind: 'choose', focus: 0 });
    const labels = choice.options.map(({ label }) => label);
    expect(labels).toHaveLength(3);
    const at = labels.indexOf('Visa ending in 1111');
    if (at === 1) await box.press('DOWN');
    await box.press('OK');
    expect((await box.until('paid')).text).toMatch(/Visa ending in 1111/);
    expect((await house.payment(id)).attempts).toMatchObject([{ face: { last4: '1111' } }]);
  });
});

describe('wrong codes', () => {
  it('lock after five on two boxes at once, however they are sent, and the right one is worth nothing then', async () => {
    const account = await house.household([GOOD]);
    const orders = await Promise.all([house.order(), house.order()]);
    const boxes = await Promise.all(
      orders.map(({ id }, index) => house.open(id, { account, device: `lock-${index}` })),
    );
    for (const box of boxes) await box.press('OK');
    const errors = async (): Promise<number | undefined> =>
      (await house.payers.find({ owner: 'op_demo', mode: 'test', account }))?.purchaseCode?.errors;
    let round = 0;
    while (boxes.some(({ screen }) => screen.id !== 'locked')) {
      await Promise.all(boxes.map(async (box) => void (await box.enter(WRONG))));
      await Promise.all(boxes.map((box) => box.look()));
      round += 1;
      expect(round).toBeLessThan(6);
    }
    expect(await errors()).toBe(5);
    for (const box of boxes) {
      expect(box.screen.text).toBe('Too many wrong codes. Nothing was charged. OK: continue on your phone.');
      await house.post(box.session, { version: box.screen.version, value: RIGHT });
      await box.look();
      expect(box.screen.id).toBe('locked');
      expect((await box.press('OK')).id).toBe('handover');
    }
    expect(await errors()).toBe(5);
    for (const { id } of orders) expect((await house.payment(id)).attempts).toEqual([]);
  });

  it('of strangers on the same payment take nothing from the household that pays', async () => {
    const { id } = await house.order();
    for (const stranger of [1, 2, 3]) {
      const box = await house.open(id, { account: await house.household([GOOD]), device: `stranger-${stranger}` });
      await box.press('OK');
      for (let index = 0; index < 4; index++) expect((await box.enter(WRONG)).text).toMatch(/^This is not/);
    }
    const box = await house.open(id, { account: await house.household([GOOD]), device: 'own' });
    await box.press('OK');
    await box.enter(RIGHT);
    expect(await box.until('paid')).toMatchObject({ id: 'paid' });
  });

  it('are bounded on one box, whatever households are named, in words that blame nobody', async () => {
    const { id } = await house.order();
    const at = async () => {
      const box = await house.open(id, { account: await house.household([GOOD]), device: 'bound' });
      await box.press('OK');
      return box;
    };
    for (let household = 0; household < 5; household++) {
      const box = await at();
      for (let index = 0; index < 4; index++) expect((await box.enter(WRONG)).text).toMatch(/^This is not/);
    }
    const text = expect.stringMatching(/^No more codes are taken here for now/);
    expect(await (await at()).enter(RIGHT)).toMatchObject({ id: 'locked', text });
    expect((await house.payment(id)).attempts).toEqual([]);
  });
});

describe('posts that come twice, late or out of order', () => {
  it('a wrong code sent ten times at once is one error', async () => {
    const { box, account } = await asked();
    const body = { version: box.screen.version, value: WRONG };
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.post(box.session, body)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await house.post(box.session, body);
    const household = await house.payers.find({ owner: 'op_demo', mode: 'test', account });
    expect(household?.purchaseCode).toMatchObject({ errors: 1 });
    await box.look();
    expect(box.screen).toMatchObject({ id: 'purchase_code' });
  });

  it('a right code sent ten times at once pays once', async () => {
    const { box, id } = await asked();
    const body = { version: box.screen.version, value: RIGHT };
    await Promise.all(Array.from({ length: 10 }, () => house.post(box.session, body)));
    await box.until('paid');
    expect((await house.payment(id)).attempts).toHaveLength(1);
  });

  it('what answers an earlier screen changes nothing and gets the present one', async () => {
    const { id } = await house.order();
    const box = await house.open(id);
    const start = box.screen.version;
    await box.press('RED');
    const shown = await house.post(box.session, { version: start, key: 'OK' });
    expect(shown.body['screen']).toMatchObject({ id: 'confirm_cancel', version: box.screen.version });
    await box.press('BACK');
    expect(box.screen.id).toBe('start');
    // The same screen again is another one.
    await house.post(box.session, { version: start, key: 'RED' });
    await box.look();
    expect(box.screen.id).toBe('start');
    expect((await house.payment(id)).status).toBe('requires_payment_method');
  });
});

describe('what a bank says', () => {
  it('a card that was declined gives way to another, or to the telephone', async () => {
    const { box, id } = await asked([DECLINED]);
    await box.enter(RIGHT);
    const declined = await box.until('declined');
    expect(declined.title).toBe('TEST: The payment was refused');
    expect(declined.options.map(({ label }) => label)).toEqual([
      'Try your saved card again',
      'Continue on your phone',
      'Cancel',
    ]);
    expect((await box.press('BLUE')).id).toBe('handover');
    expect((await house.payment(id)).attempts).toMatchObject([{ decline: { code: 'do_not_honor' } }]);
  });

  it('a card that its bank wants confirmed goes on with the telephone, and is not taken here again', async () => {
    const { box, id, account } = await asked([NEEDS_BANK]);
    await box.enter(RIGHT);
    const handover = await box.until('handover');
    expect(handover.text).toMatch(/^Your bank wants you to confirm this payment on your phone\. Nothing was charged\./);
    expect(handover.handover).toMatchObject({ telephone: '+33199001234', url: `${house.url}/link` });
    expect(handover.options.map(({ key }) => key)).toEqual(['RED']);
    const again = await house.open(id, { account, device: 'another-box' });
    expect(again.screen.id).toBe('handover');
    expect((await house.payment(id)).attempts).toMatchObject([
      { decline: { code: 'authentication_required' }, channel: 'tv' },
    ]);
  });

  it('a card left before its authentication is done on the page is not taken by purchase code', async () => {
    const { id, pay } = await house.order();
    const account = await house.household(['4000000000003220']);
    const box = await house.open(id, { account });
    expect(box.screen.id).toBe('start');
    const phone = createPhone(pay);
    await phone.payWith('4000000000003220');
    await phone.leaveChallenge();
    await box.look();
    expect(box.screen.id).toBe('handover');
    expect((await house.payment(id)).attempts).toMatchObject([{ authentication: { state: 'unfinished' } }]);
  });
});

describe('how it ends', () => {
  it('is canceled by the viewer in two keys, whatever was there before', async () => {
    const { box, id } = await asked();
    expect((await box.press('RED')).id).toBe('confirm_cancel');
    expect(await box.press('RED')).toMatchObject({ id: 'canceled', kind: 'result' });
    expect(await house.payment(id)).toMatchObject({ status: 'canceled', canceledBy: 'payer' });
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
