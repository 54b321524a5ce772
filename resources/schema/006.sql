-- Schema 6: from which message on a chat is sent, when all of it no longer fits the model.

-- A message; 0: all; -1: the next question.
ALTER TABLE conversation ADD COLUMN context_start INTEGER NOT NULL DEFAULT 0;
