/** Who signed a request, and that its message is used once. */
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { mayName, type SignedBy } from '../../src/contracts/operator.js';
import { BODY, DAY_MS, EDGE, openScene, type Scene, signatureIn, UNSIGNED, withHeaders } from './scene.js';

let clock: Scene['clock'];
let store: Scene['store'];
let house: Scene['house'];
let ours: Scene['ours'];
let message: Scene['message'];
let scene: Scene;

beforeEach(async () => {
  scene = await openScene();
  ({ clock, store, house, ours, message } = scene);
});

describe('a signed request is taken', () => {
  it('from the middleware of an operator, in the mode of the secret', async () => {
    const by = { operator: { id: ours.operator.id }, deviceKey: null };
    expect(await house.check(message())).toMatchObject({ by: { ...by, mode: 'test' } });
    const live = message({}, { secrets: [ours.secrets.live] });
    expect(await house.check(live)).toMatchObject({ by: { ...by, mode: 'live' } });
  });

  it('signed by a library of the scheme', async () => {
    const webhook = new Webhook(ours.secrets.test);
    const signature = [webhook.sign('msg_library', new Date(clock.now()), BODY)];
    const good = message({}, { id: 'msg_library' });
    expect(await house.check(withHeaders(good, { signature }))).toHaveProperty('by');
  });

  it('over the path where there is no body', async () => {
    const payload = `/tv/payers/x?operator=${ours.operator.id}`;
    expect(await house.check(message({ payload }, { payload }))).toHaveProperty('by');
  });

  it.each([-EDGE, 1 - EDGE, EDGE - 1, EDGE])('%s seconds from our time', async (late) => {
    expect(await house.check(message({}, { late }))).toHaveProperty('by');
  });

  it('with one good signature among several, and those of versions to come', async () => {
    const wrong = scene.strangeSecret();
    for (const secrets of [
      [wrong, ours.secrets.test],
      [ours.secrets.test, wrong],
    ]) {
      expect(await house.check(message({}, { secrets }))).toHaveProperty('by');
    }
    const good = message();
    const signature = [`v2,AAAA v1a,BBBB ${signatureIn(good)}`];
    expect(await house.check(withHeaders(good, { signature }))).toHaveProperty('by');
  });

  it('with the old secret or the new one, for a day after a rotation, in its mode alone', async () => {
    const { secret } = await house.operators.rotateSecret(ours.operator.id, 'test');
    clock.advance(DAY_MS - 1);
    for (const secrets of [[ours.secrets.test], [secret], [ours.secrets.live]]) {
      expect(await house.check(message({}, { secrets }))).toHaveProperty('by');
    }
    clock.advance(1);
    expect(await house.check(message())).toEqual(UNSIGNED);
    for (const secrets of [[secret], [ours.secrets.live]]) {
      expect(await house.check(message({}, { secrets }))).toHaveProperty('by');
    }
  });

  it('from a box with a key of its own, in the mode of the key', async () => {
    const of = { operator: ours.operator.id, mode: 'live' } as const;
    const { key, secret } = await house.keys.issue(of, { device: 'box-1', account: 'household-1' });
    const answer = await house.check(message({ deviceKey: key.id }, { secrets: [secret] }));
    expect(answer).toMatchObject({ by: { mode: 'live', deviceKey: { id: key.id, device: 'box-1' } } });
    const { by } = answer as { by: SignedBy };
    expect(mayName(by, 'box-1', 'household-1')).toBe(true);
    expect(mayName(by, 'box-1', null)).toBe(true);
    expect(mayName(by, 'box-2', null)).toBe(false);
    expect(mayName(by, 'box-1', 'household-2')).toBe(false);
    expect(mayName({ ...by, deviceKey: null }, 'box-2', 'household-2')).toBe(true);
  });
});

describe('a message', () => {
  it('is used once, however many bring it at once', async () => {
    const good = message();
    const answers = await Promise.all(Array.from({ length: 20 }, () => house.check(good)));
    expect(answers.filter((answer) => 'by' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'replayed')).toHaveLength(19);
  });

  it('is used by its id: another body, time or signature under it is refused', async () => {
    expect(await house.check(message({}, { id: 'msg_same' }))).toHaveProperty('by');
    for (const signing of [{ payload: '{}' }, { late: 5 }, { secrets: [ours.secrets.live] }]) {
      const again = message({ payload: signing.payload ?? BODY }, { id: 'msg_same', ...signing });
      expect(await house.check(again)).toEqual({ refused: 'replayed' });
    }
  });

  it('from the end of the tolerance ahead is remembered for as long as it is good', async () => {
    const good = message({}, { late: EDGE });
    expect(await house.check(good)).toHaveProperty('by');
    for (let second = 0; second <= 2 * EDGE; second += 20) {
      await store.guards.sweep(clock.now());
      expect([second, await house.check(good)]).toEqual([second, { refused: 'replayed' }]);
      clock.advance(20_000);
    }
    expect(await house.check(good)).toEqual(UNSIGNED);
  });

  it('of one operator or box takes nothing away from another', async () => {
    const other = await house.operators.create({ name: 'Other', merchants: ['mer_shop'] });
    const of = { operator: ours.operator.id, mode: 'test' } as const;
    const { key, secret } = await house.keys.issue(of, { device: 'box-1', account: null });
    const signers = [
      [{}, ours.secrets.test],
      [{ operator: other.operator.id }, other.secrets.test],
      [{ deviceKey: key.id }, secret],
    ] as const;
    for (const [named, by] of signers) {
      expect(await house.check(message(named, { id: 'msg_same', secrets: [by] }))).toHaveProperty('by');
    }
  });

  it('that the store cannot use up is not taken', async () => {
    const good = message();
    const down = { ...store, guards: { useOnce: () => Promise.reject(new Error('down')) } };
    const { check } = scene.openHouse({ store: down });
    await expect(check(good)).rejects.toThrow('down');
  });
});

describe('what a thief of the secret has', () => {
  it('ends at once: the secret by a rotation without delay, the keys it issued by revoking those issued since', async () => {
    const of = { operator: ours.operator.id, mode: 'test' } as const;
    const before = await house.keys.issue(of, { device: 'honest', account: null });
    clock.advance(60_000);
    const since = clock.now();
    const { key, secret } = await house.keys.issue(of, { device: 'thief', account: 'household-1' });
    const asThief = () => house.check(message({ deviceKey: key.id }, { secrets: [secret] }));
    await house.operators.rotateSecret(of.operator, 'test');
    expect(await house.check(message())).toHaveProperty('by');
    const { secret: another } = await house.operators.rotateSecret(of.operator, 'test', true);
    expect(await house.check(message())).toEqual(UNSIGNED);
    expect(await house.check(message({}, { secrets: [another] }))).toHaveProperty('by');
    expect(await asThief()).toHaveProperty('by');
    expect(await house.keys.revokeSince(of, since)).toBe(1);
    expect(await asThief()).toEqual(UNSIGNED);
    expect(await house.check(message({ deviceKey: before.key.id }, { secrets: [before.secret] }))).toHaveProperty('by');
  });
});

describe('keys of one box', () => {
  it('leave one good, the latest, however many are issued in the same moment', async () => {
    const of = { operator: ours.operator.id, mode: 'test' } as const;
    const made = await Promise.all(
      Array.from({ length: 8 }, () => house.keys.issue(of, { device: 'box-1', account: null })),
    );
    const latest = made.reduce((one, other) => (one.key.sequence > other.key.sequence ? one : other));
    expect(new Set(made.map(({ key }) => key.sequence)).size).toBe(8);
    for (const { key, secret } of made) {
      const answer = await house.check(message({ deviceKey: key.id }, { secrets: [secret] }));
      expect('by' in answer).toBe(key === latest.key);
    }
  });
});
