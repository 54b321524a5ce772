-- Schema 3: accounts that prove themselves otherwise than by a key. No token and no key is here either.

ALTER TABLE account ADD COLUMN key_is_pair INTEGER NOT NULL DEFAULT 0 CHECK (key_is_pair IN (0, 1));
ALTER TABLE account ADD COLUMN auth TEXT NOT NULL DEFAULT 'key' CHECK (auth IN ('key', 'aws_profile', 'entra'));
ALTER TABLE account ADD COLUMN aws_profile TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN entra_authority TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN entra_tenant TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN entra_client_id TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0 CHECK (signed_in IN (0, 1));
ALTER TABLE account ADD COLUMN sign_in_source TEXT NOT NULL DEFAULT 'keychain' CHECK (sign_in_source IN ('keychain', 'session'));
ALTER TABLE account ADD COLUMN grant_origin TEXT NOT NULL DEFAULT '';
