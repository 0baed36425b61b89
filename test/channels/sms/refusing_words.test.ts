/** Digits beside a word that may refuse are no consent. */
import { expect, it } from 'vitest';
import { digitsOf, openSmsWorld } from './world.js';

const REFUSALS: readonly ((code: string) => string)[] = [
  (code) => `je refuse ${code}`,
  (code) => `refusé ${code}`,
  (code) => `annuler ${code}`,
  (code) => `${code} annulez svp`,
  (code) => `pas d'accord ${code}`,
  (code) => `je n'ai jamais demandé ${code}`,
  (code) => `don't pay ${code}`,
  (code) => `Don’t pay ${code}`,
  (code) => `dont pay ${code}`,
  (code) => `do not charge ${code}`,
  (code) => `I didn't order this ${code}`,
  (code) => `nope ${code}`,
  (code) => `never ${code}`,
  (code) => `please cancel ${code}`,
  (code) => `cancelled ${code}`,
  (code) => `fraude ! ${code}`,
  (code) => `this is fraud: ${code}`,
  (code) => `arnaque ${code}`,
  (code) => `scam ${code}`,
  (code) => `I decline ${code}`,
  (code) => `rejeter ${code}`,
];

it('none of them charges, and each is told how to pay and how to refuse', async () => {
  const world = await openSmsWorld();
  const { id } = await world.order();
  const code = digitsOf(await world.reach(await world.payment(id)));
  for (const write of REFUSALS) {
    const body = write(code);
    await world.inbound(body);
    expect({ body, attempts: (await world.payment(id)).attempts.length }).toEqual({ body, attempts: 0 });
  }
  const [text] = await world.textsOf(id);
  expect(text?.challenge).toMatchObject({ state: 'open', tried: [] });
  await world.inbound(code);
  expect((await world.payment(id)).status).toBe('succeeded');
});

it.each([
  ['en', 'Nothing charged. To pay La Lune 42.50 EUR, reply with the six digits alone. To refuse: NO.'],
  ['fr', 'Rien débité. Pour payer 42,50 EUR à La Lune, répondez les six chiffres seuls. Pour refuser : NON.'],
])('the digits alone are asked for, in %s', async (language, answer) => {
  const world = await openSmsWorld();
  const payer = { account: 'ada', email: null, phone: '+33612345678', name: null, language };
  const code = digitsOf(await world.reach(await world.order({ payer })));
  expect(await world.inbound(`pas de souci ${code}`)).toBe(answer);
});

it('where nothing is open, they are help as ever', async () => {
  const world = await openSmsWorld();
  expect(await world.inbound('je refuse 482193')).toMatch(/^This number confirms payments/);
});
