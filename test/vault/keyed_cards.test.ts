/** Cards kept under a token that was derived from a transaction: one record, however often and at once it is told of. */
import { describe, expect, it } from 'vitest';
import { CARD, MINUTE_MS, vaultWorld } from './world.js';

const TOKEN = `tok_${'k'.repeat(22)}`;

describe('a card kept under a token of the caller', () => {
  it('is one record and opens like any other, told of six times at once', async () => {
    const { vault, records } = vaultWorld();
    const kept = await Promise.all(Array.from({ length: 6 }, () => vault.keepCardAs(TOKEN, CARD)));
    expect(new Set(kept.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(kept[0]).toMatchObject({ token: TOKEN, face: { last4: '4242' } });
    expect((await records.wrappedByOthers('none', 100)).filter(({ kind }) => kind === 'card')).toHaveLength(1);
    expect(await vault.openCard(TOKEN)).toMatchObject({ card: { securityCode: '737' }, securityCodeLost: false });
  });

  it('keeps the first card, and dies unclaimed like any other', async () => {
    const { vault, clock } = vaultWorld();
    await vault.keepCardAs(TOKEN, CARD);
    await vault.keepCardAs(TOKEN, { ...CARD, number: '4111111111111111' });
    expect((await vault.openCard(TOKEN))?.card).toMatchObject({ number: CARD.number });
    clock.advance(15 * MINUTE_MS);
    expect(await vault.openCard(TOKEN)).toBeNull();
    expect(await vault.faceOf(TOKEN)).toBeNull();
  });

  it('gets its security code back from a retry in another process, until a payment has claimed it', async () => {
    const { vault, restarted, claim } = vaultWorld();
    await vault.keepCardAs(TOKEN, CARD);
    const other = restarted();
    expect((await other.openCard(TOKEN))?.securityCodeLost).toBe(true);
    await other.keepCardAs(TOKEN, CARD);
    expect((await other.openCard(TOKEN))?.securityCodeLost).toBe(false);
    claim(TOKEN);
    other.dropSecurityCode(TOKEN);
    await other.keepCardAs(TOKEN, CARD);
    expect((await other.openCard(TOKEN))?.securityCodeLost).toBe(true);
  });

  it('shows its face, the same as when it was kept', async () => {
    const { vault } = vaultWorld();
    const { face } = await vault.keepCardAs(TOKEN, CARD);
    expect(await vault.faceOf(TOKEN)).toEqual(face);
    expect(await vault.faceOf(`tok_${'x'.repeat(22)}`)).toBeNull();
  });
});
