-- Text is composed first: what a Mac writes as a letter and an accent of its own folds like the one letter that it is.
create or replace function app.folded(value text) returns text language sql immutable parallel safe strict as $$
  select lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, nfc)))
$$;

-- What a word is looked for with: anywhere in a folded text, and nothing in it means more than itself.
create function app.word_pattern(word text) returns text language sql immutable parallel safe strict as $$
  select '%' || regexp_replace(app.folded(word), '([\\%_])', '\\\1', 'g') || '%'
$$;

-- How far the words that find leads are up to date with what they are made of. No row: never looked at.
create table word_refresh (
  workspace_id uuid not null references workspace,
  -- Of the program's way of making them.
  version int not null,
  -- Fields of which leads must be looked at again; null: all leads.
  keys text[],
  -- The last lead looked at; null when nothing is to be done.
  after uuid,
  primary key (workspace_id)
);
select app.tenant_table('word_refresh');
