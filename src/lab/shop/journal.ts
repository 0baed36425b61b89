import type { Database } from '../../store/sqlite/database.js';

/** What the lab did to a payment's world, kept through the death of the process that did it. */
export type Deed =
  | 'plug_wanted'
  | 'plug_pulled'
  | 'back_again'
  | 'answer_lost'
  | 'race_wanted'
  | 'raced'
  | 'phone_told'
  | 'page_told'
  | 'went_wrong';

export interface JournalEntry {
  readonly at: number;
  readonly payment: string;
  readonly what: Deed;
}

export interface Journal {
  write(entry: JournalEntry): void;
  about(payment: string): JournalEntry[];
  last(): JournalEntry | null;
}

export function createJournal(database: Database): Journal {
  const inserting = database.prepare('INSERT INTO journal (at, payment, what) VALUES (?, ?, ?)');
  const ofPayment = database.prepare('SELECT at, payment, what FROM journal WHERE payment = ? ORDER BY position');
  const newest = database.prepare('SELECT at, payment, what FROM journal ORDER BY position DESC LIMIT 1');
  return {
    write({ at, payment, what }) {
      inserting.run(at, payment, what);
    },
    about: (payment) => ofPayment.all(payment) as JournalEntry[],
    last: () => (newest.get() as JournalEntry | undefined) ?? null,
  };
}
