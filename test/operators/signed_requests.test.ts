/** Who signed a request: everything that is right, and everything about it that may be wrong. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { mayName, type SignedBy } from '../../src/contracts/operator.js';
import type { Store } from '../../src/contracts/store.js';
import { createIds } from '../../src/ids.js';
import { newSecret, signatureOf } from '../../src/notify/signature.js';
import { DEMO_OPERATOR, DEMO_OPERATOR_SECRET } from '../../src/operators/demo.js';
import { createDeviceKeys } from '../../src/operators/device_keys.js';
import { createOperators, type NewOperator } from '../../src/operators/service.js';
import { createSignedRequests, type SignedMessage } from '../../src/operators/signed_requests.js';
import { createVault } from '../../src/vault/index.js';
import { type VirtualClock, virtualClock } from '../clock.js';
import { sampleMerchant } from '../contract/samples.js';
import { emptyStore } from '../support/empty_store.js';
import { silentLog } from '../support/silent_log.js';

const START = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;
const EDGE = 300;
const KEY = { id: 'k1', bytes: Uint8Array.from({ length: 32 }, (_, index) => index) };
const BODY = '{"operator":"op","device":{"id":"Zoé"},"payment":"pay_1"}';
const UNSIGNED = { refused: 'unsigned' };

let clock: VirtualClock;
let store: Store;
let house: ReturnType<typeof openHouse>;
let ours: NewOperator;
let messages = 0;

function openHouse(lab = true) {
  const ids = createIds({ clock });
  const vault = createVault({ records: store.vault, keys: [KEY], clock, ids, log: silentLog() });
  let compared = 0;
  const counting: typeof signatureOf = (...given) => {
    compared += 1;
    return signatureOf(...given);
  };
  const ports = { store, vault, clock, ids, newSecret: () => newSecret(ids), signatureOf: counting, lab };
  return {
    operators: createOperators(ports),
    keys: createDeviceKeys(ports),
    check: createSignedRequests(ports).check,
    compared: () => compared,
  };
}

beforeEach(async () => {
  clock = virtualClock(START);
  store = await emptyStore();
  const opened = store;
  onTestFinished(() => opened.close());
  await store.merchants.commit(sampleMerchant({ id: 'mer_shop' }));
  house = openHouse();
  ours = await house.operators.create({ name: 'Télé', merchants: ['mer_shop'] });
});

interface Signing {
  readonly secrets?: readonly string[];
  readonly id?: string;
  readonly late?: number;
  readonly payload?: string;
}

/** A message as it should be, signed with our test secret unless others are given. */
function message(change: Partial<SignedMessage> = {}, signing: Signing = {}): SignedMessage {
  messages += 1;
  const { secrets = [ours.secrets.test], id = `msg_${messages}`, late = 0, payload = BODY } = signing;
  const timestamp = String(Math.floor(clock.now() / 1_000) + late);
  const signatures = secrets.map((secret) => `v1,${signatureOf(secret, { id, timestamp, payload })}`);
  return {
    headers: { id: [id], timestamp: [timestamp], signature: [signatures.join(' ')] },
    payload: Buffer.from(payload),
    operator: ours.operator.id,
    deviceKey: undefined,
    isFromThisMachine: false,
    ...change,
  };
}

type Headers = SignedMessage['headers'];
const withHeaders = (good: SignedMessage, change: Partial<Headers>): SignedMessage => ({
  ...good,
  headers: { ...good.headers, ...change },
});
const signatureIn = ({ headers }: SignedMessage): string => headers.signature[0] ?? '';

/** Every text that differs from this one in one bit. */
function bitFlips(text: string): string[] {
  const bytes = Buffer.from(text, 'latin1');
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return flipped.toString('latin1');
  });
}

describe('a signed request is taken', () => {
  it('from the middleware of an operator, in the mode of the secret', async () => {
    const by = { operator: { id: ours.operator.id }, deviceKey: null };
    expect(await house.check(message())).toMatchObject({ by: { ...by, mode: 'test' } });
    const live = message({}, { secrets: [ours.secrets.live] });
    expect(await house.check(live)).toMatchObject({ by: { ...by, mode: 'live' } });
  });

  it('over the path where there is no body', async () => {
    const payload = `/tv/payers/x?operator=${ours.operator.id}`;
    expect(await house.check(message({ payload }, { payload }))).toHaveProperty('by');
  });

  it.each([-EDGE, 1 - EDGE, EDGE - 1, EDGE])('%s seconds from our time', async (late) => {
    expect(await house.check(message({}, { late }))).toHaveProperty('by');
  });

  it('with one good signature among several, and those of versions to come', async () => {
    const wrong = newSecret(createIds({ clock }));
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
    expect(await openHouse(false).check(demo(true))).toEqual(UNSIGNED);
    expect(await house.check(demo(true))).toMatchObject({ by: { mode: 'test', operator: { demo: true } } });
  });

  it('after as many comparisons, whether anybody of that name exists or not', async () => {
    const wrong = newSecret(createIds({ clock }));
    const countFor = async (operator: string): Promise<number> => {
      const before = house.compared();
      expect(await house.check(message({ operator }, { secrets: [wrong] }))).toEqual(UNSIGNED);
      return house.compared() - before;
    };
    expect(await countFor('op_none')).toBe(await countFor(ours.operator.id));
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
    const { check } = createSignedRequests({
      store: { ...store, guards: { useOnce: () => Promise.reject(new Error('down')) } },
      vault: createVault({ records: store.vault, keys: [KEY], clock, ids: createIds({ clock }), log: silentLog() }),
      clock,
      signatureOf,
      newSecret: () => newSecret(createIds({ clock })),
      lab: false,
    });
    await expect(check(good)).rejects.toThrow('down');
  });
});
