import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_CARDS, TEST_TOKENS } from '../../../src/lab/acquirer/cards.js';
import { authorizeCallOf, followUpOf } from '../../contract/acquirer.js';
import { cardOf, type SandboxWorld, sandboxWorld } from './support.js';

/** Every card through the connector, in a table: what it is for is what happens. */

function luhn(number: string): boolean {
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => {
    const weighed = index % 2 === 1 ? digit * 2 : digit;
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}

describe('the table of test cards', () => {
  it('has numbers that pass the Luhn check, each once', () => {
    for (const { number } of TEST_CARDS) expect([number, luhn(number)]).toEqual([number, true]);
    expect(new Set(TEST_CARDS.map(({ number }) => number)).size).toBe(TEST_CARDS.length);
  });

  it('says in words what each card does', () => {
    for (const { meaning, outcome } of [...TEST_CARDS, ...TEST_TOKENS]) {
      expect(meaning.en.length).toBeGreaterThan(5);
      expect(outcome).toMatch(/^[a-z_]+$/);
    }
  });
});

describe('cards that answer plainly', () => {
  let world: SandboxWorld;
  beforeAll(async () => {
    world = await sandboxWorld();
  });
  afterAll(() => world.close());

  const authorize = (number: string, more = {}) =>
    world.acquirer.authorize(authorizeCallOf(world.clock.now(), cardOf(number), more));

  it.each([
    '4242 4242 4242 4242',
    '4111 1111 1111 1111',
    '5555 5555 5555 4444',
    '3782 822463 10005',
    '4970 1000 0000 0006',
    '4000 0000 0000 3220',
    '4000 0000 0000 0259',
  ])('%s is approved', async (number) => {
    expect(await authorize(number)).toMatchObject({ outcome: 'approved', money: { amount: 4250, currency: 'EUR' } });
  });

  it.each([
    ['4000 0000 0000 0002', 'do_not_honor', '05', 'retry'],
    ['4000 0084 0000 1629', 'do_not_honor', '05', 'retry'],
    ['4000 0000 0000 9995', 'insufficient_funds', '51', 'other_instrument'],
    ['4000 0000 0000 0069', 'expired_card', '54', 'other_instrument'],
    ['4000 0000 0000 0127', 'incorrect_security_code', 'N7', 'retry'],
    ['4000 0027 6000 3184', 'authentication_required', '1A', 'other_channel'],
    ['4000 0010 0000 0018', 'lost_card', '41', 'stop'],
    ['4000 0010 0000 0026', 'stolen_card', '43', 'stop'],
    ['4000 0566 5566 5556', 'invalid_card_number', '14', 'other_instrument'],
  ])('%s is declined: %s', async (number, code, acquirerCode, advice) => {
    expect(await authorize(number)).toMatchObject({ outcome: 'declined', code, acquirerCode, advice });
  });

  it.each([
    ['tok_sandbox_approve', 'approved', undefined],
    ['tok_sandbox_decline', 'declined', 'do_not_honor'],
    ['tok_sandbox_insufficient_funds', 'declined', 'insufficient_funds'],
    ['tok_sandbox_authentication_required', 'declined', 'authentication_required'],
  ])('%s is %s', async (token, outcome, code) => {
    const call = authorizeCallOf(world.clock.now(), { kind: 'acquirer_token', token }, { initiator: 'merchant' });
    const answer = await world.acquirer.authorize(call);
    expect(answer.outcome).toBe(outcome);
    if (answer.outcome === 'declined') expect(answer.code).toBe(code);
  });

  it('looks at the expiry and at the length of the security code', async () => {
    const declined = async (card: ReturnType<typeof cardOf>) => {
      const answer = await world.acquirer.authorize(authorizeCallOf(world.clock.now(), card));
      return answer.outcome === 'declined' ? answer.code : answer.outcome;
    };
    const visa = '4242424242424242';
    expect(await declined(cardOf(visa, { expiryMonth: 12, expiryYear: 2029 }))).toBe('expired_card');
    expect(await declined(cardOf(visa, { expiryMonth: 1, expiryYear: 2030 }))).toBe('approved');
    expect(await declined(cardOf(visa, { securityCode: '1234' }))).toBe('incorrect_security_code');
    expect(await declined(cardOf('378282246310005', { securityCode: '123' }))).toBe('incorrect_security_code');
    expect(await declined(cardOf(visa, { securityCode: null }))).toBe('approved');
  });

  it.each([
    ['4000 0010 0000 0034', 'capture', 'capture_refused'],
    ['4000 0010 0000 0059', 'void', 'void_refused'],
  ] as const)('%s refuses %s', async (number, operation, code) => {
    const call = authorizeCallOf(world.clock.now(), cardOf(number));
    await world.acquirer.authorize(call);
    const other = operation === 'capture' ? 'void' : 'capture';
    expect(await world.acquirer[operation]?.(followUpOf(call))).toMatchObject({ outcome: 'declined', code });
    expect(await world.acquirer[other]?.(followUpOf(call))).toMatchObject({ outcome: 'approved' });
  });

  it('4000 0010 0000 0042 refuses refunds', async () => {
    const call = authorizeCallOf(world.clock.now(), cardOf('4000 0010 0000 0042'), { capture: true });
    await world.acquirer.authorize(call);
    const refund = await world.acquirer.refund?.(followUpOf(call));
    expect(refund).toMatchObject({ outcome: 'declined', code: 'refund_refused' });
  });

  it('keeps neither the number nor the security code in its ledger', async () => {
    const call = authorizeCallOf(world.clock.now(), cardOf('4242 4242 4242 4242', { securityCode: '987' }));
    await world.acquirer.authorize(call);
    const text = JSON.stringify(await world.ledger(call.payment));
    expect(text).toContain('424242…4242');
    expect(text).not.toContain('4242424242424242');
    const exchanges = JSON.stringify((await world.get('/exchanges')).body);
    expect(exchanges).toContain('424242…4242');
    expect(exchanges).not.toMatch(/4242424242424242|"987"/);
  });

  it('declines what is captured after the end of the hold', async () => {
    const call = authorizeCallOf(world.clock.now(), cardOf('4242 4242 4242 4242'));
    const approval = await world.acquirer.authorize(call);
    const holdUntil = world.clock.now() + 7 * 24 * 3_600_000;
    expect(approval).toMatchObject({ outcome: 'approved', holdUntil });
    world.clock.advance(holdUntil - world.clock.now());
    const late = { ...followUpOf(call), deadline: world.clock.now() + 3_000 };
    expect(await world.acquirer.capture?.(late)).toMatchObject({ outcome: 'declined', code: 'authorization_expired' });
  });
});
