/** Keys come and go; cards stay readable, and stay the same cards. */
import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/vault/index.js';
import { CARD, freshKey, vaultWorld } from './world.js';

const [V1, V2, V3] = [freshKey('v1'), freshKey('v2'), freshKey('v3')];

describe('a change of wrapping keys', () => {
  it('writes with the first key, reads with all, moves records, and lets the old key go', async () => {
    const { vault, restarted, held, claim } = vaultWorld([V1]);
    const old = await vault.keepCard(CARD);
    claim(old.token);

    const during = restarted([V2, V1]);
    const fresh = await during.keepCard({ ...CARD, number: '4111111111111111' });
    claim(fresh.token);
    expect(held.get(fresh.token)?.keyId).toBe('v2');
    expect(await during.openCard(old.token)).toMatchObject({ card: { number: CARD.number } });
    const contentOf = (token: string): string => Buffer.from(held.get(token)?.sealed ?? []).toString('hex', 41);
    const content = contentOf(old.token);

    // The old card and the key of the fingerprints.
    expect(await during.rewrap(100)).toBe(0);
    expect([...held.values()].map(({ keyId }) => keyId)).toEqual(['v2', 'v2', 'v2']);
    expect(contentOf(old.token)).toBe(content);
    expect(held.get(old.token)?.diesAt).toBeNull();

    const after = restarted([V2]);
    expect(await after.openCard(old.token)).toMatchObject({ card: { number: CARD.number } });
    expect(await after.openCard(fresh.token)).toMatchObject({ card: { number: '4111111111111111' } });
  });

  it('makes a card unreadable whose key went before it was moved, and says which key to put back', async () => {
    const { vault, restarted, claim, held, logged } = vaultWorld([V1]);
    const { token } = await vault.keepCard(CARD);
    claim(token);
    const hasty = restarted([V2]);
    await expect(hasty.openCard(token)).rejects.toMatchObject({ name: 'VaultFailure', reason: 'key_missing' });
    await expect(hasty.openCard(token)).rejects.toThrow('v1, which is not in VAULT_KEYS: put it back');
    // Without the fingerprint key guards would not recognise cards: no card is taken until it is back.
    await expect(hasty.keepCard(CARD)).rejects.toThrow('v1, which is not in VAULT_KEYS');
    expect(await hasty.rewrap(100)).toBe(2);
    expect(logged.join()).toContain('"missing":["v1"]');
    expect(held.get(token)?.keyId).toBe('v1');

    const mended = restarted([V2, V1]);
    expect(await mended.rewrap(100)).toBe(0);
    expect(await restarted([V2]).openCard(token)).toMatchObject({ card: { number: CARD.number } });
  });

  it('moves so many at a time, and tells when some are left', async () => {
    const { vault, restarted, held } = vaultWorld([V1]);
    for (let count = 0; count < 24; count++) await vault.keepSecret('iban', 'FR76');
    const during = restarted([V2, V1]);
    const moved = (): number => [...held.values()].filter(({ keyId }) => keyId === 'v2').length;
    for (const expected of [10, 20, 24]) {
      await during.rewrap(10);
      expect(moved()).toBe(expected);
    }
    expect(await during.rewrap(10)).toBe(0);
  });

  it('moves what it can although records of a lost key stand in front', async () => {
    const { vault, restarted, held } = vaultWorld([V1]);
    for (let count = 0; count < 30; count++) await vault.keepSecret('iban', 'FR76');
    const second = restarted([V2]);
    for (let count = 0; count < 5; count++) await second.keepSecret('iban', 'FR76');
    expect(await restarted([V3, V2]).rewrap(4)).toBeGreaterThanOrEqual(30);
    expect(await restarted([V3, V2]).rewrap(4)).toBe(30);
    expect([...held.values()].filter(({ keyId }) => keyId === 'v3')).toHaveLength(5);
  });

  it('leaves alone what was altered, and what went while it looked', async () => {
    const { vault, restarted, records, tamper, held, logged } = vaultWorld([V1]);
    const altered = await vault.keepSecret('iban', 'FR76');
    const gone = await vault.keepSecret('iban', 'FR76');
    tamper(altered, { sealed: new Uint8Array(100) });
    const during = restarted([V2, V1], {
      ...records,
      async wrappedByOthers(keyId, limit) {
        const others = await records.wrappedByOthers(keyId, limit);
        await records.remove(gone);
        return others;
      },
    });
    expect(await during.rewrap(10)).toBe(1);
    expect([...held.keys()]).toEqual([altered]);
    expect(logged.join()).toContain('could not be moved');
  });

  it('does not undo a claim that came in between', async () => {
    const { vault, restarted, records, claim, held } = vaultWorld([V1]);
    const { token } = await vault.keepCard(CARD);
    const during = restarted([V2, V1], {
      ...records,
      async wrappedByOthers(keyId, limit) {
        const others = await records.wrappedByOthers(keyId, limit);
        claim(token);
        return others;
      },
    });
    await during.rewrap(10);
    expect(held.get(token)).toMatchObject({ keyId: 'v2', diesAt: null });
  });

  it('needs a key to begin with', () => {
    const { records, clock, ids } = vaultWorld([V1]);
    const silent = () => undefined;
    const log = { debug: silent, info: silent, warn: silent, error: silent };
    expect(() => createVault({ records, keys: [], clock, ids, log })).toThrow('key');
  });
});

describe('fingerprints', () => {
  const other = { ...CARD, number: '4242424242424259' };
  const fingerprintOf = async (vault: ReturnType<typeof vaultWorld>['vault'], card = CARD): Promise<string> =>
    (await vault.keepCard(card)).face.fingerprint;

  it('are the same for the same number, whatever else differs, and differ in one digit', async () => {
    const { vault } = vaultWorld();
    const fingerprint = await fingerprintOf(vault);
    expect(await fingerprintOf(vault, { ...CARD, expiryYear: 2036, securityCode: null, brand: 'cb' })).toBe(
      fingerprint,
    );
    expect(await fingerprintOf(vault, other)).not.toBe(fingerprint);
  });

  it('are keyed: another house makes others', async () => {
    expect(await fingerprintOf(vaultWorld([V1]).vault)).not.toBe(await fingerprintOf(vaultWorld([V1]).vault));
  });

  it('outlive every wrapping key', async () => {
    const { vault, restarted } = vaultWorld([V1]);
    const fingerprint = await fingerprintOf(vault);
    expect(await fingerprintOf(restarted([V2, V1]))).toBe(fingerprint);
    await restarted([V2, V1]).rewrap(100);
    await restarted([V3, V2]).rewrap(100);
    expect(await fingerprintOf(restarted([V3]))).toBe(fingerprint);
  });

  it('agree between processes that make the key at once', async () => {
    const { vault, restarted, held } = vaultWorld([V1]);
    const vaults = [vault, restarted(), restarted(), restarted()];
    const made = await Promise.all(vaults.map((own) => fingerprintOf(own)));
    expect(new Set(made).size).toBe(1);
    expect([...held.values()].filter(({ kind }) => kind === 'fingerprint_key')).toHaveLength(1);
  });

  it('come back after a store that failed', async () => {
    const { restarted, records } = vaultWorld([V1]);
    let fails = true;
    const vault = restarted(undefined, {
      ...records,
      get: (token) => (fails ? Promise.reject(new Error('store is away')) : records.get(token)),
    });
    await expect(vault.keepCard(CARD)).rejects.toThrow('store is away');
    fails = false;
    expect(await fingerprintOf(vault)).toMatch(/^1\./);
  });

  it('lie in the vault as nothing that can be asked for', async () => {
    const { vault, held } = vaultWorld();
    await vault.keepCard(CARD);
    const key = [...held.values()].find(({ kind }) => kind === 'fingerprint_key');
    expect(key).toMatchObject({ diesAt: null, hadSecurityCode: false });
    expect(await vault.openCard(key?.token ?? '')).toBeNull();
    expect(await vault.takeSecret('iban', key?.token ?? '')).toBeNull();
  });
});
