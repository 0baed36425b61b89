import { expect, it } from 'vitest';
import type { Documents } from '../../src/contracts/store.js';
import { SAMPLE_TIME, sampleDeviceKey, sampleOperator, sampleTvSession } from './samples.js';
import { proveSwap } from './store_documents.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Operators of televisions, the keys of their boxes, and what a box shows. */
export function proveTelevision(under: StoreUnderTest): void {
  proveSwap('operators', sampleOperator, () => under.store.operators);
  proveSwap('sessions of televisions', sampleTvSession, () => under.store.tvSessions);

  it('keep everything, whatever becomes of them', async () => {
    const { operators, deviceKeys, tvSessions } = under.store;
    async function keeps<T extends { readonly id: string }>(documents: Documents<T>, ...revisions: T[]): Promise<void> {
      for (const revision of revisions) {
        expect(await documents.commit(revision)).toBe(true);
        expect(await documents.load(revision.id)).toEqual(revision);
      }
    }
    const operator = sampleOperator();
    const secret = { id: 'ops_2', mode: 'live', sealed: 'another', createdAt: 1, endsAt: 9 } as const;
    const changed = { ...operator, revision: 2, name: 'Télé', merchants: [], secrets: [...operator.secrets, secret] };
    await keeps(operators, operator, changed, { ...changed, revision: 3, status: 'disabled', secrets: [secret] });
    const key = sampleDeviceKey({ account: 'household-1' });
    await keeps(deviceKeys, key, { ...key, revision: 2, revokedAt: SAMPLE_TIME });
    const session = sampleTvSession({ account: 'household-1', device: { id: 'box-1', model: 'M' } });
    const place = {
      screen: 'choose_card',
      focus: 2,
      notice: 'wrong',
      keyed: 'k',
      seq: 4,
      keyedOn: 281_474_976_710_655,
      provenAt: 7,
    } as const;
    await keeps(tvSessions, session, { ...session, revision: 2, place, step: 1, account: null, language: 'fr' });
    expect(await operators.load('op_none')).toBeNull();
    expect(await deviceKeys.load('dvk_none')).toBeNull();
    expect(await tvSessions.load('tvs_none')).toBeNull();
  });

  it('lists operators in the order they came', async () => {
    const { operators } = under.store;
    const [first, second] = [sampleOperator(), sampleOperator({ status: 'disabled' })];
    expect(await operators.list()).toEqual([]);
    await operators.commit(first);
    await operators.commit(second);
    expect(await operators.list()).toEqual([first, second]);
  });

  it('finds the keys of one box, the latest first, within its operator and mode, and no more than it must', async () => {
    const { deviceKeys } = under.store;
    const keys = Array.from({ length: 25 }, (_, index) => sampleDeviceKey({ device: 'box-1', sequence: index + 1 }));
    const others = [
      sampleDeviceKey({ device: 'box-1', operator: 'op_other' }),
      sampleDeviceKey({ device: 'box-1', mode: 'live' }),
      sampleDeviceKey({ device: 'box-2' }),
    ];
    // In any order, for clocks of machines differ.
    for (const key of [...keys.slice(12), ...keys.slice(0, 12), ...others]) await deviceKeys.commit(key);
    expect(await deviceKeys.ofDevice('op_sample', 'test', 'box-1')).toEqual(keys.reverse().slice(0, 20));
    expect(await deviceKeys.ofDevice('op_other', 'test', 'box-1')).toEqual([others[0]]);
    expect(await deviceKeys.ofDevice('op_other', 'live', 'box-1')).toEqual([]);
  });

  it('keeps one key of a box at each place', async () => {
    const { deviceKeys } = under.store;
    const rivals = Array.from({ length: 10 }, () => sampleDeviceKey({ device: 'box-1', sequence: 1 }));
    const results = await Promise.allSettled(rivals.map((rival) => deviceKeys.commit(rival)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'DuplicateKey', index: 'id' });
    }
    expect(await deviceKeys.ofDevice('op_sample', 'test', 'box-1')).toHaveLength(1);
    expect(await deviceKeys.commit(sampleDeviceKey({ device: 'box-1', sequence: 2 }))).toBe(true);
  });

  it('replaces a key of a box only at the revision that was read', async () => {
    const { deviceKeys } = under.store;
    const key = sampleDeviceKey();
    expect(await deviceKeys.commit(key)).toBe(true);
    const rivals = Array.from({ length: 10 }, (_, index) => ({ ...key, revision: 2, revokedAt: index }));
    const won = await Promise.all(rivals.map((rival) => deviceKeys.commit(rival)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await deviceKeys.load(key.id)).toEqual(rivals[won.indexOf(true)]);
  });

  it('sweeps the sessions that have ended, and one that was prolonged only when its new end has come', async () => {
    const { tvSessions } = under.store;
    const [ended, prolonged, open] = [-1, 0, 1].map((after) => sampleTvSession({ endsAt: SAMPLE_TIME + after }));
    if (!ended || !prolonged || !open) throw new Error('three were asked for');
    for (const session of [ended, prolonged, open]) await tvSessions.commit(session);
    await tvSessions.commit({ ...prolonged, revision: 2, endsAt: SAMPLE_TIME + 9 });
    expect(await tvSessions.sweep(SAMPLE_TIME)).toBe(1);
    expect(await tvSessions.load(ended.id)).toBeNull();
    expect(await tvSessions.load(open.id)).toEqual(open);
    expect(await tvSessions.sweep(SAMPLE_TIME + 9)).toBe(2);
    expect(await tvSessions.load(prolonged.id)).toBeNull();
    expect(await tvSessions.commit(prolonged)).toBe(true);
  });
}
