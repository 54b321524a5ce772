-- Schema 10: attempts that may have used more tokens than they told: with any, sums of tokens are lower bounds.

ALTER TABLE rollup ADD COLUMN tokens_unknown INTEGER NOT NULL DEFAULT 0; -- attempts

-- The ledger has them all: those that used none, and those whose service told its counts at the end, are the rest.
UPDATE rollup SET tokens_unknown = counted.attempts FROM (
    SELECT a.queued_at / 900000 AS quarter, r.workspace_id, r.session_id, a.provider, a.model, a.simulated,
           count(*) AS attempts
      FROM attempt a JOIN request r ON r.id = a.request_id LEFT JOIN usage u ON u.attempt_id = a.id AND u.part = 0
     WHERE a.outcome <> 'open' AND a.cost_basis NOT IN ('not_sent', 'not_charged', 'cached')
       AND (u.attempt_id IS NULL OR u.basis NOT IN ('provider', 'counted')
            OR json_extract(u.tokens, '$.input') IS NULL OR json_extract(u.tokens, '$.output') IS NULL)
     GROUP BY 1, 2, 3, 4, 5, 6) AS counted
 WHERE rollup.quarter = counted.quarter AND rollup.workspace_id = counted.workspace_id
   AND rollup.session_id = counted.session_id AND rollup.provider = counted.provider
   AND rollup.model = counted.model AND rollup.simulated = counted.simulated;
