-- The provider's own books. Moments are milliseconds since 1970, amounts are fen.

-- What a merchant's signed address asked for and a browser carried here. It is no trade yet.
CREATE TABLE IF NOT EXISTS visit (
    token TEXT PRIMARY KEY,
    app_id TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    product TEXT NOT NULL CHECK (product IN ('page', 'wap')),
    out_trade_no TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    passback TEXT NOT NULL,
    time_expire INTEGER,
    timeout TEXT NOT NULL,
    quit_url TEXT NOT NULL,
    return_url TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS trade (
    id INTEGER PRIMARY KEY,
    trade_no TEXT NOT NULL UNIQUE,
    app_id TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    product TEXT NOT NULL CHECK (product IN ('page', 'wap')),
    out_trade_no TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    passback TEXT NOT NULL,
    notify_url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('WAIT_BUYER_PAY', 'TRADE_SUCCESS', 'TRADE_FINISHED', 'TRADE_CLOSED')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    paid_at INTEGER,
    closed_at INTEGER,
    finishes_at INTEGER,
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
    faults TEXT NOT NULL DEFAULT '',
    UNIQUE (seller_id, out_trade_no),
    CHECK (paid_at IS NOT NULL OR refunded = 0),
    CHECK (status NOT IN ('TRADE_SUCCESS', 'TRADE_FINISHED') OR paid_at IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS trade_waiting ON trade (expires_at) WHERE status = 'WAIT_BUYER_PAY';
CREATE INDEX IF NOT EXISTS trade_paid ON trade (paid_at);
CREATE INDEX IF NOT EXISTS trade_finishing ON trade (finishes_at) WHERE status = 'TRADE_SUCCESS';

CREATE TABLE IF NOT EXISTS refund (
    id INTEGER PRIMARY KEY,
    trade_id INTEGER NOT NULL REFERENCES trade,
    out_request_no TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (trade_id, out_request_no)
);
CREATE INDEX IF NOT EXISTS refund_at ON refund (at);

-- Something that happened to a trade, and the fields that tell it, but for the moment of sending and the signature.
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY,
    trade_id INTEGER NOT NULL REFERENCES trade,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'close', 'finish')),
    notify_id TEXT,
    url TEXT NOT NULL,
    fields TEXT NOT NULL,
    faults TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS event_trade ON event (trade_id);

CREATE VIEW IF NOT EXISTS told AS
SELECT event.id AS event_id, kind, event.at, event.faults, out_trade_no FROM event JOIN trade ON trade.id = trade_id;

CREATE TABLE IF NOT EXISTS download (
    token TEXT PRIMARY KEY,
    seller_id TEXT NOT NULL,
    begins INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    at INTEGER NOT NULL,
    fault TEXT NOT NULL
);
