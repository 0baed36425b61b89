export const REACH_CHANNELS = ['email', 'sms', 'ivr'] as const;
export type ReachChannel = (typeof REACH_CHANNELS)[number];

/** One way of bringing the payer to a payment, with its address: an e-mail address, or a number in E.164. */
export interface ReachWay {
  readonly channel: ReachChannel;
  /** Names a person: blanked when they are erased. */
  readonly to: string | null;
}

/**
 * One wish to bring the payer to an open payment, by one way after the other until one comes through. A payment of an
 * earlier release knows of e-mail alone, and has none of what may be absent here.
 */
export interface Reach extends ReachWay {
  readonly id: string;
  /** What is tried, in this order, when the way under way comes to nothing. */
  readonly fallback?: readonly ReachWay[];
  /** How many ways have come to nothing: whoever reports names it. */
  readonly step?: number;
  readonly status?: ReachStatus;
  /** How often the way under way was asked for. */
  readonly tries?: number;
  /** When the way under way was first asked for, of those `tries`: whoever looks for what came of them looks from there. */
  readonly firstTriedAt?: number;
  /** When it is begun, or given up when nobody reports; null while it is others' to report, and once it is over. */
  readonly dueAt?: number | null;
  /** Until when the payer may pay by answering; null where they cannot. */
  readonly answerBy?: number | null;
  readonly createdAt: number;
}

/** `scheduled`: the hour is wrong. `refused`: whoever has the number does not want it. */
export type ReachStatus = 'queued' | 'scheduled' | 'sent' | 'delivered' | 'failed' | 'refused';

/** How far a way has got: it goes on, and never back. */
export type ReachReport =
  | { readonly status: 'sent'; readonly answerBy: number | null }
  | { readonly status: 'delivered' }
  /** `why`, a stable word: the next way is begun. */
  | { readonly status: 'failed'; readonly why: string }
  /** The payer answered NO: this offer is over, and nobody bothers them in another way. */
  | { readonly status: 'refused' };

/** Which way a report is about. What is not under way any more is not reported to anybody. */
export interface ReachStep {
  readonly reach: string;
  readonly step: number;
}

/** What came of beginning a way. */
export type ReachBegun =
  /** It is in the hands of whoever reports what becomes of it. */
  | { readonly begun: 'handed_over' }
  /** A call is placed, or may be: it has failed when nobody has reported by `reportBy`. */
  | { readonly begun: 'placed'; readonly reportBy: number }
  /** Not now; milliseconds since the epoch. */
  | { readonly begun: 'later'; readonly at: number }
  | { readonly begun: 'impossible'; readonly why: string };
