-- Schema 2: budgets that count tokens or requests too, in a zone of their own.

ALTER TABLE budget RENAME COLUMN limit_pico_usd TO limit_amount; -- in the unit's own measure
ALTER TABLE budget ADD COLUMN unit TEXT NOT NULL DEFAULT 'money' CHECK (unit IN ('money', 'tokens', 'requests'));
ALTER TABLE budget ADD COLUMN zone TEXT NOT NULL DEFAULT '';
ALTER TABLE budget ADD COLUMN asked_period TEXT NOT NULL DEFAULT ''; -- a soft one was let pass in it

ALTER TABLE reservation ADD COLUMN tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservation ADD COLUMN tokens_spent INTEGER; -- null: not settled
ALTER TABLE reservation ADD COLUMN requests INTEGER NOT NULL DEFAULT 0; -- 1: a request began with it

-- Every column that a budget's sum reads, so that it reads the index alone.
DROP INDEX reservation_by_time;
CREATE INDEX reservation_by_time ON reservation (simulated, reserved_at, workspace_id, session_id, provider,
    reserved, spent, tokens, tokens_spent, requests);
CREATE INDEX reservation_by_session ON reservation (session_id);
