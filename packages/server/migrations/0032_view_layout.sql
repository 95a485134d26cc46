-- A view is a list or a board, and remembers which; what its cards show is part of it. Null: the board chooses by itself.
alter table view
  add column layout text not null default 'list' check (layout in ('list', 'board')),
  add column card_fields text[];
