import type { Advice } from '../../contracts/acquirer.js';

/**
 * Every decline the sandbox knows: the code in our words, the issuer's response code as ISO 8583 field 39 has it where
 * there is one, and what the payer may sensibly do. A code that is not listed here is not understood, and what is not
 * understood is never a decline.
 */
export const DECLINES = {
  do_not_honor: { acquirerCode: '05', advice: 'retry' },
  insufficient_funds: { acquirerCode: '51', advice: 'other_instrument' },
  expired_card: { acquirerCode: '54', advice: 'other_instrument' },
  incorrect_security_code: { acquirerCode: 'N7', advice: 'retry' },
  invalid_card_number: { acquirerCode: '14', advice: 'other_instrument' },
  lost_card: { acquirerCode: '41', advice: 'stop' },
  stolen_card: { acquirerCode: '43', advice: 'stop' },
  authentication_required: { acquirerCode: '1A', advice: 'other_channel' },
  authentication_failed: { acquirerCode: '82', advice: 'retry' },
  /** A reversal was here first: nothing is taken, and never will be under this operation. */
  reversed: { acquirerCode: '94', advice: 'retry' },
  original_not_found: { acquirerCode: '25', advice: 'stop' },
  original_not_approved: { acquirerCode: '12', advice: 'stop' },
  authorization_expired: { acquirerCode: '54H', advice: 'stop' },
  amount_too_large: { acquirerCode: '61', advice: 'stop' },
  capture_refused: { acquirerCode: '57C', advice: 'stop' },
  refund_refused: { acquirerCode: '57R', advice: 'stop' },
  void_refused: { acquirerCode: '57V', advice: 'stop' },
} as const satisfies Record<string, { acquirerCode: string; advice: Advice }>;

export type DeclineCode = keyof typeof DECLINES;

export function isDeclineCode(code: unknown): code is DeclineCode {
  return typeof code === 'string' && Object.hasOwn(DECLINES, code);
}
