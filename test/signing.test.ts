import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIds } from '../src/ids.js';
import { freshKey, type Key, readKeys } from '../src/key_ring.js';
import { createSigning, returnSignature } from '../src/signing.js';
import { virtualClock } from './clock.js';

const ids = createIds({ clock: virtualClock(Date.UTC(2030, 0, 1)) });
const [OLD, NEW] = [freshKeyOf(), freshKeyOf()];
const before = createSigning({ keys: [OLD], ids });
const during = createSigning({ keys: [NEW, OLD], ids });
const after = createSigning({ keys: [NEW], ids });
const PAYMENT = ids.next('pay');

describe('page tokens', () => {
  it('lead to their payment and generation, and are the same each time', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), (generation) => {
        const payment = ids.next('pay');
        const token = before.pageToken(payment, generation);
        expect(token).toBe(before.pageToken(payment, generation));
        expect(token).toMatch(/^[\w.-]{50,80}[a-z0-9]$/);
        expect(before.readPageToken(token)).toEqual({ payment, generation });
      }),
    );
  });

  it('are nothing with any one character altered, added or taken', () => {
    const token = before.pageToken(PAYMENT, 3);
    for (let at = 0; at < token.length; at++) {
      for (const character of '0Aa_-.z=') {
        if (token[at] === character) continue;
        expect(before.readPageToken(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }
      expect(before.readPageToken(token.slice(0, at) + token.slice(at + 1))).toBeNull();
      expect(before.readPageToken(`${token.slice(0, at)}0${token.slice(at)}`)).toBeNull();
    }
  });

  it.each(['', '.', '...', 'x'.repeat(300), `${OLD.id}.${'A'.repeat(22)}.1.${PAYMENT.slice(4)}`, PAYMENT, '\u0000'])(
    '%j is none',
    (token) => {
      expect(before.readPageToken(token)).toBeNull();
    },
  );

  it('survive a change of keys until the old one goes', () => {
    const token = before.pageToken(PAYMENT, 1);
    expect(during.readPageToken(token)).toEqual({ payment: PAYMENT, generation: 1 });
    expect(after.readPageToken(token)).toBeNull();
    expect(after.readPageToken(during.pageToken(PAYMENT, 1))).not.toBeNull();
  });

  it('are not made for what is no payment', () => {
    for (const id of ['mer_1', 'pay_', 'pay_a.b', '']) expect(() => before.pageToken(id, 1)).toThrow(RangeError);
    for (const generation of [-1, 1.5, Number.NaN])
      expect(() => before.pageToken(PAYMENT, generation)).toThrow(RangeError);
  });
});

describe('ways back from the issuer', () => {
  const named = { payment: PAYMENT, authentication: ids.next('ath'), generation: 1 };

  it('name payment, authentication and generation, and fit into an address of EMV 3-D Secure', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1_000_000 }), (generation) => {
        const one = { payment: ids.next('pay'), authentication: ids.next('ath'), generation };
        const capability = before.returnCapability(one);
        expect(capability).toBe(before.returnCapability(one));
        expect(capability).toMatch(/^[\w.-]{70,144}$/);
        expect(before.readReturnCapability(capability)).toEqual(one);
      }),
    );
  });

  it('are nothing with any one character altered, added or taken', () => {
    const capability = before.returnCapability(named);
    for (let at = 0; at < capability.length; at++) {
      for (const character of '0Aa_-.z=') {
        if (capability[at] === character) continue;
        const altered = capability.slice(0, at) + character + capability.slice(at + 1);
        expect(before.readReturnCapability(altered)).toBeNull();
      }
      expect(before.readReturnCapability(capability.slice(0, at) + capability.slice(at + 1))).toBeNull();
      expect(before.readReturnCapability(`${capability.slice(0, at)}0${capability.slice(at)}`)).toBeNull();
    }
  });

  it('are no page tokens, nor made of one', () => {
    const [capability, token] = [before.returnCapability(named), before.pageToken(PAYMENT, 1)];
    expect(before.readPageToken(capability)).toBeNull();
    expect(before.readReturnCapability(token)).toBeNull();
    const mac = (text: string): string => text.split('.')[1] ?? '';
    expect(capability).not.toContain(mac(token));
    // Its mac makes no page token, however it is put together.
    expect(before.readPageToken(token.replace(mac(token), mac(capability)))).toBeNull();
  });

  it('survive a change of keys until the old one goes', () => {
    const capability = before.returnCapability(named);
    expect(during.readReturnCapability(capability)).toEqual(named);
    expect(after.readReturnCapability(capability)).toBeNull();
  });

  it('are not made for what is no authentication of a payment', () => {
    for (const change of [
      { payment: 'mer_1' },
      { payment: `pay_${'a'.repeat(41)}` },
      { authentication: 'att_1' },
      { authentication: 'ath_a.b' },
      { generation: -1 },
    ])
      expect(() => before.returnCapability({ ...named, ...change })).toThrow(RangeError);
  });
});

describe('form nonces', () => {
  const form = { token: before.pageToken(PAYMENT, 1), prompt: 'att_1.2', device: 'device' };

  it('fit their form and no other', () => {
    const nonce = before.formNonce(form);
    expect(before.isFormNonce(form, nonce)).toBe(true);
    expect(before.isFormNonce({ ...form, token: 'other' }, nonce)).toBe(false);
    expect(before.isFormNonce({ ...form, prompt: 'att_1.3' }, nonce)).toBe(false);
    expect(before.isFormNonce({ ...form, device: 'other' }, nonce)).toBe(false);
    // The same letters, cut differently.
    const shifted = { ...form, prompt: `${form.prompt}d`, device: 'evice' };
    expect(before.isFormNonce(shifted, nonce)).toBe(false);
    for (const other of ['', 'x', `${nonce}x`, nonce.slice(1), `${OLD.id}.`]) {
      expect(before.isFormNonce(form, other)).toBe(false);
    }
  });

  it('survive a change of keys until the old one goes', () => {
    expect(during.isFormNonce(form, before.formNonce(form))).toBe(true);
    expect(after.isFormNonce(form, before.formNonce(form))).toBe(false);
  });
});

it('keeps its purposes apart: the same text never gives the same hash', () => {
  const hashes = [before.deviceHash('text'), before.pseudonymOf('text')];
  expect(new Set(hashes.map((hash) => hash.split('.')[1])).size).toBe(2);
  expect(before.deviceHash('text')).toBe(createSigning({ keys: [OLD, NEW], ids }).deviceHash('text'));
  expect(before.deviceHash('text')).not.toBe(before.deviceHash('texu'));
  for (const hash of hashes) expect(hash).not.toContain('text');
});

describe('request fingerprints', () => {
  const post = (body: unknown, signing = before): string => signing.requestFingerprint('POST', '/v1/payments', body);

  it('do not depend on the order of fields, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const body = { a: value, b: [value], c: 1 };
        const turned = { c: 1, b: [reversed(value)], a: reversed(value) };
        expect(post(turned)).toBe(post(body));
      }),
    );
  });

  it.each([
    [{ amount: 1 }, { amount: '1' }],
    [{ amount: 1 }, { amount: 2 }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: {} }, { a: [] }],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
    [
      { a: 1, b: 2 },
      { b: 1, a: 2 },
    ],
    [null, {}],
    [[], {}],
    ['null', null],
  ])('tell %j from %j', (one, other) => {
    expect(post(one)).not.toBe(post(other));
  });

  it('cover method and path, and hide the body', () => {
    const body = { email: 'a@example.org' };
    expect(before.requestFingerprint('PUT', '/v1/payments', body)).not.toBe(post(body));
    expect(before.requestFingerprint('POST', '/v1/payments/x', body)).not.toBe(post(body));
    expect(post(body)).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(post(body, after)).not.toBe(post(body));
  });

  it('are recognised under the key that made them', () => {
    const kept = post({ a: 1 });
    expect(during.isRequestFingerprint(kept, 'POST', '/v1/payments', { a: 1 })).toBe(true);
    expect(during.isRequestFingerprint(kept, 'POST', '/v1/payments', { a: 2 })).toBe(false);
    expect(after.isRequestFingerprint(kept, 'POST', '/v1/payments', { a: 1 })).toBe(false);
  });

  it('are refused to what nests without end', () => {
    let body: unknown = 1;
    for (let depth = 0; depth < 40; depth++) body = [body];
    expect(() => post(body)).toThrow(RangeError);
  });
});

it('signs the way back to the shop as documented', () => {
  // Computed once with another implementation of HMAC-SHA-256.
  const hint = {
    payment: 'pay_01hzy3k9d2x8c4v6b7n5m1q0wa',
    reference: 'ORDER-1042',
    status: 'succeeded',
    ts: 1_893_456_000,
  };
  expect(returnSignature('rsec_very-secret', hint)).toBe('YzCrEPlyKGRSAQ-uayr9-uPf_ahyItE3yhGWHxLjU2s');
  expect(before.returnSignature('rsec_very-secret', { ...hint, status: 'failed' })).not.toContain(
    'YzCrEPlyKGRSAQ-uayr9-uPf_ahyItE3yhGWHxLjU2s',
  );
});

describe('purchase codes', () => {
  it('are checked against a salted hash that names its version and key', async () => {
    const [one, other] = await Promise.all([
      before.hashPurchaseCode('pyr_1', '1234'),
      before.hashPurchaseCode('pyr_1', '1234'),
    ]);
    expect(one).toMatch(new RegExp(`^1\\.${OLD.id}\\.[\\w-]{22}\\.[\\w-]{43}$`));
    expect(one).not.toBe(other);
    const answers = await Promise.all([
      before.checkPurchaseCode('pyr_1', '1234', one),
      during.checkPurchaseCode('pyr_1', '1234', one),
      before.checkPurchaseCode('pyr_1', '1235', one),
      before.checkPurchaseCode('pyr_1', '', one),
      before.checkPurchaseCode('pyr_1', '1'.repeat(1_000), one),
      before.checkPurchaseCode('pyr_2', '1234', one),
    ]);
    expect(answers).toEqual([true, true, false, false, false, false]);
  });

  it('cannot be checked without their pepper, which is no wrong code', async () => {
    const hash = await before.hashPurchaseCode('pyr_1', '1234');
    await expect(after.checkPurchaseCode('pyr_1', '1234', hash)).rejects.toThrow(OLD.id);
    await expect(after.checkPurchaseCode('pyr_1', '1234', 'nonsense')).rejects.toThrow('SIGNING_KEYS');
    await expect(before.hashPurchaseCode('pyr_1', '1'.repeat(1_000))).rejects.toThrow(RangeError);
  });
});

it('does not begin without a key', () => {
  expect(() => createSigning({ keys: [], ids })).toThrow('key');
});

function freshKeyOf(): Key {
  const read = readKeys(freshKey('signing', ids));
  const [key] = 'keys' in read ? read.keys : [];
  if (key === undefined) throw new Error('no key');
  return key;
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe('keyed cards', () => {
  const OF = { payment: PAYMENT, call: 'CA1' };

  it('of one transaction have one token, which tells nothing of it', () => {
    const token = before.keyedCardToken('72500aba-1');
    expect(token).toMatch(/^tok_[\w-]{22}$/);
    expect(before.keyedCardToken('72500aba-1')).toBe(token);
    expect(before.keyedCardToken('72500aba-2')).not.toBe(token);
    expect(after.keyedCardToken('72500aba-1')).not.toBe(token);
  });

  it('have a pass for one payment in one call, and for nothing else', () => {
    const token = before.keyedCardToken('72500aba-1');
    const pass = before.keyedCardPass(token, OF);
    expect([before, during].map((signing) => signing.readKeyedCardPass(pass, OF))).toEqual([token, token]);
    expect(after.readKeyedCardPass(pass, OF)).toBeNull();
    expect(before.readKeyedCardPass(pass, { ...OF, call: 'CA2' })).toBeNull();
    expect(before.readKeyedCardPass(pass, { ...OF, payment: ids.next('pay') })).toBeNull();
    for (let at = 0; at < pass.length; at++) {
      const altered = `${pass.slice(0, at)}${pass[at] === 'x' ? 'y' : 'x'}${pass.slice(at + 1)}`;
      expect(before.readKeyedCardPass(altered, OF)).not.toBe(token);
    }
    for (const none of ['', token, `${pass}x`, 'x'.repeat(1_000)])
      expect(before.readKeyedCardPass(none, OF)).toBeNull();
  });
});
