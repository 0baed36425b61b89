/** The audit of the kill tests is shown each kind of loss once: one that finds nothing would prove nothing. */
import { describe, expect, it } from 'vitest';
import { audit, type Finding, findings, isAtRest, type LedgerLine, type ShownPayment } from './audit.js';
import { checkFeed, type ShownEvent } from './feed.js';
import type { Book } from './merchants.js';

const PAID: ShownPayment = {
  id: 'pay_1',
  reference: 'R-1',
  status: 'succeeded',
  amount: 1_000,
  version: 2,
  amount_authorized: 1_000,
  amount_captured: 1_000,
  amount_refunded: 300,
  amount_capturable: 0,
  attempts: [
    {
      next_check_at: null,
      operations: [
        { id: 'opn_1', type: 'authorize', status: 'approved' },
        { id: 'opn_2', type: 'refund', status: 'approved' },
      ],
    },
  ],
};
const LINE: LedgerLine = {
  operation: 'opn_1',
  payment: 'pay_1',
  type: 'authorize',
  status: 'approved',
  amount: 1_000,
  authorized: 1_000,
  captured: 1_000,
  voided: 0,
  refunded: 300,
  held: 0,
};
const REFUND: LedgerLine = { ...LINE, operation: 'opn_2', type: 'refund', authorized: 0, captured: 0, refunded: 0 };
const ORDER = { reference: 'R-1', amount: 1_000, refundsAsked: 1, payment: 'pay_1' };

function found(payments: readonly ShownPayment[], ledger: readonly LedgerLine[], order = ORDER): string {
  const book: Book = { orders: new Map([[order.reference, order]]), told: [] };
  const all = findings(book, payments, ledger);
  expect(audit(book, payments, ledger)).toEqual(all.map(({ sentence }) => sentence));
  return all.map(({ kind, sentence }) => `${kind}: ${sentence}`).join('\n');
}

describe('the audit', () => {
  it('has nothing to say when all is well', () => {
    expect(found([PAID], [LINE, REFUND])).toBe('');
  });

  const doubled = { ...LINE, operation: 'opn_9' };
  it.each<[string, readonly ShownPayment[], readonly LedgerLine[], Finding['kind'], string]>([
    ['an acknowledged payment that is gone', [], [], 'lost', 'was acknowledged as pay_1 and is not there'],
    ['money of a payment that is gone', [], [LINE], 'lost', 'pay_1 is in the sandbox'],
    [
      'one order that became two payments',
      [PAID, { ...PAID, id: 'pay_2' }],
      [LINE, REFUND],
      'doubled',
      'became 2 payments',
    ],
    [
      'an order acknowledged as another',
      [{ ...PAID, id: 'pay_2' }],
      [],
      'lost',
      'was acknowledged as pay_1 and is pay_2',
    ],
    [
      'a payment that nobody ordered',
      [PAID, { ...PAID, reference: 'X' }],
      [LINE, REFUND],
      'untrue',
      'was ordered by nobody',
    ],
    ['another amount', [{ ...PAID, amount: 999 }], [LINE, REFUND], 'untrue', 'is of 999, not 1000'],
    ['a second charge', [PAID], [LINE, REFUND, doubled], 'doubled', 'approvals of 2000'],
    ['a charge under an unknown identity', [PAID], [LINE, REFUND, doubled], 'doubled', 'opn_9 is not known here'],
    ['a capture that we do not know', [{ ...PAID, amount_captured: 0 }], [LINE, REFUND], 'untrue', 'we say 0 captured'],
    ['a refund that was made twice', [PAID], [{ ...LINE, refunded: 600 }, REFUND], 'untrue', 'we say 300 refunded'],
    [
      'more captured than authorized',
      [PAID],
      [{ ...LINE, captured: 1_001 }, REFUND],
      'doubled',
      'captured 1001 of 1000',
    ],
    ['more refunded than captured', [PAID], [{ ...LINE, refunded: 1_001 }, REFUND], 'doubled', 'refunded 1001 of 1000'],
    [
      'money held for one that is over',
      [{ ...PAID, status: 'canceled' }],
      [{ ...LINE, held: 5 }],
      'stuck',
      'holds money',
    ],
    ['money taken for one that is over', [{ ...PAID, status: 'failed' }], [LINE, REFUND], 'lost', 'took money'],
    ['a paid one without money', [PAID], [], 'lost', 'says paid'],
    ['one that is set aside', [{ ...PAID, status: 'requires_review' }], [LINE, REFUND], 'stuck', 'is in review'],
    ['one that is not at rest', [{ ...PAID, status: 'processing' }], [LINE, REFUND], 'stuck', 'is not at rest'],
  ])('finds %s', (_, payments, ledger, kind, sentence) => {
    const lines = found(payments, ledger).split('\n');
    expect(lines.filter((line) => line.startsWith(`${kind}: `) && line.includes(sentence))).not.toEqual([]);
  });

  it('knows rest from what is still to be looked at', () => {
    const [attempt] = PAID.attempts;
    const open = { ...PAID, attempts: [{ operations: attempt?.operations ?? [], next_check_at: '2030-01-01' }] };
    expect([PAID, open].map(isAtRest)).toEqual([true, false]);
  });
});

describe('the look at the feed', () => {
  const event = (position: number, sequence: number, id = `evt_${position}`): ShownEvent => {
    return { id, position, payment: 'pay_1', sequence };
  };
  const whole = [event(1, 1), event(2, 2)];

  it('has nothing to say when all is well', () => {
    expect(checkFeed(whole, [PAID])).toEqual([]);
  });

  it.each<[string, readonly ShownEvent[], string]>([
    ['a hole', [event(1, 1), event(3, 2)], 'has 3 in the place of 2'],
    ['a double', [event(1, 1), event(2, 2, 'evt_1')], 'has evt_1 twice'],
    ['an event that came twice', [event(1, 1), event(2, 2), event(3, 2)], 'tells 2 of pay_1 after 2'],
    ['an event that never came', [event(1, 1), event(2, 3)], 'lacks an event of pay_1 before 3'],
    ['a last event that never came', [event(1, 1)], 'tells 1 of pay_1, which is at 2'],
  ])('finds %s', (_, events, sentence) => {
    expect(checkFeed(events, [PAID]).join('\n')).toContain(sentence);
  });
});
