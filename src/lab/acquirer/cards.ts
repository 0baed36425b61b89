import type { DeclineCode } from '../../acquirers/sandbox/declines.js';
import type { TransactionStatus } from '../../acquirers/sandbox/three_d_secure.js';

/** What can be made to go wrong with one exchange. By card it happens to the authorization. */
export const FAULTS = [
  'slow',
  'lost_request',
  'lost_answer',
  'duplicate',
  'late_approval',
  'wrong_amount',
  'down',
  'pending',
  'pending_then_declined',
  'garbage',
  'ignores_early_reversal',
  'declined',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How the issuer and the acquirer treat a card. */
export interface Behaviour {
  readonly decline?: DeclineCode;
  readonly fault?: Fault;
  /** Which operation after the approval is refused. */
  readonly refuses?: 'capture' | 'refund' | 'void';
  /** What the issuer's authentication says; `C` challenges, `down` does not answer. Without it: `Y`. */
  readonly authentication?: TransactionStatus | 'down';
  /** The issuer wants to see the browser first. */
  readonly deviceCheck?: true;
  /** Declines `authentication_required` without a valid proof. */
  readonly proofRequired?: true;
}

export interface TestCard {
  /** Digits only, or a token. */
  readonly number: string;
  /** A stable word for what happens. */
  readonly outcome: string;
  readonly meaning: { readonly en: string };
  readonly behaviour: Behaviour;
}

function card(number: string, outcome: string, en: string, behaviour: Behaviour = {}): TestCard {
  return { number: number.replaceAll(' ', ''), outcome, meaning: { en }, behaviour };
}

const APPROVED = 'approved, authenticated without a challenge';

/** Every card of the sandbox, with any future expiry and any security code. Documentation is made from this table. */
export const TEST_CARDS: readonly TestCard[] = [
  card('4242 4242 4242 4242', 'approved', APPROVED),
  card('4111 1111 1111 1111', 'approved', APPROVED),
  card('5555 5555 5555 4444', 'approved', `${APPROVED}; the issuer checks the device first`, { deviceCheck: true }),
  card('3782 822463 10005', 'approved', `${APPROVED}; the security code has four digits`),
  card('4970 1000 0000 0006', 'approved', `${APPROVED}; co-badged CB and Visa`),
  card('4000 0000 0000 3220', 'challenge', 'challenge, then approved', { authentication: 'C' }),
  card('4000 0084 0000 1629', 'challenge_declined', 'challenge, then declined (`do_not_honor`)', {
    authentication: 'C',
    decline: 'do_not_honor',
  }),
  card(
    '4000 0027 6000 3184',
    'authentication_required',
    'authentication required everywhere: a challenge on the page, `authentication_required` by phone and with `pay_with`',
    { authentication: 'C', proofRequired: true },
  ),
  card('4000 0000 0000 0002', 'do_not_honor', 'declined, `do_not_honor`; the payer may try again', {
    decline: 'do_not_honor',
  }),
  card('4000 0000 0000 9995', 'insufficient_funds', 'declined, `insufficient_funds`', {
    decline: 'insufficient_funds',
  }),
  card('4000 0000 0000 0069', 'expired_card', 'declined, `expired_card`', { decline: 'expired_card' }),
  card('4000 0000 0000 0127', 'incorrect_security_code', 'declined, `incorrect_security_code`', {
    decline: 'incorrect_security_code',
  }),
  card('4000 0000 0000 0259', 'disputed', 'approved, then disputed (kept for what comes)'),

  card('4000 0010 0000 0018', 'lost_card', 'declined, `lost_card`: no further try', { decline: 'lost_card' }),
  card('4000 0010 0000 0026', 'stolen_card', 'declined, `stolen_card`: no further try', { decline: 'stolen_card' }),
  card('4000 0010 0000 0034', 'capture_fails', 'approved, and every separate capture is declined', {
    refuses: 'capture',
  }),
  card('4000 0010 0000 0042', 'refund_fails', 'approved, and every refund is declined', { refuses: 'refund' }),
  card('4000 0010 0000 0059', 'void_fails', 'approved, and every void is declined', { refuses: 'void' }),

  card('4000 0010 0000 0067', 'slow', 'approved, answered only after the deadline', { fault: 'slow' }),
  card(
    '4000 0010 0000 0075',
    'lost_request',
    'the first request never arrives: the connection is cut before it is read',
    {
      fault: 'lost_request',
    },
  ),
  card('4000 0010 0000 0083', 'lost_answer', 'approved, and the connection is cut before the answer', {
    fault: 'lost_answer',
  }),
  card('4000 0010 0000 0091', 'duplicate', 'approved, and notified twice', { fault: 'duplicate' }),
  card(
    '4000 0010 0000 0109',
    'late_approval',
    'no answer, not found when asked for, and approved some seconds later unless it was reversed before',
    { fault: 'late_approval' },
  ),
  card('4000 0010 0000 0117', 'wrong_amount', 'approved with 100 minor units more than was asked', {
    fault: 'wrong_amount',
  }),
  card('4000 0010 0000 0125', 'down', 'nothing is done: answered 503, every time', { fault: 'down' }),
  card('4000 0010 0000 0133', 'pending', 'pending, approved some seconds later, with a notification', {
    fault: 'pending',
  }),
  card('4000 0010 0000 0141', 'pending_then_declined', 'pending, declined some seconds later, with a notification', {
    fault: 'pending_then_declined',
  }),
  card('4000 0010 0000 0158', 'garbage', 'approved, and answered with a page of HTML', { fault: 'garbage' }),
  card(
    '4000 0010 0000 0166',
    'ignores_early_reversal',
    'as late approval, but a reversal that comes before the approval is acknowledged and forgotten',
    { fault: 'ignores_early_reversal' },
  ),

  card('4000 0010 0000 0174', 'attempted', 'authentication attempted only (`A`), approved', { authentication: 'A' }),
  card('4000 0010 0000 0182', 'authentication_refused', 'authentication refused without a challenge (`N`)', {
    authentication: 'N',
  }),
  card('4000 0010 0000 0190', 'authentication_unavailable', 'authentication could not be made (`U`)', {
    authentication: 'U',
  }),
  card('4000 0010 0000 0208', 'authentication_rejected', 'the issuer rejects the payment at authentication (`R`)', {
    authentication: 'R',
  }),
  card('4000 0010 0000 0216', 'directory_down', 'the directory server does not answer (503)', {
    authentication: 'down',
  }),
  card('4000 0010 0000 0224', 'device_check_challenge', 'device check, then challenge, then approved', {
    authentication: 'C',
    deviceCheck: true,
  }),
];

/** Stored cards of the sandbox, for `pay_with`. */
export const TEST_TOKENS: readonly TestCard[] = [
  card('tok_sandbox_approve', 'approved', 'approved'),
  card('tok_sandbox_decline', 'do_not_honor', 'declined, `do_not_honor`', { decline: 'do_not_honor' }),
  card('tok_sandbox_insufficient_funds', 'insufficient_funds', 'declined, `insufficient_funds`', {
    decline: 'insufficient_funds',
  }),
  card('tok_sandbox_authentication_required', 'authentication_required', '`authentication_required` without a proof', {
    proofRequired: true,
  }),
];

const BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(
  [...TEST_CARDS, ...TEST_TOKENS].map((known) => [known.number, known]),
);

/** The card with this number or token; undefined for a number that is none of the sandbox's: it takes no others. */
export function findCard(numberOrToken: string): TestCard | undefined {
  return BY_NUMBER.get(numberOrToken);
}
