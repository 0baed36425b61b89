/** One wish to bring the payer to an open payment: by e-mail in this release. */
export interface Reach {
  readonly id: string;
  readonly channel: 'email';
  /** The address, which names a person: blanked when they are erased. */
  to: string | null;
  readonly createdAt: number;
}
