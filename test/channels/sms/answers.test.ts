import { describe, expect, it } from 'vitest';
import { digitsOf, newSid, openSmsWorld, PHONE, type SmsWorld, START, STRANGER } from './world.js';

const approvals = async ({ payment }: SmsWorld, id: string): Promise<number> =>
  (await payment(id)).attempts.filter(({ status }) => status === 'captured').length;

/** The last digit of a code, one further. */
const other = (code: string): string => code.slice(0, 5) + ((Number(code[5]) + 1) % 10);

async function offered(given: Parameters<typeof openSmsWorld>[0] = {}, change = {}) {
  const world = await openSmsWorld(given);
  const payment = await world.order(change);
  const text = await world.reach(payment);
  return { world, id: payment.id, text, code: digitsOf(text) };
}

describe('the text', () => {
  it('says who is paid, what, with which card and until when, its digits first', async () => {
    const { world, id, text, code } = await offered();
    expect(text).toMatchObject({ to: PHONE, validForSeconds: 600 });
    expect(text.body).toBe(`Reply ${code} to pay La Lune 42.50 EUR, card *4242, by 14:32. To refuse: NO.`);
    expect((await world.payment(id)).reaches).toMatchObject([
      { status: 'sent', answerBy: START + 600_000, to: PHONE, channel: 'sms', step: 0 },
    ]);
    const [stored] = await world.textsOf(id);
    expect(JSON.stringify(stored)).not.toContain(code);
    expect(await world.eventsOf(id)).toEqual(['payment.created', 'channel.sms_requested', 'channel.sms_sent']);
  });

  it('is in French for whoever is spoken to in French, and says TEST where no money moves', async () => {
    const payer = { account: 'ada', email: null, phone: PHONE, name: null, language: 'fr-CA' };
    const { text, code } = await offered({}, { payer });
    expect(text.body).toBe(
      `Répondez ${code} pour payer 42,50 EUR à La Lune, carte *4242, avant 14:32. Pour refuser : NON.`,
    );
    const world = await openSmsWorld();
    expect((await world.reach(await world.order({ mode: 'test', payer: { ...payer, account: null } }))).body).toMatch(
      /^TEST La Lune : 42,50 EUR à payer : https:\/\/pay\.example\.org\/pay\//,
    );
  });

  it.each([
    ['above the merchant’s limit', {}, { amount: 15_001 }],
    ['in a currency without one', {}, { currency: 'CHF' }],
    ['without an account', {}, { payer: { account: null, email: null, phone: PHONE, name: null, language: 'en' } }],
    ['of a payment that is not paid by text', {}, { channels: ['web'] }],
    ['from a name that cannot be answered', { isOneWay: true }, {}],
  ] as const)('carries the link %s', async (_, given, change) => {
    const { world, id, text } = await offered(given, change as object);
    expect(text.body).toMatch(/ to pay\. Pay: https:\/\/pay\.example\.org\/pay\/k1\./);
    expect(text.body).not.toMatch(/reply|\b\d{6}\b/i);
    expect((await world.textsOf(id))[0]?.challenge).toBeNull();
    expect((await world.payment(id)).reaches[0]).toMatchObject({ status: 'sent', answerBy: null });
  });

  it('carries the link to any number but the account’s own', async () => {
    const world = await openSmsWorld();
    expect((await world.reach(await world.order(), STRANGER)).body).toContain('/pay/');
  });

  it('carries the link once the card is gone or has expired, or this card was declined here', async () => {
    const world = await openSmsWorld();
    const { store } = world;
    const payer = await store.payers.byAccount('mer_lune', 'live', 'ada');
    if (payer === null) throw new Error('no payer');
    const [card] = payer.instruments;
    if (card === undefined) throw new Error('no card');
    const expired = { ...card, face: { ...card.face, expMonth: 12, expYear: 2029 } };
    await store.payers.commit({ ...payer, revision: 2, instruments: [expired] });
    expect((await world.reach(await world.order())).body).toContain('/pay/');
    await store.payers.commit({ ...payer, revision: 3, instruments: [{ ...card, token: 'tok_sandbox_decline' }] });
    const { id } = await world.order();
    await world.inbound(digitsOf(await world.reach(await world.payment(id))));
    expect((await world.reach(await world.payment(id))).body).toContain('/pay/');
  });
});

describe('the digits', () => {
  it.each([
    ['alone', (code: string) => code],
    ['in a sentence', (code: string) => `Oui, je confirme ${code} merci !`],
    ['in groups', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    ['with a point', (code: string) => ` ${code}.\n`],
    [
      'in full width',
      (code: string) => [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join(''),
    ],
    ['twice', (code: string) => `${code} ${code}`],
    [
      'behind the text sent back',
      (code: string) => `Reply ${code} to pay La Lune 42.50 EUR, card *4242, by 14:32. YES`,
    ],
  ])('%s charge the card, once, and a text tells it', async (_, write) => {
    const { world, id, code } = await offered();
    expect(await world.inbound(write(code))).toBe('');
    const payment = await world.payment(id);
    expect([payment.status, payment.channel, await approvals(world, id)]).toEqual(['succeeded', 'sms', 1]);
    expect(payment.attempts).toMatchObject([{ channel: 'sms', stored: true, initiator: 'merchant' }]);
    expect(world.sent.at(-1)?.body).toMatch(/^Paid: 42\.50 EUR to La Lune, card \*4242\. Reference: ORDER-1$/);
    expect(await world.inbound(code)).toBe('Already paid to La Lune, 42.50 EUR. Your reply charged nothing.');
    expect(world.sent).toHaveLength(2);
    const texts = await world.textsOf(id);
    expect(texts.map(({ to, dueAt }) => [to, dueAt])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  it.each([
    ['OUI', 'OUI'],
    ['YES', 'Yes.'],
    ['ok', 'ok'],
  ])('are asked for when %s stands alone', async (_, body) => {
    const { world, id } = await offered();
    expect(await world.inbound(body)).toBe('Nothing charged yet. Reply with the six digits.');
    expect((await world.payment(id)).attempts).toEqual([]);
  });

  it('charge nothing from another number, whatever it sends, nor to a stranger’s payment', async () => {
    const { world, id, code } = await offered();
    expect(await world.inbound(code, { from: STRANGER })).toMatch(/^This number confirms payments/);
    expect(await world.inbound(code, { from: STRANGER })).toBe('');
    expect(await world.inbound(code, { from: 'anonymous' })).toBe('');
    expect((await world.payment(id)).attempts).toEqual([]);
    expect(await world.inbound(code)).toBe('');
    expect(await approvals(world, id)).toBe(1);
  });

  it('may be tried five times, right or wrong, and a message that comes twice counts once', async () => {
    const { world, id, code } = await offered();
    const wrong = other(code);
    const sid = newSid();
    const said = await world.inbound(wrong, { sid });
    expect(said).toBe('These are not the digits of our text. Nothing charged. Reply with the six digits.');
    for (let again = 0; again < 8; again += 1) expect(await world.inbound(wrong, { sid })).toBe('');
    expect((await world.textsOf(id))[0]?.challenge?.tried).toHaveLength(1);
    for (let tries = 2; tries <= 4; tries += 1) await world.inbound(wrong);
    expect(await world.inbound(wrong)).toMatch(/^$|^Too many tries/);
    expect(await world.inbound(code)).toMatch(/^Too many tries, nothing charged\. Pay: https/);
    expect((await world.payment(id)).attempts).toEqual([]);
  });

  it('are right at the fifth try still', async () => {
    const { world, id, code } = await offered();
    for (let tries = 1; tries <= 4; tries += 1) await world.inbound(other(code));
    await world.inbound(code);
    expect(await approvals(world, id)).toBe(1);
  });

  it('come too late after ten minutes: nothing is charged, the page stays', async () => {
    const { world, id, code } = await offered();
    await world.goOn(START + 600_000);
    expect(await world.inbound(code)).toMatch(
      /^Code expired, nothing charged\. Pay: https:\/\/pay\.example\.org\/pay\//,
    );
    expect(await world.inbound(code)).toMatch(/^Code expired/);
    await world.goOn(START + 8_000_000);
    expect((await world.textsOf(id))[0]).toMatchObject({ to: null, dueAt: null, challenge: { state: 'over' } });
    expect((await world.payment(id)).attempts).toEqual([]);
  });

  it('decide which payment is meant when several are open on one number', async () => {
    const world = await openSmsWorld();
    const [first, second] = [await world.order(), await world.order({ amount: 990 })];
    const [one, two] = [digitsOf(await world.reach(first)), digitsOf(await world.reach(second))];
    expect(one).not.toBe(two);
    await world.inbound(one);
    expect([await approvals(world, first.id), await approvals(world, second.id)]).toEqual([1, 0]);
    await world.inbound(two);
    expect([await approvals(world, first.id), await approvals(world, second.id)]).toEqual([1, 1]);
    expect(world.sent.slice(2).map(({ body }) => body.slice(0, 14))).toEqual(['Paid: 42.50 EU', 'Paid: 9.90 EUR']);
  });

  it('twenty messages at once charge once', async () => {
    const { world, id, code } = await offered();
    await Promise.all(Array.from({ length: 20 }, () => world.inbound(code)));
    expect([await approvals(world, id), (await world.payment(id)).attempts.length]).toEqual([1, 1]);
    expect(world.sent.filter(({ body }) => body.startsWith('Paid'))).toHaveLength(1);
  });

  it.each(['NO 482193', 'STOP 482193', 'cancel 482193', '482193 NON', '482193 or 482194'])(
    'are no consent in “%s”',
    async (body) => {
      const { world, id, code } = await offered();
      await world.inbound(body.replaceAll('482193', code));
      expect((await world.payment(id)).attempts).toEqual([]);
    },
  );

  it('charge nothing once the account has another number, or no such card', async () => {
    for (const change of [{ phone: STRANGER }, { instruments: [] }]) {
      const { world, id, code } = await offered();
      const payer = await world.store.payers.byAccount('mer_lune', 'live', 'ada');
      if (payer !== null) await world.store.payers.commit({ ...payer, ...change, revision: 2 });
      await world.inbound(code);
      await world.goOn(START + 90_000);
      expect((await world.payment(id)).attempts).toEqual([]);
      expect(world.sent.at(-1)?.body).toMatch(/^This did not work, nothing charged\. Pay: /);
    }
  });
});

describe('what comes of it', () => {
  async function withCard(token: string) {
    const world = await openSmsWorld();
    const payer = await world.store.payers.byAccount('mer_lune', 'live', 'ada');
    const [card] = payer?.instruments ?? [];
    if (payer === null || card === undefined) throw new Error('no card');
    await world.store.payers.commit({ ...payer, revision: 2, instruments: [{ ...card, token }] });
    const { id } = await world.order();
    return { world, id, code: digitsOf(await world.reach(await world.payment(id))) };
  }

  it('a decline leads to the page of the same payment', async () => {
    const { world, id, code } = await withCard('tok_sandbox_decline');
    await world.inbound(code);
    expect(world.sent.at(-1)?.body).toMatch(/^The bank declined, nothing charged\. Pay: https/);
    expect(await world.payment(id)).toMatchObject({ status: 'requires_payment_method', id });
  });

  it('a bank that wants its holder authenticated leads there too, and this card is taken by no text again', async () => {
    const { world, id, code } = await withCard('tok_sandbox_authentication_required');
    await world.inbound(code);
    expect(world.sent.at(-1)?.body).toMatch(/^Nothing charged yet: confirm with your bank\. https/);
    expect((await world.reach(await world.payment(id))).body).toContain('Pay: https');
  });

  it('is told when the bank has decided, however long that takes', async () => {
    const { world, id, code } = await offered();
    let open = (): void => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const answering = world.inbound(code);
    await expect.poll(async () => (await world.payment(id)).status).toBe('processing');
    world.clock.advance(6_000);
    // The provider is answered before the bank has decided.
    await expect.poll(async () => (await world.textsOf(id))[0]?.dueAt).toBeGreaterThan(0);
    expect(world.sent).toHaveLength(1);
    open();
    await answering;
    await world.goOn(world.clock.now() + 60_000);
    expect(world.sent.at(-1)?.body).toMatch(/^Paid: 42\.50 EUR/);
    expect(await approvals(world, id)).toBe(1);
  });

  it('the page was faster: nothing is charged by the text, and it says so', async () => {
    const { world, id, code } = await offered();
    const { prompt } = { prompt: 'begin.1' };
    const face = { brand: 'visa', bin: '411111', last4: '1111', expMonth: 12, expYear: 2034, fingerprint: '1.other' };
    const page = { prompt, channel: 'api', device: 'page', browser: null, type: 'card', stored: true } as const;
    await world.engine.reply(id, { ...page, token: 'tok_sandbox_approve', face, proof: null });
    await world.settle();
    expect(await world.inbound(code)).toBe('Already paid to La Lune, 42.50 EUR. Your reply charged nothing.');
    expect(await approvals(world, id)).toBe(1);
  });

  it('page and text in the same instant: one wins, the other is told', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { world, id, code } = await offered();
      const face = { brand: 'visa', bin: '411111', last4: '1111', expMonth: 12, expYear: 2034, fingerprint: '1.other' };
      const page = { prompt: 'begin.1', channel: 'api', device: 'page', browser: null, type: 'card' } as const;
      const [said] = await Promise.all([
        world.inbound(code),
        world.engine.reply(id, { ...page, stored: true, token: 'tok_sandbox_approve', face, proof: null }),
      ]);
      await world.goOn(world.clock.now() + 120_000);
      expect(await approvals(world, id)).toBe(1);
      const told = [said, ...world.sent.slice(1).map(({ body }) => body)].filter((text) => text !== '');
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(/^Paid: |^Already paid|being paid elsewhere/);
    }
  });

  it('what a crash cut off after the digits came is taken up, and charged once', async () => {
    const { world, id, code } = await offered();
    const [text] = await world.textsOf(id);
    if (text?.challenge == null) throw new Error('no digits');
    // The process died right after it had written that the digits came.
    const answer = { message: newSid(), prompt: 'begin.1', at: world.clock.now() };
    const challenge = { ...text.challenge, state: 'answered', answer } as const;
    await world.store.texts.commit({
      ...text,
      revision: text.revision + 1,
      challenge,
      dueAt: world.clock.now() + 15_000,
    });
    expect(await world.inbound(code, { sid: answer.message })).toBe('');
    await world.goOn(world.clock.now() + 60_000);
    expect([await approvals(world, id), world.sent.length]).toEqual([1, 2]);
  });
});
