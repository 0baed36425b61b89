/**
 * The schema, step by step. A released step never changes; what comes later is appended.
 *
 * An aggregate is one JSON document in `body`, beside the columns that something is found by. `seq` is the order of arrival,
 * and keeps neighbours in time neighbours on the disk. Times are milliseconds since the epoch.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- Nothing crosses a wall: one owner (merchant or operator) in one mode. Stands for both wherever something is indexed.
  CREATE TABLE walls (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('test', 'live')),
    -- Position of the newest event of this wall's feed.
    head INTEGER NOT NULL DEFAULT 0,
    -- The smallest cursor of the enabled endpoints; null when there is none.
    followed INTEGER,
    UNIQUE (owner, mode)
  ) STRICT;
  CREATE INDEX walls_behind ON walls (id) WHERE followed < head;

  CREATE TABLE payments (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    wall INTEGER NOT NULL REFERENCES walls,
    created_at INTEGER NOT NULL,
    reference TEXT NOT NULL,
    status TEXT NOT NULL,
    open_reference TEXT,
    channel TEXT,
    instrument TEXT,
    due_at INTEGER,
    -- Tries of the sweeper since the last commit.
    strikes INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    -- What has not ended and is not in a person's hands must come up again by itself.
    CHECK (due_at IS NOT NULL OR status IN ('succeeded', 'canceled', 'failed', 'expired', 'requires_review'))
  ) STRICT;
  CREATE UNIQUE INDEX payments_open ON payments (wall, open_reference) WHERE open_reference IS NOT NULL;
  CREATE INDEX payments_due ON payments (due_at) WHERE due_at IS NOT NULL;
  -- The filters of a list ride along, so that those who do not match are passed over without reading their bodies.
  CREATE INDEX payments_newest ON payments (wall, created_at, seq, status, channel, instrument);
  CREATE INDEX payments_by_status ON payments (wall, status, created_at, seq, channel, instrument);
  CREATE INDEX payments_by_reference ON payments (wall, reference, created_at, seq);

  CREATE TABLE refunds (id TEXT PRIMARY KEY, payment TEXT NOT NULL) STRICT, WITHOUT ROWID;

  -- Idempotency keys for ever, with the aggregate that keeps the answer.
  CREATE TABLE requests (
    family TEXT NOT NULL CHECK (family IN ('payment', 'payer', 'endpoint')),
    wall INTEGER NOT NULL REFERENCES walls,
    key TEXT NOT NULL,
    holder TEXT NOT NULL,
    PRIMARY KEY (family, wall, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE codes (
    code TEXT PRIMARY KEY,
    payment TEXT NOT NULL,
    -- Null once the payment was seen to hold it.
    claimed_at INTEGER,
    free_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX codes_claimed ON codes (claimed_at) WHERE claimed_at IS NOT NULL;
  CREATE INDEX codes_free ON codes (free_at) WHERE free_at IS NOT NULL;

  -- One row is what one commit told; its events have the positions up to and including last.
  CREATE TABLE feed (
    seq INTEGER PRIMARY KEY,
    wall INTEGER NOT NULL REFERENCES walls,
    last INTEGER NOT NULL,
    payment TEXT NOT NULL,
    events TEXT NOT NULL,
    data TEXT NOT NULL,
    UNIQUE (wall, last)
  ) STRICT;
  CREATE INDEX feed_of_payment ON feed (payment);

  CREATE TABLE payers (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    wall INTEGER NOT NULL REFERENCES walls,
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (wall, account)
  ) STRICT;
  CREATE TABLE payer_instruments (
    wall INTEGER NOT NULL,
    token TEXT NOT NULL,
    payer TEXT NOT NULL REFERENCES payers (id),
    PRIMARY KEY (wall, token, payer)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX payer_instruments_of ON payer_instruments (payer);

  CREATE TABLE merchants (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE merchant_keys (
    hash TEXT PRIMARY KEY,
    merchant TEXT NOT NULL REFERENCES merchants (id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX merchant_keys_of ON merchant_keys (merchant);

  CREATE TABLE endpoints (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    wall INTEGER NOT NULL REFERENCES walls,
    status TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX endpoints_of ON endpoints (wall, status, cursor);

  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    endpoint TEXT NOT NULL,
    event TEXT NOT NULL,
    due_at INTEGER,
    body TEXT NOT NULL,
    UNIQUE (endpoint, event)
  ) STRICT;
  CREATE INDEX deliveries_newest ON deliveries (endpoint, seq);
  -- The endpoint rides along, so that those of a slow one are passed over without reading them.
  CREATE INDEX deliveries_due ON deliveries (due_at, endpoint) WHERE due_at IS NOT NULL;

  CREATE TABLE counters (key TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX counters_ended ON counters (ends_at);
  CREATE TABLE used (key TEXT PRIMARY KEY, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX used_ended ON used (ends_at);

  CREATE TABLE vault (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    key_id TEXT NOT NULL,
    dies_at INTEGER,
    had_security_code INTEGER NOT NULL,
    sealed BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX vault_dying ON vault (dies_at) WHERE dies_at IS NOT NULL;
  CREATE INDEX vault_by_key ON vault (key_id);
  `,
  `
  -- Whose payment it is, for as long as the merchant may ask that the person be forgotten. It never changes.
  ALTER TABLE payments ADD COLUMN account TEXT;
  UPDATE payments SET account = json_extract(body, '$.payer.account');
  CREATE INDEX payments_by_account ON payments (wall, account, created_at, seq) WHERE account IS NOT NULL;
  `,
  `
  -- How far the mails of this feed are planned. What happened before there were mails is told to nobody afterwards.
  ALTER TABLE walls ADD COLUMN mailed INTEGER NOT NULL DEFAULT 0;
  UPDATE walls SET mailed = head;
  CREATE INDEX walls_unmailed ON walls (id) WHERE mailed < head;

  CREATE TABLE mails (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    payment TEXT,
    due_at INTEGER,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX mails_of_payment ON mails (payment, seq) WHERE payment IS NOT NULL;

  UPDATE payments SET body = json_set(body, '$.reaches', json('[]'));
  UPDATE payers SET body = json_set(body, '$.sessions', json('[]'), '$.identifications', json('[]'));
  UPDATE merchants SET body = json_set(body, '$.profile.language', 'en');
  `,
  `
  CREATE TABLE workers (id TEXT PRIMARY KEY, public_key TEXT NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX workers_ended ON workers (ends_at);
  `,
  `
  -- When what a payer's commits left to be done comes up again.
  ALTER TABLE payers ADD COLUMN due_at INTEGER;
  CREATE INDEX payers_due ON payers (due_at) WHERE due_at IS NOT NULL;
  `,
  `
  CREATE TABLE texts (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    payment TEXT NOT NULL,
    -- A keyed hash of the telephone number; null once its person is erased.
    number TEXT,
    due_at INTEGER,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX texts_due ON texts (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX texts_of_payment ON texts (payment, seq);
  CREATE INDEX texts_of_number ON texts (number, seq) WHERE number IS NOT NULL;

  -- What was said about texts to a number, under a keyed hash of it.
  CREATE TABLE consents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE operators (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;

  CREATE TABLE device_keys (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    operator TEXT NOT NULL,
    mode TEXT NOT NULL,
    device TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (operator, mode, device, sequence)
  ) STRICT;

  CREATE TABLE tv_sessions (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tv_sessions_ended ON tv_sessions (ends_at);
  `,
  `
  CREATE INDEX device_keys_of_operator ON device_keys (operator, mode, id);
  `,
  `
  CREATE INDEX device_keys_sealed ON device_keys (json_extract(body, '$.sealed'))
    WHERE json_extract(body, '$.revokedAt') IS NULL;
  CREATE INDEX payers_code_hash ON payers (json_extract(body, '$.purchaseCode.hash'))
    WHERE json_extract(body, '$.purchaseCode.hash') IS NOT NULL;
  `,
];
