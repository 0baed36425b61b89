import type { Database } from '../../store/sqlite/database.js';

/** How the mail server is to misbehave, until it is told otherwise: the end of its house does not mend it. */
export interface Mood {
  /** This address is refused for good; null for none. */
  readonly refuse: string | null;
  /** How long it thinks about every mail, milliseconds. */
  readonly slowMs: number;
  /** It is not there: whoever calls is cut off. */
  readonly away: boolean;
}

export const GOOD_MOOD: Mood = { refuse: null, slowMs: 0, away: false };
const SLOW_MS_MAX = 60_000;

/** Keeps the mood beside the mails: one for all houses of a data folder. */
export function createMoods(database: Database) {
  const finding = database.prepare('SELECT document FROM mood');
  const keeping = database.prepare('INSERT OR REPLACE INTO mood (only, document) VALUES (1, ?)');
  return {
    read(): Mood {
      const row = finding.get() as { document: string } | undefined;
      return row === undefined ? GOOD_MOOD : (JSON.parse(row.document) as Mood);
    },
    keep({ refuse, slowMs, away }: Mood): void {
      const bounded = Math.min(SLOW_MS_MAX, Math.max(0, slowMs));
      keeping.run(JSON.stringify({ refuse, slowMs: bounded, away } satisfies Mood));
    },
  };
}
