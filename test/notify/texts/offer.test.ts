import { expect, it } from 'vitest';
import type { Text, TextBinding, TextCodes } from '../../../src/contracts/text.js';
import { bindingOf, challengeFor, type OfferPorts } from '../../../src/notify/texts/offer.js';
import { openSmsWorld, PHONE, START } from '../../channels/sms/world.js';
import { sampleText } from '../../contract/samples.js';

const NUMBER = 'k1.number';
const END = START + 600_000;

/** Digits that are known beforehand: those of the first seconds from the end collide with each other. */
function codesWith(colliding: number): TextCodes {
  const digitsOf = ({ expiresAt }: TextBinding): string => (expiresAt > END - colliding * 1_000 ? '111111' : '222222');
  return {
    hashOf: (binding) => `k1.${digitsOf(binding)}`,
    codeOf: (_, binding) => digitsOf(binding),
    isCode: (hash, typed) => hash === `k1.${typed}`,
  };
}

async function drawn(colliding: number, open: Partial<NonNullable<Text['challenge']>> = {}) {
  const world = await openSmsWorld();
  const payment = await world.order();
  const codes = codesWith(colliding);
  const terms = { instrument: 'ins_card', amount: 4250, expiresAt: END };
  const other = sampleText({ id: 'txt_other', number: NUMBER, to: PHONE });
  const hash = codes.hashOf(bindingOf(other, payment, terms));
  await world.store.texts.commit({
    ...other,
    challenge: { hash, ...terms, tried: [], state: 'open', answer: null, ...open },
  });
  const text = sampleText({ number: NUMBER, to: PHONE, payment: payment.id });
  const ports: OfferPorts = {
    ...{ store: world.store, clock: world.clock, codes, isOneWay: false },
    numberNames: () => [NUMBER],
    openPromptOf: () => ({ id: 'begin.1', prompt: { kind: 'card', ask: 'all', message: { key: 'card.enter' } } }),
  };
  return challengeFor(text, payment, world.merchant, ports);
}

it('digits that another open text to the number has are drawn again', async () => {
  expect(await drawn(3)).toMatchObject({ hash: 'k1.222222', expiresAt: END - 3_000 });
});

it('those of a text that is over are not', async () => {
  expect(await drawn(3, { state: 'over' })).toMatchObject({ hash: 'k1.111111', expiresAt: END });
});

it('where all collide that work for long enough, the link is sent', async () => {
  expect(await drawn(600)).toBeNull();
});
