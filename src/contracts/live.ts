/** Word from process to process that a payment, or a television's session, changed. It may be lost, late or doubled: who waits reads as well. */
export interface Live {
  /** Tells the others, and does not wait. */
  tell(id: string): void;
  /** What to do with each word of another process. */
  listen(heard: (id: string) => void): void;
  /** True while word comes through. */
  isUp(): boolean;
}
