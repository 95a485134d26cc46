create table stage (
  workspace_id uuid not null references workspace,
  key text not null,
  name text not null,
  colour text not null,
  kind text not null check (kind in ('open', 'won', 'lost', 'archived')),
  position int not null,
  primary key (workspace_id, key)
);
select app.tenant_table('stage');

create table field (
  workspace_id uuid not null references workspace,
  key text not null,
  label text not null,
  help text not null default '',
  type text not null check (type in ('text', 'number', 'date', 'datetime', 'yes_no', 'choice', 'choices', 'url', 'money')),
  options jsonb not null default '[]',
  currency text,
  default_value jsonb,
  required boolean not null default false,
  is_unique boolean not null default false,
  position int not null,
  archived_at timestamptz,
  -- Deleted, but its values are still being cleared from the leads; until then the key stays taken.
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
select app.tenant_table('field');

-- What changes seldom. What changes with every event is in lead_stat, what is searched in lead_search.
-- Names and companies sort as people expect (Unicode's order, not the bytes').
-- Values are stored normalised (e-mail lower-cased, phone E.164), so that plain equality finds them.
create table lead (
  workspace_id uuid not null references workspace,
  id uuid not null,
  email text,
  first_name text,
  last_name text collate "und-x-icu",
  company text collate "und-x-icu",
  job_title text,
  phone text,
  whatsapp_id text,
  avatar_url text,
  owner_id uuid,
  stage text not null,
  qualification smallint,
  source text,
  country text,
  region text,
  city text,
  time_zone text,
  language text,
  external_id text,
  attributes jsonb not null default '{}',
  import_id uuid,
  created_by jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  revision int not null default 1,
  deleted_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, owner_id) references member,
  foreign key (workspace_id, stage) references stage
) with (fillfactor = 85);
create unique index lead_email on lead (workspace_id, email) where deleted_at is null and email is not null;
create unique index lead_phone on lead (workspace_id, phone) where deleted_at is null and phone is not null;
create unique index lead_whatsapp on lead (workspace_id, whatsapp_id) where deleted_at is null and whatsapp_id is not null;
create unique index lead_external on lead (workspace_id, external_id) where deleted_at is null and external_id is not null;
-- Ascending, read in both directions: descending ones bloat by a fifth on load.
create index lead_by_created on lead (workspace_id, created_at, id) where deleted_at is null;
create index lead_by_updated on lead (workspace_id, updated_at, id) where deleted_at is null;
create index lead_by_last_name on lead (workspace_id, last_name, id) where deleted_at is null and last_name is not null;
create index lead_by_company on lead (workspace_id, company, id) where deleted_at is null and company is not null;
create index lead_by_owner on lead (workspace_id, owner_id, id) where deleted_at is null;
create index lead_by_stage on lead (workspace_id, stage, id) where deleted_at is null;
-- Not leakproof, so only bellwether_scan can use it (see ARCHITECTURE.md).
create index lead_attributes on lead using gin (workspace_id, attributes jsonb_path_ops) where deleted_at is null;
select app.tenant_table('lead');

-- "Agents see only their own leads": the setting holds the member's id while the workspace's switch is on.
create policy own on lead as restrictive to bellwether_app
  using (
    nullif(current_setting('app.own', true), '') is null
    or owner_id is null
    or owner_id = nullif(current_setting('app.own', true), '')::uuid
  );

create table lead_stat (
  workspace_id uuid not null,
  lead_id uuid not null,
  score int not null default 0,
  last_seen_at timestamptz,
  primary key (workspace_id, lead_id),
  foreign key (workspace_id, lead_id) references lead on delete cascade
) with (fillfactor = 70);
create index lead_stat_by_score on lead_stat (workspace_id, score, lead_id);
select app.tenant_table('lead_stat');

create table lead_search (
  workspace_id uuid not null,
  lead_id uuid not null,
  words text not null,
  primary key (workspace_id, lead_id),
  foreign key (workspace_id, lead_id) references lead on delete cascade
);
create index lead_search_words on lead_search using gin (workspace_id, words gin_trgm_ops);
select app.tenant_table('lead_search');

-- Values of fields marked unique; the primary key is what keeps them so on every way in.
create table lead_unique (
  workspace_id uuid not null,
  field_key text not null,
  value text not null,
  lead_id uuid not null,
  primary key (workspace_id, field_key, value),
  foreign key (workspace_id, field_key) references field on delete cascade,
  foreign key (workspace_id, lead_id) references lead on delete cascade
);
create index on lead_unique (workspace_id, lead_id);
select app.tenant_table('lead_unique');

create table tag (
  workspace_id uuid not null references workspace,
  id uuid not null,
  name text not null,
  name_key text not null,
  colour text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, name_key)
);
select app.tenant_table('tag');

create table lead_tag (
  workspace_id uuid not null,
  lead_id uuid not null,
  tag_id uuid not null,
  primary key (workspace_id, lead_id, tag_id),
  foreign key (workspace_id, lead_id) references lead on delete cascade,
  foreign key (workspace_id, tag_id) references tag on delete cascade
);
create index on lead_tag (workspace_id, tag_id, lead_id);
select app.tenant_table('lead_tag');

create table note (
  workspace_id uuid not null,
  id uuid not null,
  lead_id uuid not null,
  body text not null,
  author jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references lead on delete cascade
);
create index on note (workspace_id, lead_id, id);
select app.tenant_table('note');
