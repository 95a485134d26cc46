-- The order in which somebody wants their views: one row for each, written whole. Views it doesn't name come after it.
create table view_order (
  workspace_id uuid not null references workspace,
  -- A member's id, or a key's.
  of_id uuid not null,
  -- Ids of `view`, and the words of those that every workspace has. What was deleted since is skipped when read.
  view_ids text[] not null,
  updated_at timestamptz not null,
  primary key (workspace_id, of_id)
);
select app.tenant_table('view_order');
