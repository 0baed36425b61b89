/** What went wrong with a request, for the one who sent it: becomes RFC 9457 problem+json at the edge. */
export interface ProblemDetail {
  /** RFC 6901 JSON pointer into the body, or the name of a query parameter. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export interface ProblemExtras {
  readonly errors?: readonly ProblemDetail[];
  readonly retryAfterSeconds?: number;
  /** Further members of the problem document, such as the id of the payment that holds a reference. */
  readonly members?: Readonly<Record<string, string>>;
}

/**
 * A request that cannot be done, and why, in words for its sender. Thrown anywhere, answered in one place per medium.
 * A decline is never a Problem: it is a value.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly extras: ProblemExtras;

  constructor(status: number, code: string, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extras = extras;
  }
}

/** True for what another release must go on with: it was not taken here, and nothing changed. */
export function isLeftToAnotherRelease(error: unknown): boolean {
  return error instanceof Problem && error.code === 'another_release';
}

/** The store could not say whether a write happened (disk full, connection lost): settled by reading again. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** A unique value is taken. `index` names which promise; nothing of the commit was written. */
export class DuplicateKey extends Error {
  override readonly name = 'DuplicateKey';
  readonly index: 'request' | 'reference' | 'code' | 'account' | 'id';

  constructor(index: DuplicateKey['index']) {
    super(`duplicate key: ${index}`);
    this.index = index;
  }
}

/** A bug of ours: fails loudly, quarantines the one payment it touches. */
export class Impossible extends Error {
  override readonly name = 'Impossible';
}

/** A key that something was made with is not among ours: nobody's mistake who asks, and mended by putting it back. */
export class KeyMissing extends Error {
  override readonly name = 'KeyMissing';
}
