import type { InquiryOutcome } from '../contracts/acquirer.js';
import type { AuthenticationAnswer } from '../contracts/authentication.js';
import type {
  CancelCommand,
  CaptureCommand,
  Meeting,
  NewPayment,
  ReachCommand,
  RefundCommand,
  Reply,
  ResolveCommand,
} from '../contracts/engine.js';
import type { ReachBegun, ReachReport, ReachStep } from '../contracts/reach.js';
import type { SaveAnswer } from './saving.js';

/** Everything that can reach a payment. Each says what it answers; what is no longer awaited is dropped. */
export type Incoming =
  | { readonly type: 'create'; readonly wanted: NewPayment }
  | { readonly type: 'reply'; readonly reply: Reply }
  | {
      readonly type: 'outcome';
      readonly operation: string;
      readonly call: number;
      readonly asking: 'perform' | 'inquire';
      readonly outcome: InquiryOutcome;
    }
  /** `call` is null for a result message that came by itself. */
  | {
      readonly type: 'authenticated';
      readonly authentication: string;
      readonly call: number | null;
      readonly answer: AuthenticationAnswer;
    }
  | { readonly type: 'time'; readonly timer: string }
  | { readonly type: 'notified'; readonly operation: string }
  | { readonly type: 'cancel'; readonly command: CancelCommand }
  | { readonly type: 'capture'; readonly command: CaptureCommand }
  | { readonly type: 'refund'; readonly command: RefundCommand }
  | { readonly type: 'resolve'; readonly command: ResolveCommand }
  | { readonly type: 'reach'; readonly command: ReachCommand }
  /** What came of beginning a way, null when nobody knows; and what is reported of it later. */
  | {
      readonly type: 'reach_begun';
      readonly of: ReachStep & { readonly call: number };
      readonly answer: ReachBegun | null;
    }
  | { readonly type: 'reached'; readonly of: ReachStep; readonly report: ReachReport }
  | { readonly type: 'consented'; readonly given: boolean }
  | { readonly type: 'texted'; readonly what: 'link' | 'receipt' }
  /** What the payer's account said to the asking of that number. */
  | { readonly type: 'saved'; readonly attempt: string; readonly call: number; readonly answer: SaveAnswer }
  /** Whoever sends asks for what waits. */
  | { readonly type: 'claim' }
  /** A call about the payment began; `reach` is the wish that it was placed for. Or it was met in another way. */
  | { readonly type: 'called'; readonly reach: string | null }
  | { readonly type: 'met'; readonly how: Meeting }
  | { readonly type: 'extend' }
  | { readonly type: 'revoke_links' }
  | { readonly type: 'quarantine'; readonly detail: string };
