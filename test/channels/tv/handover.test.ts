import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTelevisionHouse, RIGHT, type TelevisionHouse } from './house.js';
import { createPhone, type Phone } from './phone.js';

const GOOD = '4242424242424242';
const NEEDS_BANK = '4000002760003184';

let house: TelevisionHouse;
beforeAll(async () => {
  house = await openTelevisionHouse();
});
afterAll(() => house.close());

async function onBoth(numbers: readonly string[] | null, code: string | null = RIGHT, email?: string) {
  const { id, code: digits, pay } = await house.order();
  const account =
    numbers === null ? null : await house.household(numbers, code, { ...(email !== undefined && { email }) });
  const box = await house.open(id, { account, device: `box-${id}` });
  if (box.screen.kind !== 'handover') await box.press('BLUE');
  const qr = box.screen.handover?.qr ?? '';
  return { id, digits, pay, account, box, qr, phone: createPhone(qr) };
}

const typesOf = async (id: string): Promise<string[]> => (await house.payment(id)).events.map(({ type }) => type);

describe('from the television to the telephone', () => {
  it('the television follows a call as it does a page', async () => {
    const { id, box } = await onBoth(null);
    expect([box.screen.id, box.pollSeconds]).toEqual(['handover', 5]);
    await house.guichet.engine.called(id, null);
    expect((await box.until('opened')).text).toMatch(/^The payment is open on a telephone/);
    // From now on somebody may pay there at any moment, of which a box that cannot wait hears in time.
    expect(box.pollSeconds).toBe(2);
  });

  it('the television follows: opened, being paid, paid', async () => {
    const { id, box, phone } = await onBoth(null);
    expect(box.screen).toMatchObject({ id: 'handover', handover: { url: `${house.url}/link` } });
    expect(await phone.look()).toContain('42.50');
    expect((await box.until('opened')).text).toMatch(/^The payment is open on a telephone: €42\.50 to Maison Lune\./);
    await phone.payWith('4000000000003220');
    expect(await box.until('elsewhere')).toMatchObject({ kind: 'handover' });
    await phone.answerChallenge();
    const paid = await box.until('paid');
    expect(paid.text).not.toMatch(/3220/);
    expect(paid.text).toMatch(/Reference TV-/);
    expect((await house.payment(id)).attempts).toMatchObject([{ channel: 'web', authentication: { state: 'passed' } }]);
    const timeline = await fetch(`${house.url}/v1/payments/${id}/timeline`, {
      headers: { authorization: 'Bearer sk_test_demo' },
    });
    const { data } = (await timeline.json()) as { data: { type: string; channel: string; text: string }[] };
    expect(data.filter(({ type }) => type.startsWith('channel.'))).toMatchObject([
      { type: 'channel.device_paired', channel: 'tv', text: 'A television shows the payment.' },
      { type: 'channel.page_opened', channel: 'web' },
    ]);
  });

  it('the page asks whether one has begun this oneself, with what the screen shows, and refusing is one press', async () => {
    const { id, digits, pay, box, phone } = await onBoth(null);
    const shown = box.screen.handover?.code ?? '';
    expect(shown.replaceAll(' ', '')).toBe(digits);
    const words = await phone.look();
    expect(words).toContain('Did you start this on your television?');
    const operator = (await house.store.operators.load('op_demo'))?.name ?? 'nobody';
    expect(words).toContain(
      `A television of ${operator} shows it. Pay only if your screen has this payment code: ${shown}`,
    );
    expect(words.indexOf('Did you start')).toBeLessThan(words.indexOf('Card number'));
    expect(await createPhone(pay).look()).not.toContain('Did you start');
    await phone.post('cancel');
    expect(await phone.look()).not.toContain('Did you start');
    await box.until('canceled');
    expect((await house.payment(id)).attempts).toEqual([]);
  });

  it('tells the opening of each device once, and of none where no television waits', async () => {
    const { id, phone, pay } = await onBoth(null);
    for (let index = 0; index < 3; index++) await phone.look();
    expect((await typesOf(id)).filter((type) => type === 'channel.page_opened')).toHaveLength(1);
    await createPhone(pay).look();
    expect((await typesOf(id)).filter((type) => type === 'channel.page_opened')).toHaveLength(2);
    const alone = await house.order();
    await createPhone(alone.pay).look();
    expect(await typesOf(alone.id)).not.toContain('channel.page_opened');
  });

  it('the code at /link leads to the same payment', async () => {
    const { id, digits, box } = await onBoth(null);
    const phone = createPhone(`${house.url}/link`);
    expect(box.screen.handover?.code?.replaceAll(' ', '')).toBe(digits);
    await phone.enterCode(digits);
    await phone.payWith(GOOD);
    await box.until('paid');
    expect((await house.payment(id)).attempts).toMatchObject([{ channel: 'web' }]);
  });

  it('one who guesses a single bit of the page’s address finds nothing', async () => {
    const { qr } = await onBoth(null);
    const [key = '', mac = '', ...rest] = (qr.split('/pay/')[1] ?? '').split('.');
    for (let bit = 0; bit < 128; bit += 7) {
      const altered = Buffer.from(mac, 'base64url');
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const answer = await fetch(`${house.url}/pay/${[key, altered.toString('base64url'), ...rest].join('.')}`);
      expect(answer.status).toBe(404);
    }
  });

  it('its links go with those of the payment', async () => {
    const { id, qr } = await onBoth(null);
    await house.guichet.engine.revokeLinks(id);
    expect((await fetch(qr)).status).toBe(404);
  });
});

describe('the household’s cards on the telephone', () => {
  /** A household with an address, whose code comes by mail. */
  async function withMail(numbers: readonly string[], code: string | null = RIGHT) {
    const email = `${randomUUID()}@home.example`;
    return { ...(await onBoth(numbers, code, email)), email };
  }

  async function identified({ phone, email }: { phone: Phone; email: string }): Promise<void> {
    await phone.post('send-code');
    await phone.post('code', { code: house.mailedCode(email) });
  }

  it('are shown after a code sent to the contact that its operator gave, and pay with the bank’s confirmation', async () => {
    const { id, box, phone, email } = await withMail([NEEDS_BANK]);
    await box.press('GREEN');
    await box.enter(RIGHT);
    await box.until('handover');
    expect((await house.payment(id)).attempts).toMatchObject([{ decline: { code: 'authentication_required' } }]);
    const before = await phone.look();
    expect(before).toContain('Pay with a saved card');
    expect(before).not.toMatch(/3184/);
    await identified({ phone, email });
    expect(await phone.look()).toContain('Visa ending in 3184');
    await phone.post('saved');
    await phone.answerChallenge();
    await box.until('paid');
    expect((await house.payment(id)).attempts).toMatchObject([
      { channel: 'tv', decline: { code: 'authentication_required' } },
      { channel: 'web', stored: true, authentication: { state: 'passed' } },
    ]);
  });

  it('are not there by the payment’s own link', async () => {
    const { pay } = await withMail([GOOD]);
    expect(await createPhone(pay).look()).not.toContain('Pay with a saved card');
  });

  it('and its purchase code, which is made there and pays on the television then', async () => {
    const { id, box, phone, email, account } = await withMail([GOOD], null);
    await phone.post('purchase-code', { purchase_code: '8062', purchase_code_again: '8062' });
    const of = { owner: 'op_demo', mode: 'test', account: account ?? '' } as const;
    expect((await house.payers.find(of))?.purchaseCode).toBeNull();
    await identified({ phone, email });
    expect(await phone.look()).toContain('Choose your purchase code');
    const refused = await phone.post('purchase-code', { purchase_code: '1111', purchase_code_again: '1111' });
    expect(refused).toContain('first that anybody would try');
    const set = await phone.post('purchase-code', { purchase_code: '8062', purchase_code_again: '8062' });
    expect(set).toContain('Your purchase code is set');
    await box.until('opened');
    await box.press('GREEN');
    await box.enter('8062');
    await box.until('paid');
    expect((await house.payment(id)).attempts).toMatchObject([{ channel: 'tv' }]);
  });

  it('whose address was just changed pays nothing by its purchase code, and makes none by a code mailed there', async () => {
    const { id, box, phone, email, account } = await withMail([GOOD]);
    const of = { owner: 'op_demo', mode: 'test', account: account ?? '' } as const;
    const contacts = { email: `new-${email}`, phone: null, name: null, language: 'en' };
    await box.press('GREEN');
    await house.payers.put(of, contacts);
    await box.enter(RIGHT);
    await box.look();
    expect(box.screen.options.map(({ key }) => key)).not.toContain('GREEN');
    expect((await house.payment(id)).attempts).toEqual([]);
    await phone.look();
    await identified({ phone, email: contacts.email });
    const refused = await phone.post('purchase-code', { purchase_code: '8062', purchase_code_again: '8062' });
    expect(refused).toContain('changed less than a day ago');
    // A day later it is as it was, and the purchase code is the one that the household had.
    const payer = await house.payers.find(of);
    if (payer === null) throw new Error('no household');
    const emailChangedAt = (payer.emailChangedAt ?? Number.NaN) - 86_400_000;
    await house.store.payers.commit({ ...payer, emailChangedAt, revision: payer.revision + 1 });
    await box.look();
    await box.press('GREEN');
    await box.enter(RIGHT);
    await box.until('paid');
  });

  it('one payment is paid once, whoever is faster', async () => {
    for (let round = 0; round < 3; round++) {
      const { id, box, phone } = await onBoth([GOOD]);
      await phone.look();
      await box.look();
      await box.press('GREEN');
      await Promise.all([phone.payWith(GOOD), box.enter(RIGHT)]);
      await box.until('paid');
      const { attempts } = await house.payment(id);
      expect(attempts.filter(({ status }) => status === 'captured')).toHaveLength(1);
    }
  });
});
