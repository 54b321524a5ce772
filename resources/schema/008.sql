-- Schema 8: routes that begin where the task wants it.

-- in_order; by_task: simple turns begin at the first target, demanding ones at the second.
ALTER TABLE route ADD COLUMN kind TEXT NOT NULL DEFAULT 'in_order' CHECK (kind IN ('in_order', 'by_task'));

-- Where such a route began an answer, and why.
CREATE TABLE task_choice (
    message_id INTEGER PRIMARY KEY REFERENCES message ON DELETE CASCADE,
    route TEXT NOT NULL,   -- its name at that time
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    reasons TEXT NOT NULL, -- comma-separated: long, code, maths, reasoning, files, structured
    tokens INTEGER NOT NULL
) STRICT;
