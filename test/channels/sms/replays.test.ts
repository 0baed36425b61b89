/** Signed messages that come again: at once, later, or months later from whoever kept one. */
import { describe, expect, it } from 'vitest';
import { digitsOf, newSid, openSmsWorld, PHONE, type SmsWorld } from './world.js';

const MONTHS_MS = 120 * 86_400_000;

async function offered(world: SmsWorld) {
  // The latest is known by its time.
  world.clock.advance(1_000);
  const { id } = await world.order({ expiresAt: world.clock.now() + 10 * MONTHS_MS });
  return { id, code: digitsOf(await world.reach(await world.payment(id))) };
}

const stateOf = async (world: SmsWorld, id: string) =>
  (await world.textsOf(id)).map(({ challenge }) => challenge?.state).sort();

const charged = async (world: SmsWorld, id: string): Promise<number> =>
  (await world.payment(id)).attempts.filter(({ status }) => status === 'captured').length;

describe('a message that comes again', () => {
  it('NO ends no later offer', async () => {
    const world = await openSmsWorld();
    const sid = newSid();
    const first = await offered(world);
    expect(await world.inbound('NO', { sid })).toMatch(/^OK, nothing charged/);
    world.clock.advance(MONTHS_MS);
    const next = await offered(world);
    expect(await world.inbound('NO', { sid })).toBe('');
    expect([await stateOf(world, first.id), await stateOf(world, next.id)]).toEqual([['over'], ['open']]);
    await world.inbound(next.code);
    expect(await charged(world, next.id)).toBe(1);
  });

  it('START undoes no later STOP, and STOP no later START', async () => {
    const world = await openSmsWorld();
    const [stop, start] = [newSid(), newSid()];
    await world.inbound('STOP', { sid: stop });
    await world.inbound('START', { sid: start });
    world.clock.advance(MONTHS_MS);
    await world.inbound('STOP', { sid: stop });
    expect(await world.consents.optedOutAt(PHONE, 'payment')).toBeNull();
    await world.inbound('STOP');
    const since = world.clock.now();
    world.clock.advance(MONTHS_MS);
    await world.inbound('START', { sid: start });
    expect(await world.consents.optedOutAt(PHONE, 'payment')).toBe(since);
  });

  it('NO, doubled in the same instant, is answered once and ends one offer', async () => {
    const world = await openSmsWorld();
    const [older, latest] = [await offered(world), await offered(world)];
    const sid = newSid();
    const said = await Promise.all([1, 2, 3].map(() => world.inbound('NON', { sid })));
    expect(said.filter((text) => text !== '')).toHaveLength(1);
    expect([await stateOf(world, older.id), await stateOf(world, latest.id)]).toEqual([['open'], ['over']]);
  });

  it('with wrong digits uses up one try of the day', async () => {
    const world = await openSmsWorld();
    const { id, code } = await offered(world);
    const wrong = code.slice(0, 5) + ((Number(code[5]) + 1) % 10);
    const sid = newSid();
    for (let copy = 0; copy < 32; copy += 1) await world.inbound(wrong, { sid });
    world.clock.advance(60_000);
    await world.inbound(wrong, { sid });
    await world.inbound(code);
    expect(await charged(world, id)).toBe(1);
  });

  it('is taken after all when the first one failed', async () => {
    let isAway = false;
    const world = await openSmsWorld({
      faulty: (store) => ({
        ...store,
        texts: {
          ...store.texts,
          ofNumber: async (...given) => {
            if (isAway) throw new Error('away');
            return store.texts.ofNumber(...given);
          },
        },
      }),
    });
    await offered(world);
    const fields = { MessageSid: newSid(), From: PHONE, To: '38000', Body: 'STOP' };
    isAway = true;
    expect((await world.post('/sms/inbound', fields)).status).toBe(503);
    isAway = false;
    expect((await world.post('/sms/inbound', fields)).status).toBe(200);
    expect(await world.consents.optedOutAt(PHONE, 'payment')).toBe(world.clock.now());
  });
});

it('the right digits in a second message are told that the first one is charging', async () => {
  for (const [language, said] of [
    ['en', 'Your payment to La Lune is under way. The outcome follows.'],
    ['fr', 'Votre paiement à La Lune est en cours. Le résultat suit.'],
  ]) {
    const world = await openSmsWorld();
    const payer = { account: 'ada', email: null, phone: PHONE, name: null, language: language ?? null };
    const { id } = await world.order({ payer });
    const code = digitsOf(await world.reach(await world.payment(id)));
    let open = (): void => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = world.inbound(code);
    await expect.poll(async () => (await world.payment(id)).status).toBe('processing');
    const answer = await world.post('/sms/inbound', { MessageSid: newSid(), From: PHONE, To: '38000', Body: code });
    expect(/<Message>(.*)<\/Message>/s.exec(await answer.text())?.[1]).toBe(said);
    open();
    await first;
    expect(await charged(world, id)).toBe(1);
  }
});
