/** The mailbox's tables, step by step. A released step never changes; what comes later is appended. */
export const MIGRATIONS: readonly string[] = [
  `
  -- One row is one mail as it was received; a mail that was sent twice is here twice.
  CREATE TABLE mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    -- The envelope's recipients, as a JSON list.
    recipients TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    message_id TEXT,
    -- What its X-Guichet-Payment header names.
    payment TEXT,
    bytes INTEGER NOT NULL,
    raw BLOB NOT NULL
  ) STRICT;
  CREATE INDEX mails_of_payment ON mails (payment, id) WHERE payment IS NOT NULL;
  `,
  `
  -- How the mail server is to behave, as JSON: one row, or none while it behaves well.
  CREATE TABLE mood (only INTEGER PRIMARY KEY CHECK (only = 1), document TEXT NOT NULL) STRICT;
  `,
];
