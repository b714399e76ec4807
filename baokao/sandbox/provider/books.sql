-- What the books of every provider have. The provider's own schema comes before: its table `event` holds what is told.

-- An event's way to the merchant; a duplicated one has two. due_at is empty while it is withheld and when it is over.
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES event,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    in_hand INTEGER NOT NULL DEFAULT 0,
    outcome TEXT CHECK (outcome IN ('delivered', 'given up'))
);
CREATE INDEX IF NOT EXISTS notice_due ON notice (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS sending (
    id INTEGER PRIMARY KEY,
    notice_id INTEGER NOT NULL REFERENCES notice,
    at INTEGER NOT NULL,
    status INTEGER,
    answer TEXT
);
CREATE INDEX IF NOT EXISTS sending_notice ON sending (notice_id);

-- What a test wants to go wrong: the next `times` calls of a kind, or events, of one order or of any.
CREATE TABLE IF NOT EXISTS armed (
    id INTEGER PRIMARY KEY,
    on_what TEXT NOT NULL,
    name TEXT NOT NULL,
    times INTEGER NOT NULL,
    order_no TEXT NOT NULL,
    after INTEGER NOT NULL,
    seconds REAL NOT NULL,
    word TEXT NOT NULL
);
