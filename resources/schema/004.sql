-- Schema 4: answers that were cut short and continued.

ALTER TABLE message ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1)); -- its card was put away

-- What earlier requests wrote of an answer, oldest first; the rest is message.request_id's.
CREATE TABLE answer_piece (
    message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
    position INTEGER NOT NULL,
    request_id INTEGER NOT NULL, -- no reference: as message.request_id
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    text_end INTEGER NOT NULL,   -- UTF-16 units of the answer's text, where this piece ends
    PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

-- Attempts that run, also those that are still counted when their request has ended.
CREATE INDEX attempt_open ON attempt (request_id) WHERE outcome = 'open';
