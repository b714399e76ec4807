-- The provider's own books. Moments are milliseconds since 1970, amounts are fen.

-- An order as a browser brought it; `contents` are all its fields, with which it may come again.
CREATE TABLE IF NOT EXISTS trade (
    id INTEGER PRIMARY KEY,
    v_oid TEXT NOT NULL UNIQUE,
    v_ymd TEXT NOT NULL,
    v_url TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    contents TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    paid_at INTEGER,
    -- When the bank makes up its mind about what was submitted.
    result_at INTEGER,
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
    faults TEXT NOT NULL DEFAULT '',
    CHECK (paid_at IS NOT NULL OR refunded = 0),
    CHECK (paid_at IS NULL OR result_at IS NULL)
);
CREATE INDEX IF NOT EXISTS trade_day ON trade (v_ymd);
CREATE INDEX IF NOT EXISTS trade_paid ON trade (paid_at);
CREATE INDEX IF NOT EXISTS trade_submitted ON trade (result_at) WHERE result_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS visit (
    token TEXT PRIMARY KEY,
    trade_id INTEGER NOT NULL REFERENCES trade,
    -- The bank that the merchant named; empty while the payer may choose.
    bank TEXT NOT NULL,
    at INTEGER NOT NULL
);

-- What a bank said: 9 submitted, 3 refused, 1 paid. An order that was refused may be tried again.
CREATE TABLE IF NOT EXISTS try (
    id INTEGER PRIMARY KEY,
    trade_id INTEGER NOT NULL REFERENCES trade,
    bank TEXT NOT NULL,
    pstatus TEXT NOT NULL CHECK (pstatus IN ('1', '3', '9')),
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS try_trade ON try (trade_id);
CREATE UNIQUE INDEX IF NOT EXISTS try_paid_once ON try (trade_id) WHERE pstatus = '1';

CREATE TABLE IF NOT EXISTS refund (
    id INTEGER PRIMARY KEY,
    trade_id INTEGER NOT NULL REFERENCES trade,
    refid TEXT NOT NULL UNIQUE,
    amount INTEGER NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS refund_trade ON refund (trade_id);
CREATE INDEX IF NOT EXISTS refund_at ON refund (at);

-- A message to the merchant about one to four orders; `open` while more may join.
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refusal', 'unknown', 'joined')),
    faults TEXT NOT NULL,
    open INTEGER NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS part (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES event,
    trade_id INTEGER NOT NULL REFERENCES trade,
    bank TEXT NOT NULL,
    pstatus TEXT NOT NULL CHECK (pstatus IN ('0', '1', '3')),
    UNIQUE (event_id, trade_id)
);

CREATE VIEW IF NOT EXISTS told AS
SELECT event.id AS event_id, kind, event.at, event.faults,
    (SELECT group_concat(v_oid, ' ') FROM part JOIN trade ON trade.id = trade_id WHERE event_id = event.id) AS v_oid
FROM event;
