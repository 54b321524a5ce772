-- Schema 7: chats that use a named route.

-- 0: no named route. No reference: a deleted route leaves its chats the target they have.
ALTER TABLE conversation ADD COLUMN route_id INTEGER NOT NULL DEFAULT 0;
-- 1: the next turn starts at the chat's target, not at the route's first.
ALTER TABLE conversation ADD COLUMN stays INTEGER NOT NULL DEFAULT 0 CHECK (stays IN (0, 1));
