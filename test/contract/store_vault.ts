import { expect, it } from 'vitest';
import type { VaultRecord } from '../../src/contracts/vault.js';
import { nextRevision, SAMPLE_TIME, sampleCommit, samplePayment, sampleVaultRecord } from './samples.js';
import type { StoreUnderTest } from './store_under_test.js';

/** Vault records: ciphertext with a life span that a payment's commit decides on. */
export function proveVault(under: StoreUnderTest): void {
  const put = async (overrides: Partial<VaultRecord> = {}): Promise<VaultRecord> => {
    const record = sampleVaultRecord(overrides);
    await under.store.vault.put(record);
    return record;
  };

  it.each<Partial<VaultRecord>>([
    {},
    { kind: 'iban', hadSecurityCode: false, diesAt: null },
    { sealed: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
    { sealed: Buffer.from('as a buffer') },
    { sealed: new Uint8Array(0) },
  ])('gives back what was put, byte by byte (%#)', async (overrides) => {
    const record = await put(overrides);
    const read = await under.store.vault.get(record.token);
    expect(read).toEqual({ ...record, sealed: expect.anything() });
    expect(Buffer.from(read?.sealed ?? [])).toEqual(Buffer.from(record.sealed));
    expect(await under.store.vault.get('tok_none')).toBeNull();
  });

  it('never lets one record take the place of another', async () => {
    const record = await put();
    await expect(under.store.vault.put({ ...record, keyId: 'other' })).rejects.toMatchObject({ name: 'DuplicateKey' });
    expect((await under.store.vault.get(record.token))?.keyId).toBe(record.keyId);
  });

  it('is removed by exactly one of many', async () => {
    const { token } = await put();
    const removed = await Promise.all(Array.from({ length: 10 }, () => under.store.vault.remove(token)));
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect(await under.store.vault.get(token)).toBeNull();
  });

  it('dies unclaimed, at its time and in the order of the times; claimed, it lives until it is released', async () => {
    const { payments, vault } = under.store;
    const [second, first, claimed] = [
      await put({ diesAt: SAMPLE_TIME + 20 }),
      await put({ diesAt: SAMPLE_TIME + 10 }),
      await put({ diesAt: SAMPLE_TIME + 5 }),
    ];
    const payment = samplePayment();
    await payments.commit(sampleCommit(payment, { claims: [claimed.token, 'tok_of_nobody'] }));
    expect((await vault.get(claimed.token))?.diesAt).toBeNull();
    expect(await vault.removeDead(SAMPLE_TIME + 9, 10)).toEqual([]);
    expect(await vault.removeDead(SAMPLE_TIME + 99, 1)).toEqual([first.token]);
    expect(await vault.removeDead(SAMPLE_TIME + 99, 10)).toEqual([second.token]);
    expect(await vault.get(second.token)).toBeNull();
    expect(await vault.get(claimed.token)).not.toBeNull();
    await payments.commit(sampleCommit(nextRevision(payment), { releases: [claimed.token, 'tok_of_nobody'] }));
    expect(await vault.get(claimed.token)).toBeNull();
  });

  it('is wrapped anew only if nobody else did, and stays claimed', async () => {
    const { payments, vault } = under.store;
    const record = await put({ keyId: 'k1' });
    await payments.commit(sampleCommit(samplePayment(), { claims: [record.token] }));
    // Read before the claim: its life span is of no account.
    const rewrapped = { ...record, keyId: 'k2', sealed: Uint8Array.from([9, 9]) };
    expect(await vault.replace(rewrapped, 'k0')).toBe(false);
    expect(await vault.replace(rewrapped, 'k1')).toBe(true);
    expect(await vault.replace(rewrapped, 'k1')).toBe(false);
    expect(await vault.replace({ ...rewrapped, token: 'tok_none' }, 'k1')).toBe(false);
    expect(await vault.get(record.token)).toMatchObject({ keyId: 'k2', diesAt: null });
  });

  it('knows the records that other keys wrapped', async () => {
    const [older, newer] = [await put({ keyId: 'k1' }), await put({ keyId: 'k3' })];
    await put({ keyId: 'k2' });
    const tokens = (records: readonly VaultRecord[]) => records.map(({ token }) => token).sort();
    expect(tokens(await under.store.vault.wrappedByOthers('k2', 10))).toEqual(tokens([older, newer]));
    expect(await under.store.vault.wrappedByOthers('k2', 1)).toHaveLength(1);
    expect(await under.store.vault.wrappedByOthers('k9', 10)).toHaveLength(3);
  });
}
