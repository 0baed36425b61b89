/** Money taken and money given back: each in as many parts as there are attempts that hold it. */

export interface Capture {
  readonly id: string;
  readonly amount: number;
  readonly final: boolean;
  readonly automatic: boolean;
  status: PartsStatus;
  readonly parts: Part[];
  readonly createdAt: number;
}

export interface Refund {
  readonly id: string;
  readonly amount: number;
  readonly reason: string | null;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  status: PartsStatus;
  readonly parts: Part[];
  readonly createdAt: number;
}

export type PartsStatus = 'pending' | 'succeeded' | 'failed' | 'canceled' | 'requires_review';

export interface Part {
  readonly attempt: string;
  readonly operation: string;
  readonly amount: number;
}
