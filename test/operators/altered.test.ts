/** Everything about a signed request that may be wrong. */
import { beforeEach, describe, expect, it } from 'vitest';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import type { SignedMessage } from '../../src/operators/signed_requests.js';
import { bitFlips, DAY_MS, EDGE, openScene, type Scene, signatureIn, UNSIGNED, withHeaders } from './scene.js';

let house: Scene['house'];
let ours: Scene['ours'];
let message: Scene['message'];
let scene: Scene;

beforeEach(async () => {
  scene = await openScene();
  ({ house, ours, message } = scene);
});

describe('a signed request is refused, and its message stays unused', () => {
  /** Refuses all of them, and takes the good one afterwards: nothing that is refused uses a message up. */
  async function refuses(good: SignedMessage, bad: readonly SignedMessage[]): Promise<void> {
    expect(bad.length).toBeGreaterThan(0);
    for (const one of bad) expect([one.headers, await house.check(one)]).toEqual([one.headers, UNSIGNED]);
    expect(await house.check(good)).toHaveProperty('by');
  }

  it('for every bit of the signature, of id and of time that is another', async () => {
    const good = message();
    const { id, timestamp, signature } = good.headers;
    await refuses(good, [
      ...bitFlips(signature[0] ?? '').map((one) => withHeaders(good, { signature: [one] })),
      ...bitFlips(id[0] ?? '').map((one) => withHeaders(good, { id: [one] })),
      ...bitFlips(timestamp[0] ?? '').map((one) => withHeaders(good, { timestamp: [one] })),
    ]);
  });

  it('for every bit of the 32 bytes of the signature, written as base64 is', async () => {
    const good = message();
    const right = Buffer.from(signatureIn(good).slice(3), 'base64');
    expect(right).toHaveLength(32);
    const flipped = bitFlips(right.toString('latin1')).map((bytes) => Buffer.from(bytes, 'latin1').toString('base64'));
    await refuses(
      good,
      flipped.map((one) => withHeaders(good, { signature: [`v1,${one}`] })),
    );
  });

  it('for every bit of the body, and for a body that is longer or shorter', async () => {
    const good = message();
    const text = Buffer.from(good.payload).toString('latin1');
    const others = [...bitFlips(text), `${text} `, text.slice(0, -1), ''];
    await refuses(
      good,
      others.map((one) => ({ ...good, payload: Buffer.from(one, 'latin1') })),
    );
  });

  it('for a header that is missing, doubled, empty, too long, or in another form', async () => {
    const good = message();
    const signature = signatureIn(good);
    const names = ['id', 'timestamp', 'signature'] as const;
    const wrong: [(typeof names)[number], string[]][] = names.flatMap((name) => {
      const value = good.headers[name][0] ?? '';
      return [
        [],
        [value, value],
        [value, 'other'],
        [''],
        [` ${value}`],
        [`${value}, ${value}`],
        [value.repeat(40)],
      ].map((values): [(typeof names)[number], string[]] => [name, values]);
    });
    wrong.push(
      ['signature', [signature.slice(3)]],
      ['signature', [signature.replace('v1,', 'v2,')]],
      ['signature', [signature.replace('v1,', 'V1,')]],
      ['signature', [signature.replace('=', '')]],
      ['signature', [`${signature}=`]],
      ['signature', [`${signature},${signature}`]],
      ['signature', [`${'v1,AAAA '.repeat(8)}${signature}`]],
      ['signature', [`v1,AAAA  ${signature}`]],
      ['signature', ['v1,']],
      ['timestamp', [`0${good.headers.timestamp[0]}`]],
      ['timestamp', [`+${good.headers.timestamp[0]}`]],
      ['timestamp', [`${good.headers.timestamp[0]}.0`]],
      ['timestamp', ['NaN']],
      ['id', ['msg.1']],
      ['id', ['msg 1']],
      ['id', ['msg_é']],
    );
    await refuses(
      good,
      wrong.map(([name, values]) => withHeaders(good, { [name]: values })),
    );
  });

  it.each([-EDGE - 1, EDGE + 1, -DAY_MS, DAY_MS])('%s seconds from our time', async (late) => {
    expect(await house.check(message({}, { late }))).toEqual(UNSIGNED);
  });

  it('for time that is told to another part of what is signed', async () => {
    const good = message({}, { payload: '1.{}', id: 'm' });
    const [timestamp = ''] = good.headers.timestamp;
    await refuses(good, [
      { ...withHeaders(good, { id: [`m.${timestamp}`], timestamp: ['1'] }), payload: Buffer.from('{}') },
    ]);
  });

  it('when another operator, nobody, or no text is said to have signed', async () => {
    const other = await house.operators.create({ name: 'Other', merchants: ['mer_shop'] });
    const good = message();
    const said = [other.operator.id, 'op_none', 'op_', `${ours.operator.id} `, 'mer_shop', '', undefined, null, 1, {}];
    await refuses(
      good,
      said.map((operator) => ({ ...good, operator })),
    );
  });

  it('from an operator that is disabled, and from its boxes', async () => {
    const of = { operator: ours.operator.id, mode: 'test' } as const;
    const { key, secret } = await house.keys.issue(of, { device: 'box-1', account: null });
    await house.operators.disable(ours.operator.id);
    expect(await house.check(message())).toEqual(UNSIGNED);
    expect(await house.check(message({ deviceKey: key.id }, { secrets: [secret] }))).toEqual(UNSIGNED);
  });

  it('from a box whose key is not its own, is revoked, or is not the newest', async () => {
    const of = { operator: ours.operator.id, mode: 'test' } as const;
    const other = await house.operators.create({ name: 'Other', merchants: ['mer_shop'] });
    const box = { device: 'box-1', account: 'household-1' };
    const { key, secret } = await house.keys.issue(of, box);
    const theirs = await house.keys.issue({ operator: other.operator.id, mode: 'test' }, box);
    await house.keys.issue({ ...of, mode: 'live' }, box);
    await house.keys.issue(of, { device: 'box-2', account: null });
    const good = message({ deviceKey: key.id }, { secrets: [secret] });
    await refuses(good, [
      { ...good, deviceKey: undefined },
      { ...good, deviceKey: theirs.key.id },
      { ...good, deviceKey: 'dvk_none' },
      { ...good, deviceKey: null },
      { ...good, deviceKey: 7 },
      { ...good, operator: other.operator.id },
      // The secret of the middleware is no box's, and a box's is not the middleware's.
      message({ deviceKey: key.id }),
      message({}, { secrets: [secret] }),
      message({ deviceKey: theirs.key.id }, { secrets: [theirs.secret] }),
    ]);
    const next = await house.keys.issue(of, { device: 'box-1', account: null });
    expect(await house.check(message({ deviceKey: key.id }, { secrets: [secret] }))).toEqual(UNSIGNED);
    const newer = (): SignedMessage => message({ deviceKey: next.key.id }, { secrets: [next.secret] });
    expect(await house.check(newer())).toHaveProperty('by');
    await expect(house.keys.revoke({ ...of, mode: 'live' }, next.key.id)).rejects.toMatchObject({ status: 404 });
    await expect(house.keys.revoke({ ...of, operator: other.operator.id }, next.key.id)).rejects.toMatchObject({
      status: 404,
    });
    expect(await house.check(newer())).toHaveProperty('by');
    await house.keys.revoke(of, next.key.id);
    expect(await house.check(newer())).toEqual(UNSIGNED);
    // The one before does not come back.
    expect(await house.check(message({ deviceKey: key.id }, { secrets: [secret] }))).toEqual(UNSIGNED);
  });

  it('from the demo operator, unless it is in the lab and asks from this machine', async () => {
    await house.operators.seedDemo('mer_shop');
    const demo = (isFromThisMachine: boolean): SignedMessage =>
      message({ operator: DEMO_OPERATOR.id, isFromThisMachine }, { secrets: [DEMO_OPERATOR_SECRET] });
    expect(await house.check(demo(false))).toEqual(UNSIGNED);
    expect(await scene.openHouse({ lab: false }).check(demo(true))).toEqual(UNSIGNED);
    expect(await house.check(demo(true))).toMatchObject({ by: { mode: 'test', operator: { demo: true } } });
  });

  it('after as many comparisons, whether anybody of that name exists or not', async () => {
    const wrong = scene.strangeSecret();
    const countFor = async (operator: string): Promise<number> => {
      const before = house.compared();
      expect(await house.check(message({ operator }, { secrets: [wrong] }))).toEqual(UNSIGNED);
      return house.compared() - before;
    };
    expect(await countFor('op_none')).toBe(await countFor(ours.operator.id));
  });
});
