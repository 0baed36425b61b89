/** One-time secrets, and configuration secrets that are sealed for others to store. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VaultFailure } from '../../src/vault/index.js';
import { CARD, freshKey, MINUTE_MS, vaultWorld } from './world.js';

/** Any UTF-16, halves of pairs included. */
const anyText = fc.uint16Array({ maxLength: 200 }).map((units) => String.fromCharCode(...units));

describe('a secret', () => {
  it('is taken once, by the kind it was kept as', async () => {
    const { vault, held } = vaultWorld();
    const token = await vault.keepSecret('purchase_code', '1234');
    expect(Buffer.from(held.get(token)?.sealed ?? []).toString('latin1')).not.toContain('1234');
    expect(await vault.takeSecret('iban', token)).toBeNull();
    expect(await vault.openCard(token)).toBeNull();
    expect(await vault.takeSecret('purchase_code', token)).toBe('1234');
    expect(await vault.takeSecret('purchase_code', token)).toBeNull();
    expect(held.size).toBe(0);
  });

  it('goes to one only of many who take it at once', async () => {
    const { vault, restarted } = vaultWorld();
    const token = await vault.keepSecret('one_time_code', '123456');
    const other = restarted();
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? vault : other).takeSecret('one_time_code', token)),
    );
    expect(taken.filter((value) => value !== null)).toEqual(['123456']);
  });

  it('dies after 15 minutes', async () => {
    const { vault, clock } = vaultWorld();
    const token = await vault.keepSecret('one_time_code', '123456');
    clock.advance(15 * MINUTE_MS);
    expect(await vault.takeSecret('one_time_code', token)).toBeNull();
  });

  it('is not used up by a vault that cannot read it', async () => {
    const [old, other] = [freshKey('v1'), freshKey('v2')];
    const { vault, restarted } = vaultWorld([old]);
    const token = await vault.keepSecret('iban', 'FR7630006000011234567890189');
    await expect(restarted([other]).takeSecret('iban', token)).rejects.toMatchObject({ reason: 'key_missing' });
    expect(await restarted([other, old]).takeSecret('iban', token)).toBe('FR7630006000011234567890189');
  });

  it('has a length, and is no card', async () => {
    const { vault } = vaultWorld();
    await expect(vault.keepSecret('iban', '')).rejects.toThrow('length');
    await expect(vault.keepSecret('iban', 'x'.repeat(65))).rejects.toThrow('length');
    const { token } = await vault.keepCard(CARD);
    expect(await vault.takeSecret('iban', token)).toBeNull();
    expect(await vault.takeSecret('iban', 'tok_never')).toBeNull();
  });
});

describe('a sealed setting', () => {
  const keys = [freshKey('v1')];
  const { vault, restarted } = vaultWorld(keys);

  it('is read again under its purpose, and under no other', () => {
    fc.assert(
      fc.property(anyText, anyText, (plain, purpose) => {
        const sealed = vault.seal(purpose, plain);
        expect(sealed).toMatch(/^v1\.[\w-]+$/);
        expect(restarted().unseal(purpose, sealed)).toBe(wellFormed(plain));
        expect(() => vault.unseal(`${purpose}.`, sealed)).toThrow(VaultFailure);
        expect(vault.seal(purpose, plain)).not.toBe(sealed);
      }),
    );
  });

  it('is not read with any character altered', () => {
    const sealed = vault.seal('return_secret', 'whsec_abc');
    expect(sealed).not.toContain('whsec');
    // The last character of base64 carries bits that mean nothing.
    for (let at = 0; at < sealed.length - 1; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      expect(() => vault.unseal('return_secret', changed), String(at)).toThrow(VaultFailure);
    }
    for (const text of ['', 'v1.', 'v1.AAAA', sealed.slice(3), `${sealed}AAAA`]) {
      expect(() => vault.unseal('return_secret', text)).toThrow(VaultFailure);
    }
  });

  it('cannot be told from a record', async () => {
    const { vault: own, held, tamper } = vaultWorld(keys);
    const token = await own.keepSecret('iban', 'x');
    const record = held.get(token);
    const text = `v1.${Buffer.from(record?.sealed ?? []).toString('base64url')}`;
    for (const purpose of ['iban', 'record', token]) expect(() => own.unseal(purpose, text)).toThrow(VaultFailure);
    const sealed = own.seal('iban', '4242424242424242');
    tamper(token, { sealed: Buffer.from(sealed.split('.')[1] ?? '', 'base64url') });
    await expect(own.takeSecret('iban', token)).rejects.toThrow(VaultFailure);
  });

  it('survives a change of keys until the old one goes', () => {
    const sealed = vault.seal('whk_1', 'secret');
    const fresh = freshKey('v2');
    expect(restarted([fresh, ...keys]).unseal('whk_1', sealed)).toBe('secret');
    expect(restarted([fresh, ...keys]).seal('whk_1', 'secret')).toMatch(/^v2\./);
    expect(() => restarted([fresh]).unseal('whk_1', sealed)).toThrow('v1, which is not in VAULT_KEYS');
  });

  it('is bounded', () => {
    expect(() => vault.seal('x', 'x'.repeat(5_000))).toThrow('long');
    expect(vault.unseal('x', vault.seal('x', '€'.repeat(4_096)))).toBe('€'.repeat(4_096));
  });
});

/** What UTF-8 can carry: a surrogate alone becomes the replacement character. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
