import type { Collection, Stored } from './collections.js';
import { duplicatedIn } from './failures.js';

/** What a document carries for another collection until it is there. */
export interface Carried {
  /** Names the write that put it there. */
  readonly by: string;
  /** The stored documents, as JSON text. */
  readonly documents: string;
}

export function carriedOf(by: string, documents: readonly Stored[]): Carried {
  return { by, documents: JSON.stringify(documents) };
}

/**
 * Brings what a document of `carriers` carries to `target`, and strikes it out. It may be done twice or by two at once: what
 * is there already, by identity or by a unique key of its own, is left alone.
 */
export async function deliverCarried(
  carriers: Collection,
  target: Collection,
  id: string,
  { by, documents }: Carried,
): Promise<void> {
  const rows = JSON.parse(documents) as Stored[];
  try {
    if (rows.length > 0) await target.insertMany(rows, { ordered: false, throwOnValidationError: true });
  } catch (error) {
    if (!areDuplicates(error)) throw error;
  }
  await carriers.updateOne({ _id: id, 'carried.by': by }, { $unset: { carried: 1 } });
}

/** The same for all that was left behind by who died in between. */
export async function deliverAllCarried(carriers: Collection, target: Collection): Promise<void> {
  const left = await carriers.find({ 'carried.by': { $exists: true } }, { carried: 1 }).lean();
  for (const { _id, carried } of left as unknown as { _id: string; carried: Carried }[]) {
    await deliverCarried(carriers, target, _id, carried);
  }
}

/** True when nothing but duplicates kept documents out: then all others are in, and majority has them. */
function areDuplicates(error: unknown): boolean {
  if (duplicatedIn(error) === null) return false;
  const { writeErrors, writeConcernErrors, result } = error as {
    readonly writeErrors?: unknown;
    readonly writeConcernErrors?: readonly unknown[];
    readonly result?: { getWriteConcernError?(): unknown };
  };
  const refusals = (Array.isArray(writeErrors) ? writeErrors : []) as { readonly code?: unknown }[];
  const isCertain = (writeConcernErrors?.length ?? 0) === 0 && !result?.getWriteConcernError?.();
  return isCertain && refusals.every(({ code }) => code === 11_000);
}
