import { describe, expect, it } from 'vitest';
import { StoreFailure } from '../../src/contracts/errors.js';
import { createGuards } from '../../src/counter/guards.js';
import { openSqliteStore } from '../../src/store/sqlite/index.js';
import { virtualClock } from '../clock.js';
import { START } from '../engine/sketch.js';
import { CARD, type CounterWindow, FROM, OTHER, openWindow } from './window.js';

const pay = ({ counter, token, prompt }: CounterWindow, from = FROM, fields = CARD) =>
  counter.takeCard(token, prompt(), fields, from);

describe('guards of the card form', () => {
  const wrong = { ...CARD, number: '1234' };
  async function tries(window: CounterWindow, count: number, address: (index: number) => string): Promise<string[]> {
    const answers: string[] = [];
    for (let index = 0; index < count; index++) {
      const taken = await pay(window, { ...FROM, address: address(index) }, wrong);
      answers.push(taken.taken ? 'taken' : taken.because);
    }
    return answers;
  }
  const invalid = (count: number): string[] => Array<string>(count).fill('invalid');

  it('stop one address after 20 in ten minutes, and let it try again later', async () => {
    const window = openWindow();
    expect(await tries(window, 21, () => '192.0.2.7')).toEqual([...invalid(20), 'too_many']);
    expect(await pay(window, OTHER, wrong)).toMatchObject({ because: 'invalid' });
    window.clock.advance(600_000);
    expect(await tries(window, 1, () => '192.0.2.7')).toEqual(['invalid']);
  });

  it('stop everybody together after 40 a day', async () => {
    const window = openWindow();
    expect(await tries(window, 41, (index) => `192.0.2.${index}`)).toEqual([...invalid(40), 'too_many']);
    expect(await pay(window)).toEqual({ taken: false, because: 'too_many' });
    expect(window.kept).toEqual([]);
  });

  it('stop one card at one merchant over many payments, where money is real', async () => {
    const limits = { triesPerCard: { most: 0, windowMs: 1_000 } };
    expect(await pay(openWindow({ mode: 'live' }, { limits }))).toEqual({ taken: false, because: 'too_many' });
    expect(await pay(openWindow({ mode: 'test' }, { limits }))).toEqual({ taken: true });
  });

  it('leave a home its telephones, however often its television asks', async () => {
    const clock = virtualClock(START);
    const store = openSqliteStore({ path: ':memory:' });
    const signing = { pseudonymOf: (text: string) => `<${text}>` };
    const guards = createGuards({ store, signing, clock });
    const box = { operator: 'op_1', device: 'box-1', address: '192.0.2.7' };
    const answers = await Promise.all(Array.from({ length: 30 }, () => guards.admitsBoxCode(box)));
    expect(answers.filter((admitted) => admitted !== null).length).toBeLessThanOrEqual(5);
    expect(await guards.admitsCode('192.0.2.7')).not.toBeNull();
    await store.close();
  });

  it('keep no address in clear', async () => {
    const window = openWindow();
    await pay(window);
    expect([...window.counted.keys()]).toEqual(['card:pay_1', 'card:pay_1:<192.0.2.7>']);
  });

  it('count purchase codes on televisions by payment and household', async () => {
    const { guards: store } = openSqliteStore({ path: ':memory:' });
    const signing = { pseudonymOf: (text: string) => text };
    const guards = createGuards({ store: { guards: store }, signing, clock: virtualClock(START) });
    const given = (payer: string, box: string) => guards.admitsPurchaseCodeAt({ payment: 'pay_1', payer, box });
    const answers: boolean[] = [];
    for (let one = 0; one < 7; one++) answers.push(await given('pyr_1', `box-${one}`));
    expect(answers).toEqual([...Array<boolean>(6).fill(true), false]);
    expect(await given('pyr_2', 'box-0')).toBe(true);
  });

  it('fail closed: a store that cannot count lets nothing through', async () => {
    const raise = () => Promise.reject(new StoreFailure('full'));
    const nothing = async () => undefined;
    const guards = { raise, read: async () => 0, lower: nothing, clear: nothing, useOnce: raise };
    const nobody = { load: async () => null };
    const store = { guards, merchants: nobody, operators: nobody, tvSessions: nobody };
    const codes = { find: async () => 'pay_1' };
    const window = openWindow({}, { store: { ...store, codes } });
    await expect(pay(window)).rejects.toThrow(StoreFailure);
    await expect(window.counter.enter('4821093756', '192.0.2.7')).rejects.toThrow(StoreFailure);
    expect(window.kept).toEqual([]);
  });
});
