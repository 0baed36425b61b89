/** Cards in the vault: what is kept, for how long, and what becomes of it when somebody touches it. */
import { describe, expect, it } from 'vitest';
import { createEnvelopes } from '../../src/vault/envelope.js';
import { VaultFailure } from '../../src/vault/index.js';
import { createSecurityCodes } from '../../src/vault/security_codes.js';
import { virtualClock } from '../clock.js';
import { CARD, freshKey, MINUTE_MS, START, vaultWorld } from './world.js';

const OPENED = { kind: 'card', number: CARD.number, expiryMonth: 12, expiryYear: 2034, brand: 'visa' };

describe('keeping and opening', () => {
  it('answers a token of 128 bits and the face, and opens the same card', async () => {
    const { vault } = vaultWorld();
    const { token, face } = await vault.keepCard(CARD);
    expect(token).toMatch(/^tok_[\w-]{22}$/);
    expect(face).toEqual({
      brand: 'visa',
      bin: '424242',
      last4: '4242',
      expMonth: 12,
      expYear: 2034,
      fingerprint: expect.stringMatching(/^1\.[\w-]{43}$/),
    });
    const opened = { card: { ...OPENED, securityCode: '737' }, securityCodeLost: false };
    expect(await vault.openCard(token)).toEqual(opened);
    // Again, for a repeat of the same call.
    expect(await vault.openCard(token)).toEqual(opened);
  });

  it('knows a card without security code from one whose code is lost', async () => {
    const { vault, restarted } = vaultWorld();
    const without = await vault.keepCard({ ...CARD, securityCode: null });
    const withCode = await vault.keepCard(CARD);
    const later = restarted();
    const card = { ...OPENED, securityCode: null };
    expect(await later.openCard(without.token)).toEqual({ card, securityCodeLost: false });
    expect(await later.openCard(withCode.token)).toEqual({ card, securityCodeLost: true });
    await later.keepSecurityCode(withCode.token, ' 7３7 ');
    const again = { card: { ...OPENED, securityCode: '737' }, securityCodeLost: false };
    expect(await later.openCard(withCode.token)).toEqual(again);
  });

  it.each([
    ['tok_sandbox_approve', true],
    ['tok_sandbox_decline', true],
    ['tok_sandbox_insufficient_funds', true],
    ['tok_sandbox_authentication_required', true],
    ['tok_sandbox_', false],
    ['tok_sandbox_refund', false],
    ['tok_sandbox_approve2', false],
  ])('%s: is a card of the sandbox: %s', async (token, known) => {
    const { vault } = vaultWorld();
    const opened = { card: { kind: 'acquirer_token', token }, securityCodeLost: false };
    expect(await vault.openCard(token)).toEqual(known ? opened : null);
  });

  it.each([
    { number: '4242 4242 4242 4242' },
    { number: '42424242424' },
    { number: '42424242424242424242' },
    { expiryMonth: 0 },
    { expiryMonth: 13 },
    { expiryMonth: 1.5 },
    { expiryYear: 34 },
    { securityCode: '' },
    { securityCode: '12' },
    { securityCode: '12345' },
    { brand: '' },
    { brand: 'Visa 4242' },
  ])('refuses what was not checked, %j, without quoting it', async (slip) => {
    const { vault, held } = vaultWorld();
    const error = await vault.keepCard({ ...CARD, ...slip }).catch((thrown: Error) => thrown.message);
    expect(error).toBe('a card comes here checked, see checkCard');
    expect(held.size).toBe(0);
  });

  it('keeps no security code for a card that the store did not take', async () => {
    const { restarted, records } = vaultWorld();
    const failing = restarted(undefined, { ...records, put: () => Promise.reject(new Error('disk full')) });
    await expect(failing.keepCard(CARD)).rejects.toThrow('disk full');
  });
});

describe('what is at rest', () => {
  it('is not the number, nor anything that opens without the key', async () => {
    const { vault, held } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    const record = held.get(token);
    const bytes = Buffer.from(record?.sealed ?? []);
    for (const encoding of ['latin1', 'hex', 'base64'] as const) {
      // Half of it is enough; four digits stand in the hexadecimal of one record in two hundred by chance. In half bytes too.
      expect(bytes.toString(encoding)).not.toContain(CARD.number.slice(0, 8));
    }
    expect(bytes.includes('4242')).toBe(false);
    expect(record).toMatchObject({ kind: 'card', keyId: 'v1', diesAt: START + 15 * MINUTE_MS, hadSecurityCode: true });
  });

  it('never is the security code, not even sealed', async () => {
    const key = freshKey('v1');
    const { vault, held, ids, logged } = vaultWorld([key]);
    const amex = { ...CARD, number: '378282246310005', brand: 'amex', securityCode: '9876' };
    const { token, face } = await vault.keepCard(amex);
    await vault.keepSecurityCode(token, '6789');
    const record = held.get(token);
    if (record === undefined) return expect.unreachable();
    const plain = createEnvelopes([key], ids).open(['record', 'card', token], record).toString();
    expect(JSON.parse(plain)).toEqual({ number: amex.number, expiryMonth: 12, expiryYear: 2034, brand: 'amex' });
    const { sealed, ...visible } = record;
    for (const text of [
      plain,
      JSON.stringify({ visible, face, logged, sealed: Buffer.from(sealed).toString('latin1') }),
    ]) {
      expect(text).not.toContain('9876');
      expect(text).not.toContain('6789');
    }
  });

  it('differs for the same card, so that equal cards do not show', async () => {
    const { vault, held } = vaultWorld();
    const [one, other] = [await vault.keepCard(CARD), await vault.keepCard(CARD)];
    const tailOf = (token: string): string =>
      Buffer.from(held.get(token)?.sealed ?? [])
        .toString('hex')
        .slice(2);
    expect(one.token).not.toBe(other.token);
    expect(tailOf(one.token).slice(0, 24)).not.toBe(tailOf(other.token).slice(0, 24));
    expect(tailOf(one.token).slice(-24)).not.toBe(tailOf(other.token).slice(-24));
  });
});

describe('tampering', () => {
  it('with any byte of a record is noticed', async () => {
    const { vault, held, tamper } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    const { sealed } = held.get(token) ?? { sealed: new Uint8Array() };
    expect(sealed.length).toBeGreaterThan(69);
    for (let at = 0; at < sealed.length; at++) {
      for (const bit of [1, 128]) {
        const changed = Uint8Array.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ bit;
        tamper(token, { sealed: changed });
        await expect(vault.openCard(token)).rejects.toMatchObject({ name: 'VaultFailure', reason: 'altered' });
      }
    }
    for (const length of [0, 1, 40, 68, 69, sealed.length - 1]) {
      tamper(token, { sealed: sealed.slice(0, length) });
      await expect(vault.openCard(token)).rejects.toThrow(VaultFailure);
    }
    tamper(token, { sealed: Uint8Array.from([...sealed, 0]) });
    await expect(vault.openCard(token)).rejects.toThrow(VaultFailure);
    tamper(token, { sealed });
    expect(await vault.openCard(token)).not.toBeNull();
  });

  it('with what a record says of itself is noticed', async () => {
    const keys = [freshKey('v2'), freshKey('v1')];
    const { vault, tamper, held } = vaultWorld(keys);
    const { token } = await vault.keepCard(CARD);
    const other = await vault.keepCard({ ...CARD, number: '4111111111111111' });
    const { sealed } = held.get(other.token) ?? { sealed: new Uint8Array() };
    const own = held.get(token)?.sealed ?? new Uint8Array();
    for (const change of [{ sealed }, { keyId: 'v1' }]) {
      tamper(token, change);
      await expect(vault.openCard(token)).rejects.toMatchObject({ reason: 'altered' });
      tamper(token, { sealed: own, keyId: 'v2' });
    }
    tamper(token, { token: 'tok_elsewhere' });
    await expect(vault.openCard('tok_elsewhere')).rejects.toMatchObject({ reason: 'altered' });
    const iban = await vault.keepSecret('iban', 'FR7630006000011234567890189');
    tamper(iban, { kind: 'card' });
    await expect(vault.openCard(iban)).rejects.toMatchObject({ reason: 'altered' });
  });

  it('fails without a word about the content', async () => {
    const { vault, tamper } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    tamper(token, { sealed: new Uint8Array(148).fill(1) });
    const error = (await vault.openCard(token).catch((thrown: Error) => thrown)) as Error;
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/4242|737|visa/);
  });
});

describe('life', () => {
  it('ends after 15 minutes for what nobody claims', async () => {
    const { vault, clock } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    clock.advance(15 * MINUTE_MS - 1);
    expect(await vault.openCard(token)).not.toBeNull();
    clock.advance(1);
    expect(await vault.openCard(token)).toBeNull();
  });

  it('may go on as a stored card that needs no security code: whoever stores it says so', async () => {
    const { vault, tamper, restarted } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    tamper(token, { diesAt: null, hadSecurityCode: false });
    expect(await restarted().openCard(token)).toMatchObject({ card: { securityCode: null }, securityCodeLost: false });
  });

  it('goes on for what a payment claims, without its security code', async () => {
    const { vault, clock, claim } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    claim(token);
    clock.advance(15 * MINUTE_MS - 1);
    expect(await vault.openCard(token)).toMatchObject({ card: { securityCode: '737' }, securityCodeLost: false });
    clock.advance(1);
    expect(await vault.openCard(token)).toMatchObject({ card: { securityCode: null }, securityCodeLost: true });
    clock.advance(1_000 * 86_400_000);
    await vault.sweep(clock.now());
    expect(await vault.openCard(token)).toMatchObject({ card: { number: CARD.number } });
  });

  it('of a security code begins again when it is given again, and ends when it is dropped', async () => {
    const { vault, clock, claim } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    claim(token);
    clock.advance(10 * MINUTE_MS);
    await vault.keepSecurityCode(token, '738');
    clock.advance(10 * MINUTE_MS);
    expect(await vault.openCard(token)).toMatchObject({ card: { securityCode: '738' } });
    vault.dropSecurityCode(token);
    vault.dropSecurityCode(token);
    expect(await vault.openCard(token)).toMatchObject({ card: { securityCode: null }, securityCodeLost: true });
    await expect(vault.keepSecurityCode(token, '73')).rejects.toThrow('checked');
  });

  it('is swept: dead records and old security codes, however many', async () => {
    const { vault, clock, claim, held } = vaultWorld();
    const tokens: string[] = [];
    for (let count = 0; count < 1_200; count++) tokens.push((await vault.keepCard(CARD)).token);
    for (const token of tokens.slice(0, 3)) claim(token);
    expect(await vault.sweep(clock.now())).toBe(0);
    clock.advance(15 * MINUTE_MS + 1);
    // Codes of all cards, and the records nobody claimed; of the dead, three in a thousand live.
    expect(await vault.sweep(clock.now())).toBe(1_200 + 1_197);
    // And the key of the fingerprints.
    expect(held.size).toBe(4);
    expect(await vault.sweep(clock.now())).toBe(0);
  });

  it('of security codes has room for so many; the oldest give way, and the payer is asked again', () => {
    const codes = createSecurityCodes({ clock: virtualClock(START), lifeMs: MINUTE_MS });
    for (let count = 0; count <= 100_000; count++) codes.keep(`tok_${count}`, '737');
    expect([codes.read('tok_0'), codes.read('tok_1'), codes.read('tok_100000')]).toEqual([null, '737', '737']);
    expect(codes.purge(START + MINUTE_MS)).toBe(100_000);
  });

  it('of a record that was released takes the security code along', async () => {
    const { vault, records, claim } = vaultWorld();
    const { token } = await vault.keepCard(CARD);
    claim(token);
    await records.remove(token);
    expect(await vault.openCard(token)).toBeNull();
    expect(await vault.openCard('tok_never')).toBeNull();
  });
});
