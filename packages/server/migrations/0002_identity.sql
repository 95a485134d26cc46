-- Accounts, their passwords and sessions belong to people, not to a workspace (better-auth's four tables).
create table auth_user (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table auth_session (
  id uuid primary key,
  user_id uuid not null references auth_user on delete cascade,
  token text not null unique,
  workspace_id uuid,
  ip_address text,
  user_agent text,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on auth_session (user_id);
create table auth_account (
  id uuid primary key,
  user_id uuid not null references auth_user on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on auth_account (user_id);
create table auth_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index on auth_verification (identifier);
grant select, insert, update, delete on auth_user, auth_session, auth_account, auth_verification to bellwether_app;

create table workspace (
  workspace_id uuid primary key,
  name text not null,
  time_zone text not null default 'UTC',
  default_country text,
  agents_see_own boolean not null default false,
  viewers_masked boolean not null default false,
  created_at timestamptz not null default now()
);
select app.tenant_table('workspace');

create table member (
  workspace_id uuid not null references workspace,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'manager', 'agent', 'viewer')),
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, user_id)
);
create index on member (user_id);
select app.tenant_table('member');

create table invitation (
  workspace_id uuid not null references workspace,
  id uuid not null,
  email text not null,
  role text not null,
  token_hash bytea not null,
  invited_by uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, email),
  foreign key (workspace_id, invited_by) references member
);
select app.tenant_table('invitation');

create table api_key (
  workspace_id uuid not null references workspace,
  id uuid not null,
  name text not null,
  role text not null check (role in ('admin', 'manager', 'agent', 'viewer')),
  prefix text not null,
  secret_hash bytea not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id)
);
select app.tenant_table('api_key');

create table idempotency (
  workspace_id uuid not null references workspace,
  caller text not null,
  key text not null,
  fingerprint bytea not null,
  status int,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  primary key (workspace_id, caller, key)
);
create index on idempotency (workspace_id, created_at);
select app.tenant_table('idempotency');

-- Answers kept for an Idempotency-Key are promised for a day. Across workspaces, hence the owner's.
create function app.forget_answers() returns void language sql security definer set search_path = pg_catalog, public as $$
  delete from idempotency where created_at < now() - interval '1 day';
$$;
revoke all on function app.forget_answers from public;
grant execute on function app.forget_answers to bellwether_app;
