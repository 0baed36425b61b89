/**
 * What aggregates looked like when this process last read or wrote them, so that a commit can tell what it changes without
 * reading first. A revision of a document is written once and never differs, so what is kept here cannot be wrong; at worst
 * it is not there.
 */
export interface Known {
  /** The stored form as JSON text, if it is known at exactly this revision. */
  at(id: string, revision: number): string | null;
  remember(id: string, revision: number, text: string): void;
  forget(id: string): void;
}

const CHARACTERS_MAX = 16_000_000;

/** Keeps the latest used, up to a number of characters in all. */
export function createKnown(charactersMax = CHARACTERS_MAX): Known {
  // A map keeps the order of insertion: the first is the one not used for longest.
  const kept = new Map<string, { readonly revision: number; readonly text: string }>();
  let characters = 0;

  function forget(id: string): void {
    characters -= kept.get(id)?.text.length ?? 0;
    kept.delete(id);
  }

  return {
    at(id, revision) {
      const entry = kept.get(id);
      return entry?.revision === revision ? entry.text : null;
    },
    remember(id, revision, text) {
      forget(id);
      kept.set(id, { revision, text });
      characters += text.length;
      for (const oldest of kept.keys()) {
        if (characters <= charactersMax) return;
        forget(oldest);
      }
    },
    forget,
  };
}
