/** Word from process to process that a payment changed. It may be lost, late or doubled: who waits reads as well. */
export interface Live {
  /** Tells the others, and does not wait. */
  tell(payment: string): void;
  /** What to do with each word of another process. */
  listen(heard: (payment: string) => void): void;
  /** True while word comes through. */
  isUp(): boolean;
}
