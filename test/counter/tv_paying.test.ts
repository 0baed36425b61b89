import { expect, it, vi } from 'vitest';
import type { TvPlace } from '../../src/contracts/television.js';
import type { CounterGuards } from '../../src/counter/guards.js';
import { createTvPaying } from '../../src/counter/tv_paying.js';
import type { TvPorts } from '../../src/counter/tv_ports.js';
import { screenOf } from '../../src/counter/tv_screen.js';
import type { Seen, TvSessionDesk } from '../../src/counter/tv_sessions.js';
import { viewOf } from '../../src/counter/tv_view.js';
import { sceneOf, televised } from './tv_scenes.js';

/** A box whose viewer has keyed 1 2 3 4 one by one: its places, and which codes were looked at. */
function keyedBox() {
  const sketched = televised();
  const seenAt = (place: Partial<TvPlace>, revision: number): Seen => {
    const scene = sceneOf(sketched, { place: { screen: 'purchase_code', focus: -1, ...place } });
    Object.assign(scene.session, { revision, step: revision, account: stored.account });
    const view = viewOf(scene);
    return {
      scene,
      view,
      shown: { session: 'token', screen: screenOf(view, scene, (_, key) => key), pollInterval: 5 },
    };
  };
  const stored = { revision: 1, account: 'home', place: {} as Partial<TvPlace> };
  const { version } = seenAt({}, 1).shown.screen;
  stored.place = { keyed: '1 2 3 4', seq: 4, keyedOn: version };
  const places: TvPlace[] = [];
  const desk: TvSessionDesk = {
    see: async () => seenAt(stored.place, stored.revision),
    async move(session, place) {
      if (session.revision !== stored.revision) return false;
      places.push(place);
      Object.assign(stored, { revision: stored.revision + 1, place });
      return true;
    },
  };
  const left = new Set(['1', '2', '3', '4']);
  /** Whoever takes a digit has it a little later than somebody else hears that it is gone. */
  const takeSecret = async (_: string, token: string): Promise<string | null> => {
    if (!left.delete(token)) return null;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return token;
  };
  const checkPurchaseCode = vi.fn(async (_payer: string, _code: string) => ({ answer: 'wrong' }));
  const ports = { vault: { takeSecret }, payers: { checkPurchaseCode } } as unknown as TvPorts;
  const guards = { admitsPurchaseCodeAt: async () => true } as unknown as CounterGuards;
  return { see: desk.see, paying: createTvPaying(ports, guards, desk), places, checkPurchaseCode, stored };
}

it('takes an OK that comes twice behind single digits once, and finds no slip in it', async () => {
  const { see, paying, places, checkPurchaseCode } = keyedBox();
  const [first, twin] = await Promise.all([see('token'), see('token')]);
  if (first === null || twin === null) throw new Error('the box shows nothing');
  await Promise.all([paying.takeCode(first, null), paying.takeCode(twin, null)]);
  expect(places.map(({ screen, notice }) => [screen, notice])).toEqual([
    ['checking', null],
    ['purchase_code', 'wrong'],
  ]);
  expect(checkPurchaseCode.mock.calls).toEqual([['pyr_1', '1234']]);
});

it.each([
  ['another household', { account: 'another' }],
  ['the same', {}],
] as const)('looks at no code where the box was opened anew for %s meanwhile', async (_, change) => {
  const { see, paying, checkPurchaseCode, stored } = keyedBox();
  const seen = await see('token');
  if (seen === null) throw new Error('the box shows nothing');
  const taken = paying.takeCode(seen, null);
  await Promise.resolve();
  Object.assign(stored, { revision: stored.revision + 1, place: { screen: 'start', focus: 0 }, ...change });
  await taken;
  expect(checkPurchaseCode).not.toHaveBeenCalled();
  expect(stored.place).toEqual({ screen: 'start', focus: 0 });
});
