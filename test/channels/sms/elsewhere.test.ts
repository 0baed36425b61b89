/** Digits that come back after something else has happened to the payment: always answered, in words that are true by then. */
import { describe, expect, it } from 'vitest';
import type { CardFace } from '../../../src/contracts/vault.js';
import { digitsOf, openSmsWorld, type SmsWorld } from './world.js';

const OTHER: CardFace = {
  ...{ brand: 'visa', bin: '411111', last4: '1111', expMonth: 12, expYear: 2034 },
  fingerprint: '1.other',
};

/** A payer who was sent digits, and whose bank has meanwhile asked on another channel for the holder of that very card. */
async function offeredThenSuspect() {
  const world = await openSmsWorld();
  const payment = await world.order();
  const code = digitsOf(await world.reach(payment));
  const { id } = payment;
  const payer = await world.store.payers.byAccount(payment.merchant, 'live', 'ada');
  const face = payer?.instruments[0]?.face;
  if (face === undefined) throw new Error('no stored card');
  await pay(world, id, 'begin.1', 'tok_sandbox_authentication_required', face);
  await world.settle();
  expect((await world.payment(id)).attempts).toMatchObject([{ decline: { code: 'authentication_required' } }]);
  return { world, id, code };
}

const pay = ({ engine }: SmsWorld, id: string, prompt: string, token: string, face: CardFace) =>
  engine.reply(id, {
    ...{ prompt, channel: 'api', device: 'elsewhere', browser: null, type: 'card' },
    ...{ stored: true, proof: null, token, face },
  });

describe('digits for a card that its bank has asked the holder for meanwhile', () => {
  it('charge nothing, begin nothing, and lead to the page at once', async () => {
    const { world, id, code } = await offeredThenSuspect();
    expect(await world.inbound(code)).toBe('');
    expect(world.sent.at(-1)?.body).toMatch(/^This did not work, nothing charged\. Pay: https:/);
    expect((await world.payment(id)).attempts).toHaveLength(1);
    await world.goOn(world.clock.now() + 120_000);
    expect(world.sent).toHaveLength(2);
  });

  it('are answered too when somebody begins to pay elsewhere before that text has gone', async () => {
    const { world, id, code } = await offeredThenSuspect();
    world.answers.push({ outcome: 'not_sent', reason: 'ECONNREFUSED' });
    await world.inbound(code);
    let open = (): void => undefined;
    world.gate = new Promise((resolve) => {
      open = resolve;
    });
    const paying = pay(world, id, 'begin.2', 'tok_sandbox_approve', OTHER);
    await expect.poll(async () => (await world.payment(id)).status).toBe('processing');
    world.clock.advanceTo(world.clock.now() + 3_000);
    await world.texts.sweep();
    await world.texts.idle();
    expect(world.sent.at(-1)?.body).toBe('This payment is being paid elsewhere just now. Your reply charged nothing.');
    open();
    await paying;
    await world.settle();
    expect((await world.payment(id)).status).toBe('succeeded');
  });
});
