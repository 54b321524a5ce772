-- Schema 1. Times are UTC milliseconds, ids are IdSource's (UTC ms << 20 | counter), money is pico-USD.
-- A later change is a new file; this one is history.

CREATE TABLE workspace (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Never the key: it is in the keychain.
CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    label TEXT NOT NULL,
    base_url TEXT NOT NULL,
    origin TEXT NOT NULL,
    key_source TEXT NOT NULL CHECK (key_source IN ('keychain', 'session', 'environment', 'none')),
    key_saved INTEGER NOT NULL CHECK (key_saved IN (0, 1)),
    last4 TEXT NOT NULL
) STRICT;

CREATE TABLE route (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE route_target (
    route_id INTEGER NOT NULL REFERENCES route ON DELETE CASCADE,
    position INTEGER NOT NULL,
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    PRIMARY KEY (route_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE comparison (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    draft TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspace,
    kind TEXT NOT NULL CHECK (kind IN ('chat', 'lane', 'ask')),
    title TEXT NOT NULL,
    title_is_own INTEGER NOT NULL CHECK (title_is_own IN (0, 1)),
    pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    archived INTEGER NOT NULL CHECK (archived IN (0, 1)),
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    draft TEXT NOT NULL,
    scroll_anchor TEXT NOT NULL,
    active_leaf INTEGER NOT NULL, -- a message, or 0; no reference: the row comes before its messages
    comparison_id INTEGER REFERENCES comparison ON DELETE CASCADE,
    lane INTEGER NOT NULL,
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    options TEXT NOT NULL, -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_by_time ON conversation (kind, updated_at);
CREATE INDEX conversation_by_comparison ON conversation (comparison_id, lane);

CREATE TABLE message (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    parent_id INTEGER REFERENCES message ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
    state TEXT NOT NULL CHECK (state IN ('complete', 'streaming', 'incomplete', 'failed', 'cancelled')),
    created_at INTEGER NOT NULL,
    request_id INTEGER NOT NULL, -- 0: no answer. No reference: the ledger outlives conversations
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    finish_reason TEXT,
    error TEXT -- JSON
) STRICT;
CREATE INDEX message_by_conversation ON message (conversation_id);
CREATE INDEX message_by_parent ON message (parent_id);
CREATE INDEX message_by_request ON message (request_id);

CREATE TABLE content_part (
    message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'reasoning', 'attachment', 'tool_call', 'tool_result')),
    text TEXT NOT NULL,
    name TEXT NOT NULL,      -- reasoning: provider; attachment, tool call: name
    call_id TEXT NOT NULL,   -- tool call and result
    is_error INTEGER NOT NULL CHECK (is_error IN (0, 1)),
    data BLOB NOT NULL,      -- reasoning: signature; tool call: arguments
    redacted BLOB NOT NULL,  -- reasoning
    PRIMARY KEY (message_id, position)
) STRICT;

CREATE TABLE attachment (
    message_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    mime_type TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (message_id, position),
    FOREIGN KEY (message_id, position) REFERENCES content_part ON DELETE CASCADE
) STRICT;

-- A process that had the profile open; ended_at is null while it runs (its lock tells whether it does).
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('window', 'verb')),
    started_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX session_running ON session (ended_at) WHERE ended_at IS NULL;

CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER REFERENCES conversation ON DELETE SET NULL,
    workspace_id INTEGER NOT NULL REFERENCES workspace,
    session_id INTEGER NOT NULL REFERENCES session,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    state TEXT NOT NULL CHECK (state IN ('open', 'completed', 'failed', 'cancelled', 'interrupted'))
) STRICT;
CREATE INDEX request_by_conversation ON request (conversation_id);
CREATE INDEX request_open ON request (session_id) WHERE state = 'open';

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES request,
    number INTEGER NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('first', 'retry', 'fallback', 'continue')),
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    price_provider TEXT NOT NULL,
    worst_low INTEGER NOT NULL,
    worst_high INTEGER NOT NULL,
    worst_complete INTEGER NOT NULL CHECK (worst_complete IN (0, 1)),
    outcome TEXT NOT NULL CHECK (outcome IN ('open', 'completed', 'failed', 'cancelled', 'interrupted')),
    queued_at INTEGER NOT NULL,
    sent_ms INTEGER,          -- latencies from queued_at on; null: it never came so far
    headers_ms INTEGER,
    first_byte_ms INTEGER,
    first_visible_ms INTEGER,
    last_byte_ms INTEGER,
    end_ms INTEGER,
    waited_ms INTEGER NOT NULL DEFAULT 0,
    http_status INTEGER NOT NULL DEFAULT 0,
    provider_request_id TEXT NOT NULL DEFAULT '',
    answered_model TEXT NOT NULL DEFAULT '',
    error_code TEXT,
    error TEXT,               -- JSON, without the body
    bytes INTEGER NOT NULL DEFAULT 0,
    visible INTEGER NOT NULL DEFAULT 0 CHECK (visible IN (0, 1)),
    terminal_seen INTEGER NOT NULL DEFAULT 0 CHECK (terminal_seen IN (0, 1)),
    cost_low INTEGER,         -- null while open
    cost_high INTEGER,
    cost_complete INTEGER CHECK (cost_complete IN (0, 1)),
    cost_basis TEXT NOT NULL DEFAULT '',
    rate_card TEXT NOT NULL DEFAULT '',
    cost_flags TEXT NOT NULL DEFAULT '[]',
    UNIQUE (request_id, number)
) STRICT;
CREATE INDEX attempt_by_time ON attempt (queued_at);

-- part 0 is the whole; 1, 2, ... are server-side iterations that are billed one by one.
CREATE TABLE usage (
    attempt_id INTEGER NOT NULL REFERENCES attempt,
    part INTEGER NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN ('provider', 'provider_partial', 'counted', 'estimated', 'none')),
    service_tier TEXT NOT NULL,
    inference_geo TEXT NOT NULL,
    speed TEXT NOT NULL,
    model TEXT NOT NULL,
    context_tokens INTEGER,
    reported_pico_usd INTEGER,
    tokens TEXT NOT NULL,     -- JSON: kind -> count; a missing kind is unknown
    fees TEXT NOT NULL,       -- JSON: unit -> count
    raw BLOB NOT NULL,        -- the provider's own JSON
    PRIMARY KEY (attempt_id, part)
) STRICT;

CREATE TABLE cost_line (
    attempt_id INTEGER NOT NULL REFERENCES attempt,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    per_million INTEGER,      -- null: unknown, never zero
    multiplier TEXT NOT NULL,
    amount INTEGER,           -- null: unknown, never zero
    rate_card TEXT NOT NULL,
    flags TEXT NOT NULL,      -- JSON
    PRIMARY KEY (attempt_id, position)
) STRICT;

CREATE TABLE budget (
    id INTEGER PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('all', 'session', 'workspace', 'provider')),
    scope_key TEXT NOT NULL,  -- workspace or session id, provider; empty for all
    period TEXT NOT NULL CHECK (period IN ('day', 'month', 'session')),
    limit_pico_usd INTEGER NOT NULL CHECK (limit_pico_usd >= 0),
    hard INTEGER NOT NULL CHECK (hard IN (0, 1)),
    noticed_percent INTEGER NOT NULL,
    noticed_period TEXT NOT NULL -- local day or month that noticed_percent speaks of
) STRICT;

-- What an attempt may take out of budgets: reserved until settled, then what it took.
CREATE TABLE reservation (
    attempt_id INTEGER PRIMARY KEY REFERENCES attempt,
    workspace_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    reserved_at INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    spent INTEGER             -- null: not settled
) STRICT;
CREATE INDEX reservation_by_time ON reservation (reserved_at);

-- Sums of one UTC quarter hour (quarter = UTC seconds / 900): all that the dashboard reads.
CREATE TABLE rollup (
    quarter INTEGER NOT NULL,
    workspace_id INTEGER NOT NULL,
    session_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    requests INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    cost_low INTEGER NOT NULL,
    cost_high INTEGER NOT NULL,
    cost_unknown INTEGER NOT NULL,   -- attempts with a part that has no price
    tokens TEXT NOT NULL,            -- JSON: kind -> sum
    errors TEXT NOT NULL,            -- JSON: error_code -> attempts
    timed_output_tokens INTEGER NOT NULL,
    streaming_ms INTEGER NOT NULL,
    first_token BLOB NOT NULL,       -- LatencyHistogram
    duration BLOB NOT NULL,
    PRIMARY KEY (quarter, workspace_id, session_id, provider, model, simulated)
) STRICT;

-- What is remembered of a service between runs: limits seen, breaker, health. JSON.
CREATE TABLE provider_state (
    provider TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    base_url TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (provider, account_id, base_url, kind)
) STRICT;

-- What search sees: a row a message (id = message), a title (id = conversation or comparison).
CREATE TABLE message_text (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER REFERENCES conversation ON DELETE CASCADE,
    comparison_id INTEGER REFERENCES comparison ON DELETE CASCADE,
    is_title INTEGER NOT NULL CHECK (is_title IN (0, 1)),
    text TEXT NOT NULL
) STRICT;
CREATE INDEX message_text_by_conversation ON message_text (conversation_id);
CREATE INDEX message_text_by_comparison ON message_text (comparison_id);

CREATE VIRTUAL TABLE message_fts USING fts5 (
    text, content = 'message_text', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
-- Substrings, for scripts without spaces between words.
CREATE VIRTUAL TABLE message_fts_trigram USING fts5 (
    text, content = 'message_text', content_rowid = 'id', tokenize = 'trigram');

INSERT INTO workspace (id, name, created_at) VALUES (1, 'Personal', 0);
