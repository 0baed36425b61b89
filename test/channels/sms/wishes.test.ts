/** Who wants texts, and by which word. */
import { describe, expect, it } from 'vitest';
import { digitsOf, openSmsWorld, PHONE, type SmsWorld, STRANGER } from './world.js';

async function offered(world: SmsWorld) {
  const { id } = await world.order();
  return { id, code: digitsOf(await world.reach(await world.payment(id))) };
}

const isOptedOut = async ({ consents }: SmsWorld): Promise<boolean> =>
  (await consents.optedOutAt(PHONE, 'payment')) !== null;

/** What the payer's account says of texts from now on. */
async function told({ store }: SmsWorld, given: boolean): Promise<void> {
  const payer = await store.payers.byAccount('mer_lune', 'live', 'ada');
  if (payer === null) throw new Error('no payer');
  await store.payers.commit({ ...payer, revision: payer.revision + 1, smsConsent: { given, at: 1 } });
}

describe('after STOP', () => {
  it.each([
    [false, ['YES', 'OUI', 'OK', 'O', 'Y', 'NO', '482193', 'hello', '4111 1111 1111 1111']],
    [true, ['OUI', 'OK', 'O', 'Y', 'Yes please', 'NO', '482193', 'hello']],
  ])(
    'nothing but the words for it brings texts back (answered by the provider: %s)',
    async (providerAnswers, bodies) => {
      const world = await openSmsWorld({ providerAnswers });
      const { id } = await offered(world);
      await world.inbound('STOP');
      const before = [await world.payment(id), await world.textsOf(id)];
      for (const body of bodies) expect([body, await world.inbound(body)]).toEqual([body, '']);
      expect(await isOptedOut(world)).toBe(true);
      expect([await world.payment(id), await world.textsOf(id)]).toEqual(before);
    },
  );

  it('YES alone does, where the provider takes it for that, which then says so', async () => {
    const world = await openSmsWorld();
    const { id } = await offered(world);
    await world.inbound('STOP');
    expect(await world.inbound('Yes')).toBe('');
    expect(await isOptedOut(world)).toBe(false);
    expect((await world.eventsOf(id)).at(-1)).toBe('channel.sms_opted_in');
  });

  it('HELP is answered by us where nobody else does, in the payer’s language', async () => {
    const world = await openSmsWorld({ providerAnswers: false });
    const payer = { account: 'ada', email: null, phone: PHONE, name: null, language: 'fr' };
    await world.reach(await world.order({ payer }));
    await world.inbound('STOP');
    const said = 'Ce numéro confirme des paiements. Il ne vous envoie plus de SMS. Pour en recevoir : START.';
    expect([await world.inbound('AIDE'), await isOptedOut(world)]).toEqual([said, true]);
    // Nor does a stranger who has stopped wait a day for it.
    await world.inbound('STOP', { from: STRANGER });
    expect(await world.inbound('HELP', { from: STRANGER })).toMatch(/^This number confirms payments\. You get no/);
  });

  it('HELP is left to the provider where it answers', async () => {
    const world = await openSmsWorld();
    await offered(world);
    await world.inbound('STOP');
    expect(await world.inbound('HELP')).toBe('');
  });
});

describe('a word that the provider has read', () => {
  it('is believed, in whatever language it was said', async () => {
    const world = await openSmsWorld();
    const { id, code } = await offered(world);
    const optOutType = (OptOutType: string) => ({ more: { OptOutType } });
    expect(await world.inbound('ayuda', optOutType('HELP'))).toBe('');
    expect(await world.inbound('basta', optOutType('STOP'))).toBe('');
    expect([await isOptedOut(world), (await world.textsOf(id))[0]?.challenge?.state]).toEqual([true, 'over']);
    await world.inbound(code);
    expect((await world.payment(id)).attempts).toEqual([]);
    expect(await world.inbound('de nuevo', optOutType('START'))).toBe('');
    expect(await isOptedOut(world)).toBe(false);
  });

  it('asks for the digits where YES is its word, and ours for one who overlooked them', async () => {
    const world = await openSmsWorld();
    await offered(world);
    const said = await world.inbound('YES', { more: { OptOutType: 'START' } });
    expect(said).toBe('Nothing charged yet. Reply with the six digits.');
  });
});

describe('an account that was told that no texts are wanted', () => {
  it('has its number sent neither link nor receipt, but other numbers are none of its business', async () => {
    const world = await openSmsWorld();
    const { desk } = world.texts;
    const { id, code } = await offered(world);
    await told(world, false);
    expect(await desk.link(await world.payment(id), PHONE)).toBe(false);
    expect(await desk.link(await world.payment(id), STRANGER)).toBe(true);
    await told(world, true);
    await world.inbound(code);
    await told(world, false);
    expect(await desk.receipt(await world.payment(id), PHONE)).toBe(false);
    await told(world, true);
    expect(await desk.receipt(await world.payment(id), PHONE)).toBe(true);
  });

  it('has what waits to be sent not sent', async () => {
    const world = await openSmsWorld();
    const { id } = await world.order();
    const fallback = [{ channel: 'email', to: 'ada@example.org' }] as const;
    await world.engine.reach(id, { channel: 'sms', to: PHONE, fallback, request: null });
    await world.engine.sweep();
    await world.engine.idle();
    await told(world, false);
    await world.settle();
    expect(world.sent).toEqual([]);
    expect((await world.textsOf(id))[0]).toMatchObject({ status: 'failed', why: 'opted_out' });
    expect(await world.eventsOf(id)).toContain('channel.email_requested');
  });

  it('is charged nothing by digits that went out before', async () => {
    const world = await openSmsWorld();
    const { id, code } = await offered(world);
    await told(world, false);
    expect(await world.inbound(code)).toMatch(/^Code expired, nothing charged\. Pay: https/);
    expect((await world.payment(id)).attempts).toEqual([]);
    expect((await world.textsOf(id))[0]?.challenge?.state).toBe('over');
    expect(world.sent).toHaveLength(1);
  });
});
