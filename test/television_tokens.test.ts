import { describe, expect, it } from 'vitest';
import { createIds } from '../src/ids.js';
import { freshKey, readKeys } from '../src/key_ring.js';
import { createSigning } from '../src/signing.js';
import { televisionSessionId } from '../src/television_tokens.js';
import { virtualClock } from './clock.js';

const ids = createIds({ clock: virtualClock(Date.UTC(2030, 0, 1)) });
const keyOf = () => {
  const read = readKeys(freshKey('signing', ids));
  if (!('keys' in read)) throw new Error('no key');
  return read.keys;
};
const [old, fresh] = [keyOf(), keyOf()];
const before = createSigning({ keys: old, ids });
const during = createSigning({ keys: [...fresh, ...old], ids });
const after = createSigning({ keys: fresh, ids });
const PAYMENT = ids.next('pay');

describe('what televisions are reached by', () => {
  const SESSION = televisionSessionId({ operator: 'op_1', mode: 'test', device: 'box-1', payment: PAYMENT });
  const other = { operator: 'op_1', mode: 'test', device: 'box-1', payment: PAYMENT } as const;

  it('is one session for each operator, mode, box and payment, with whatever keys', () => {
    const ids = [
      SESSION,
      ...[{ operator: 'op_2' }, { mode: 'live' } as const, { device: 'box-2' }, { payment: 'pay_2' }].map((change) =>
        televisionSessionId({ ...other, ...change }),
      ),
      televisionSessionId({ ...other, operator: 'op_1","test', mode: 'test' }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(televisionSessionId(other)).toBe(SESSION);
    expect(SESSION).toMatch(/^tvs_[\w-]{22}$/);
  });

  it('survives a change of keys, and goes with them', () => {
    const [token, page] = [
      before.televisions.sessionToken(SESSION),
      before.televisions.televisionPageToken(SESSION, 3),
    ];
    for (const signing of [before, during]) {
      expect(signing.televisions.readSessionToken(token)).toBe(SESSION);
      expect(signing.televisions.readTelevisionPageToken(page)).toEqual({ session: SESSION, generation: 3 });
    }
    expect(after.televisions.readSessionToken(token)).toBeNull();
    expect(after.televisions.readTelevisionPageToken(page)).toBeNull();
  });

  it('is nothing with any one character altered, and neither is of use for the other or for a payment’s page', () => {
    const [token, page] = [
      before.televisions.sessionToken(SESSION),
      before.televisions.televisionPageToken(SESSION, 3),
    ];
    expect(page).toMatch(/[a-z0-9]$/);
    for (let at = 0; at < page.length; at++) {
      for (const character of '0Aa_-.z=') {
        if (page[at] !== character)
          expect(
            before.televisions.readTelevisionPageToken(page.slice(0, at) + character + page.slice(at + 1)),
          ).toBeNull();
        if (token[at] !== character && at < token.length)
          expect(before.televisions.readSessionToken(token.slice(0, at) + character + token.slice(at + 1))).toBeNull();
      }
    }
    expect(before.televisions.readSessionToken(page)).toBeNull();
    expect(before.televisions.readTelevisionPageToken(token)).toBeNull();
    expect(before.readPageToken(page)).toBeNull();
    expect(before.readAccountToken(page)).toBeNull();
    expect(before.televisions.readTelevisionPageToken(before.pageToken(PAYMENT, 3))).toBeNull();
    for (const text of ['', '.', 'x'.repeat(300), `${token}${' '.repeat(200)}`])
      expect(before.televisions.readSessionToken(text)).toBeNull();
  });
});
