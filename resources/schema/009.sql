-- Schema 9: files of drafts, until their question is sent.

CREATE TABLE draft_file (
    id INTEGER PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX draft_file_by_conversation ON draft_file (conversation_id, position);
