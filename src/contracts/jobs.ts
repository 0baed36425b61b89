/** Something that does what is due when it is due, and can be woken earlier. Work may run at any time, any number of times. */
export interface Jobs {
  /** Begins: does what is due now, and then whenever something is. */
  start(): void;
  /** Something is due at `at` (milliseconds since the epoch): look then, or earlier. */
  wake(at: number): void;
  /** Stops looking and resolves when what runs now is done. */
  stop(): Promise<void>;
}

/** Work that is looked after: does what is due now and answers when something is due next, null for never. */
export interface Duty {
  readonly name: string;
  run(): Promise<number | null>;
}

/**
 * Where a process that does not send tells those who do. Word may be lost, late or doubled afterwards: it only wakes, and
 * the store knows what waits.
 */
export interface Handover {
  /** Something of this payment waits. True once a queue has taken the word for certain; false, soon, when none has. */
  offer(payment: string): Promise<boolean>;
}
