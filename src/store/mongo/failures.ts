import { DuplicateKey, Impossible, StoreFailure } from '../../contracts/errors.js';

const DUPLICATE = 11_000;
/** A document that the collection's own rule refuses. */
const REFUSED = 121;
/** What mongoose says of a value that its schema does not allow. */
const INVALID: ReadonlySet<string> = new Set(['ValidationError', 'CastError', 'StrictModeError', 'ValidatorError']);

interface ServerError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly keyPattern?: unknown;
  readonly writeErrors?: unknown;
}

/** The fields of the unique index that refused a write; null when something else went wrong. */
export function duplicatedIn(error: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, keyPattern, writeErrors } = error as ServerError;
  if (code !== DUPLICATE) return null;
  const [first] = Array.isArray(writeErrors) ? writeErrors : [];
  const pattern = keyPattern ?? (first as { err?: ServerError } | undefined)?.err?.keyPattern;
  return typeof pattern === 'object' && pattern !== null ? (pattern as Readonly<Record<string, unknown>>) : {};
}

/**
 * What went wrong, in the words of the contract. Whatever is not a clear refusal is a StoreFailure: a timeout of the write
 * concern, a lost connection or an election say nothing of whether the write happened.
 */
export function failureOf(error: unknown): unknown {
  if (error instanceof DuplicateKey || error instanceof Impossible || error instanceof StoreFailure) return error;
  const { name, message, code } = (error ?? {}) as ServerError;
  if (code === REFUSED || INVALID.has(String(name))) {
    return new Impossible(`the schema refuses it: ${String(message)}`, { cause: error });
  }
  if (duplicatedIn(error) !== null) return new DuplicateKey('id');
  if (error instanceof TypeError || error instanceof RangeError) return error;
  return new StoreFailure(`the store failed: ${String(message ?? error)}`, { cause: error });
}
