-- Schema 5: what caches saved. An amount that is null is unknown; saved_by names the cache, empty: none was used.

ALTER TABLE attempt ADD COLUMN saved INTEGER; -- pico-USD; below zero where writing cost more than reading saved
ALTER TABLE attempt ADD COLUMN saved_by TEXT NOT NULL DEFAULT '' CHECK (saved_by IN ('', 'prompt', 'response'));

ALTER TABLE rollup ADD COLUMN saved_prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollup ADD COLUMN saved_response INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollup ADD COLUMN saved_unknown INTEGER NOT NULL DEFAULT 0; -- attempts

-- Attempts that used the prompt cache before this was reckoned saved something that nobody knows.
UPDATE attempt SET saved_by = 'prompt' WHERE id IN (
    SELECT attempt_id FROM usage WHERE part = 0
       AND coalesce(json_extract(tokens, '$.cache_read'), 0) + coalesce(json_extract(tokens, '$.cache_write'), 0) > 0);
UPDATE rollup SET saved_unknown = attempts
 WHERE coalesce(json_extract(tokens, '$.cache_read'), 0) + coalesce(json_extract(tokens, '$.cache_write'), 0) > 0;
