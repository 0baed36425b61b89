import { openPromptOf } from '../../src/engine/prompts.js';
import { drawToken, forgiven, type Ground, replyTo, sendPayer } from './actors.js';
import { sendCaller } from './caller.js';

/** Someone who moves: from one device or channel to the next at any moment, half-way through whatever was begun there. */
export function sendHopper(ground: Ground, payment: string, hops: number): void {
  const { time, random } = ground;
  if (hops === 0) return;
  time.at(time.now() + random.between(500, 15_000), () => {
    if (ground.ended.has(payment)) return;
    // Two or three looks at each place, and away.
    if (random.chance(0.4)) sendCaller(ground, payment);
    else sendPayer(ground, payment, `hop-${hops}`, random.between(1, 3));
    sendHopper(ground, payment, hops - 1);
  });
}

/** Page and telephone answer in the same instant, through whichever processes: one of them is taken. */
export function sendBothAtOnce(ground: Ground, payment: string): void {
  const { time, random } = ground;
  time.at(time.now() + random.between(500, 30_000), () => forgiven(bothAtOnce(ground, payment)));
}

async function bothAtOnce(ground: Ground, id: string): Promise<void> {
  const [page, telephone] = [ground.reach(), ground.reach()];
  const payment = await page.engine.load(id);
  const prompt = payment === null ? null : openPromptOf(payment, ground.time.now());
  const typed =
    payment === null || prompt === null ? null : replyTo(ground, payment, prompt.id, 'beside a call', page.life);
  if (typed?.type !== 'card') return;
  const call = { call: ground.name('CA'), serial: 1, number: null, language: 'en', isNew: true } as const;
  const keyed = {
    ...{ transaction: `tx-${call.call}`, call: call.call, payment: id, prompt: typed.prompt },
    ...{ number: drawToken(ground, false), expiryMonth: '12', expiryYear: '34', securityCode: '123' },
  };
  const kept = (await telephone.telephones?.keyedCards.keep(keyed)) ?? { refused: 'none' };
  forgiven(page.engine.reply(id, typed));
  if ('pass' in kept) {
    const taken = telephone.telephones?.desk.takeKeyedCard(id, typed.prompt, kept.pass, call);
    if (taken !== undefined) forgiven(taken);
  }
  if (ground.random.chance(0.5) && telephone.telephones !== null) {
    forgiven(telephone.telephones.desk.takeSavedCard(id, typed.prompt, '7391', { ...call, call: ground.name('CA') }));
  }
}
