-- Where a lead went that was merged into another. Such a lead has deleted_at set too, so that it is out of sight and its
-- addresses are free, but it is not in the bin: it comes back when the merge is undone, and goes when the other is erased.
-- No foreign key to the other: it would be looked for at every deletion, row by row.
alter table lead add column merged_into uuid;
create index lead_by_merged on lead (workspace_id, merged_into) where merged_into is not null;

-- What leads are compared by: a lead's keys of each kind, hashed, so that nothing of the person is kept here. Leads that
-- share a key are looked at closer; without foreign key, which would cost the first filling more than the keys do.
create table lead_key (
  workspace_id uuid not null,
  kind smallint not null,
  key bigint not null,
  lead_id uuid not null,
  primary key (workspace_id, lead_id, kind, key)
);
create index lead_by_key on lead_key (workspace_id, kind, key, lead_id);
select app.tenant_table('lead_key');

-- Two leads that may be one person; `lead_a` is the smaller id. A dismissed pair stays, so that it isn't found again.
create table duplicate_pair (
  workspace_id uuid not null,
  id uuid not null,
  lead_a uuid not null,
  lead_b uuid not null,
  reasons text[] not null,
  likeness real not null,
  state text not null check (state in ('suggested', 'dismissed')),
  found_at timestamptz not null,
  primary key (workspace_id, id),
  unique (workspace_id, lead_a, lead_b),
  check (lead_a < lead_b),
  foreign key (workspace_id, lead_a) references lead on delete cascade,
  foreign key (workspace_id, lead_b) references lead on delete cascade
);
create index duplicate_pair_surest on duplicate_pair (workspace_id, state, likeness, id);
create index duplicate_pair_of_other on duplicate_pair (workspace_id, lead_b);
select app.tenant_table('duplicate_pair');

-- How far the first comparison of a workspace's leads is, for those that were there before leads were compared.
create table duplicate_build (
  workspace_id uuid not null references workspace,
  after uuid not null,
  finished_at timestamptz,
  primary key (workspace_id)
);
select app.tenant_table('duplicate_build');
insert into duplicate_build (workspace_id, after) select workspace_id, '00000000-0000-0000-0000-000000000000' from workspace;

-- One mailbox, however its address is spelt. What follows a plus is a label nearly everywhere. Providers that are known
-- to read more spellings as one: Google (dots don't count, googlemail.com is gmail.com), Proton (dots don't count;
-- protonmail.com and pm.me are proton.me), Apple (me.com and mac.com are icloud.com).
create function app.mailbox(email text) returns text language sql immutable parallel safe strict as $$
  select case
    when domain in ('gmail.com', 'googlemail.com') then replace(name, '.', '') || '@gmail.com'
    when domain in ('proton.me', 'protonmail.com', 'pm.me') then replace(name, '.', '') || '@proton.me'
    when domain in ('icloud.com', 'me.com', 'mac.com') then name || '@icloud.com'
    else name || '@' || domain
  end
  from (select regexp_replace(split_part(lower(email), '@', 1), '(.)\+.*$', '\1') as name, split_part(lower(email), '@', 2) as domain) parts
$$;

-- One company, however it is written: without case, accents, punctuation, “the”, “and” and the legal form at the end.
create function app.company_key(company text) returns text language sql immutable parallel safe strict as $$
  select nullif(replace(coalesce(
    nullif(regexp_replace(regexp_replace(plain, '^the | (and|und|et|y) ', ' ', 'g'),
      '( (ltd|limited|llc|inc|incorporated|corp|corporation|co|company|plc|llp|lp|gmbh|mbh|ggmbh|ag|kg|kgaa|ohg|gbr|ug|ek|ev|eg|se|sa|sas|sasu|sarl|srl|spa|sl|slu|bv|nv|ab|as|asa|aps|oy|oyj|ou|uab|sia|doo|dd|sro|zoo|sp z o o|sp z oo|kft|zrt|pty|pte|kk|ltda))+\s*$', ''), ''),
    plain), ' ', ''), '')
  from (select regexp_replace(replace(replace(app.folded(company), '.', ''), '''', '') collate "und-x-icu", '[^[:alnum:]]+', ' ', 'g') as plain) words
$$;

-- A first name as it was given: “Bob” and “Robert” are one. The first word counts; capitals, accents and dots don't.
create function app.given_name(first_name text) returns text language sql immutable parallel safe strict as $$
  select coalesce('{"abby":"abigail","al":"albert","alex":"alexander","sasha":"alexander","sascha":"alexander","andy":"andrew","drew":"andrew","tony":"anthony","becky":"rebecca","ben":"benjamin","benny":"benjamin","beth":"elizabeth","betty":"elizabeth","liz":"elizabeth","lizzy":"elizabeth","eliza":"elizabeth","lisa":"elizabeth","bill":"william","billy":"william","will":"william","willy":"william","liam":"william","bob":"robert","bobby":"robert","rob":"robert","robbie":"robert","bert":"robert","cathy":"catherine","kate":"catherine","katie":"catherine","kathy":"catherine","katherine":"catherine","kathryn":"catherine","charlie":"charles","chuck":"charles","chris":"christopher","christoph":"christopher","christy":"christine","tina":"christine","cindy":"cynthia","dan":"daniel","danny":"daniel","dave":"david","deb":"deborah","debbie":"deborah","dick":"richard","rich":"richard","rick":"richard","ricky":"richard","don":"donald","ed":"edward","eddie":"edward","ted":"edward","fred":"frederick","freddy":"frederick","gabe":"gabriel","gerry":"gerald","jerry":"gerald","greg":"gregory","hans":"johannes","johann":"johannes","hannes":"johannes","harry":"henry","hank":"henry","jack":"john","johnny":"john","jake":"jacob","jim":"james","jimmy":"james","jamie":"james","jeff":"jeffrey","geoff":"jeffrey","geoffrey":"jeffrey","jen":"jennifer","jenny":"jennifer","joe":"joseph","joey":"joseph","jo":"joseph","josh":"joshua","ken":"kenneth","kenny":"kenneth","larry":"lawrence","len":"leonard","leo":"leonard","maggie":"margaret","meg":"margaret","peggy":"margaret","mandy":"amanda","matt":"matthew","max":"maximilian","mike":"michael","mick":"michael","mickey":"michael","michel":"michael","nate":"nathan","nathaniel":"nathan","nick":"nicholas","niko":"nicholas","nicolas":"nicholas","nikolaus":"nicholas","klaus":"nicholas","pam":"pamela","pat":"patrick","pete":"peter","phil":"philip","phillip":"philip","ray":"raymond","ron":"ronald","ronnie":"ronald","sam":"samuel","sammy":"samuel","sandy":"sandra","steve":"steven","stephen":"steven","stefan":"steven","sue":"susan","susie":"susan","suzanne":"susan","terry":"terence","tim":"timothy","tom":"thomas","tommy":"thomas","toby":"tobias","vicky":"victoria","vince":"vincent","walt":"walter","zach":"zachary","zack":"zachary","sepp":"josef","uli":"ulrich","wolfi":"wolfgang","basti":"sebastian","gabi":"gabriele","heini":"heinrich","juergen":"jurgen","joerg":"jorg","pepe":"jose","paco":"francisco","lola":"dolores","ola":"aleksandra","kasia":"katarzyna","gosia":"malgorzata","asia":"joanna"}'::jsonb ->> name, name)
  from (select split_part(replace(app.folded(trim(first_name)), '.', ' '), ' ', 1) as name) first
$$;

-- How much two people's names are alike, 0 to 1. Words count whatever their order, so that swapped first and last names
-- are one; a nickname counts as the name, an initial nearly.
create function app.name_likeness(first_a text, last_a text, first_b text, last_b text) returns real language sql immutable parallel safe as $$
  select greatest(
    similarity(concat_ws(' ', a, last_a), concat_ws(' ', b, last_b)),
    case when given_a = given_b then 0.3 + 0.7 * similarity(last_a, last_b) end,
    case when left(a, 1) = left(b, 1) and (char_length(a) = 1 or char_length(b) = 1) and last_a = last_b then 0.8 end)::real
  from (select app.folded(trim(first_a)) as a, app.folded(trim(first_b)) as b, app.folded(trim(last_a)) as last_a, app.folded(trim(last_b)) as last_b,
    app.given_name(first_a) as given_a, app.given_name(first_b) as given_b) folded
$$;
