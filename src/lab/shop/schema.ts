/** The shop's own small file. The wire and the journal are what the lab shows of it. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE orders (
     id TEXT PRIMARY KEY,
     cart TEXT NOT NULL UNIQUE,
     payment TEXT UNIQUE,
     is_awaited INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     document TEXT NOT NULL
   ) STRICT;
   CREATE INDEX orders_awaited ON orders (created_at) WHERE is_awaited = 1;
   CREATE TABLE webhooks (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
   CREATE TABLE wire (position INTEGER PRIMARY KEY, payment TEXT, document TEXT NOT NULL) STRICT;
   CREATE INDEX wire_payment ON wire (payment);
   CREATE TABLE journal (position INTEGER PRIMARY KEY, at INTEGER NOT NULL, payment TEXT NOT NULL, what TEXT NOT NULL) STRICT;
   CREATE INDEX journal_payment ON journal (payment);`,
];
