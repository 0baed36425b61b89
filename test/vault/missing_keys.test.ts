import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { createIds } from '../../src/ids.js';
import { createVault, type VaultKey } from '../../src/vault/index.js';
import { memoryRecords } from './memory_records.js';

/** A key that was taken away too early is told at the start, by its id. */

const clock = systemClock();
const ids = createIds({ clock });
const log = { debug() {}, info() {}, warn() {}, error() {} };
const key = (id: string): VaultKey => ({ id, bytes: Buffer.from(ids.token(256), 'base64url') });
const CARD = { number: '4242424242424242', expiryMonth: 12, expiryYear: 2034, securityCode: null, brand: 'visa' };

describe('missing keys', () => {
  const { records } = memoryRecords();
  const [old, fresh] = [key('old'), key('fresh')];
  const vault = (keys: VaultKey[]) => createVault({ records, keys, clock, ids, log });

  it('names those that records need', async () => {
    await vault([old]).keepCard(CARD);
    expect(await vault([old]).missingKeys()).toEqual([]);
    expect(await vault([fresh, old]).missingKeys()).toEqual([]);
    expect(await vault([fresh]).missingKeys()).toEqual(['old']);
  });

  it('names the one a sealed secret needs', () => {
    const sealed = vault([old]).seal('test', 'secret');
    expect(vault([fresh, old]).missingKeyOf(sealed)).toBeNull();
    expect(vault([fresh]).missingKeyOf(sealed)).toBe('old');
  });
});
