/**
 * The sandbox's own database. No card number is in it, only masked digits. An operation's row says how it ends;
 * until `settles_at` it shows as `interim`, so that late and pending operations need no timer to come true.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE operations (
     position INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     payment TEXT NOT NULL,
     merchant TEXT NOT NULL,
     type TEXT NOT NULL CHECK (type IN ('authorize', 'capture', 'void', 'refund', 'reverse')),
     original TEXT,
     fingerprint TEXT,
     status TEXT NOT NULL CHECK (status IN ('approved', 'declined')),
     code TEXT,
     reference TEXT NOT NULL,
     authorization_code TEXT,
     amount INTEGER NOT NULL CHECK (amount > 0),
     currency TEXT NOT NULL,
     purchase INTEGER NOT NULL,
     interim TEXT CHECK (interim IN ('pending', 'not_found')),
     settles_at INTEGER,
     forgets_early_reversal INTEGER NOT NULL,
     refuses TEXT,
     hold_until INTEGER,
     captured INTEGER NOT NULL DEFAULT 0,
     voided INTEGER NOT NULL DEFAULT 0,
     refunded INTEGER NOT NULL DEFAULT 0,
     reversed_at INTEGER,
     card TEXT,
     initiator TEXT,
     authentication TEXT,
     created_at INTEGER NOT NULL,
     CHECK ((interim IS NULL) = (settles_at IS NULL)),
     CHECK (captured + voided <= amount),
     CHECK (refunded <= captured)
   ) STRICT;
   CREATE INDEX operations_by_payment ON operations (payment, position);
   CREATE INDEX operations_unsettled ON operations (settles_at) WHERE settles_at IS NOT NULL;
   CREATE TABLE authentications (
     id TEXT PRIMARY KEY,
     acs_transaction TEXT NOT NULL UNIQUE,
     directory_server_transaction TEXT NOT NULL,
     reference TEXT NOT NULL,
     status TEXT NOT NULL CHECK (status IN ('Y', 'A', 'C', 'N', 'U', 'R')),
     scheme TEXT NOT NULL,
     value_if_authenticated TEXT NOT NULL,
     amount INTEGER NOT NULL,
     currency TEXT NOT NULL,
     last4 TEXT NOT NULL,
     merchant_name TEXT NOT NULL,
     language TEXT,
     result_url TEXT NOT NULL,
     notification_url TEXT NOT NULL,
     wrong_codes INTEGER NOT NULL DEFAULT 0,
     expires_at INTEGER NOT NULL
   ) STRICT;`,
  // A verification of a card is an authorization of 0.
  `CREATE TABLE operations_of_any_amount (
     position INTEGER PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     payment TEXT NOT NULL,
     merchant TEXT NOT NULL,
     type TEXT NOT NULL CHECK (type IN ('authorize', 'capture', 'void', 'refund', 'reverse')),
     original TEXT,
     fingerprint TEXT,
     status TEXT NOT NULL CHECK (status IN ('approved', 'declined')),
     code TEXT,
     reference TEXT NOT NULL,
     authorization_code TEXT,
     amount INTEGER NOT NULL CHECK (amount >= 0),
     currency TEXT NOT NULL,
     purchase INTEGER NOT NULL,
     interim TEXT CHECK (interim IN ('pending', 'not_found')),
     settles_at INTEGER,
     forgets_early_reversal INTEGER NOT NULL,
     refuses TEXT,
     hold_until INTEGER,
     captured INTEGER NOT NULL DEFAULT 0,
     voided INTEGER NOT NULL DEFAULT 0,
     refunded INTEGER NOT NULL DEFAULT 0,
     reversed_at INTEGER,
     card TEXT,
     initiator TEXT,
     authentication TEXT,
     created_at INTEGER NOT NULL,
     CHECK ((interim IS NULL) = (settles_at IS NULL)),
     CHECK (captured + voided <= amount),
     CHECK (refunded <= captured)
   ) STRICT;
   INSERT INTO operations_of_any_amount SELECT * FROM operations;
   DROP TABLE operations;
   ALTER TABLE operations_of_any_amount RENAME TO operations;
   CREATE INDEX operations_by_payment ON operations (payment, position);
   CREATE INDEX operations_unsettled ON operations (settles_at) WHERE settles_at IS NOT NULL;`,
];
