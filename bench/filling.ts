// What a dataset is filled with: believable leads, made by PostgreSQL from their number alone, so that every run has the
// same ones. Names and companies are skewed as real ones are: some are everywhere, most are rare.
import type pg from "pg";

interface BenchField {
  key: string;
  type: string;
  options?: string[];
  /** The spare column of `lead` that mirrors it; a field without one is not fast. */
  slot?: string;
  /** Its value as JSON, from `n` (the lead's number, from 1) and `spread` (an even 0 … 1); null: no value. */
  value: string;
}

const industries = ["SaaS", "Retail", "Health", "Energy", "Media", "Travel", "Banking", "Food"];
const interests = ["pricing", "support", "api", "security", "hosting", "training"];

/** Twelve of every type; eight are fast, as an admin would have marked them. */
export const benchFields: BenchField[] = [
  {
    key: "industry",
    type: "text",
    slot: "t1",
    value: `to_jsonb(case when n % 50000 = 0 then 'Rockets' else ${pickOf(industries, "n * 29")} end)`,
  },
  { key: "seats", type: "number", slot: "n1", value: "to_jsonb((n * 37) % 1000)" },
  {
    key: "plan",
    type: "choice",
    options: ["free", "pro", "team"],
    slot: "t2",
    value: `to_jsonb(${pickOf(["free", "pro", "team"], "n * 11")})`,
  },
  {
    key: "renewal",
    type: "date",
    slot: "n2",
    value: "to_jsonb(to_char(date '2026-01-01' + ((n * 41) % 700)::int, 'YYYY-MM-DD'))",
  },
  { key: "paying", type: "yes_no", slot: "n3", value: "to_jsonb(n % 5 = 0)" },
  { key: "site", type: "url", slot: "t3", value: "to_jsonb('https://c' || n % 20011 || '.example.com')" },
  {
    key: "revenue",
    type: "money",
    slot: "n4",
    value: "case when n % 3 > 0 then to_jsonb(round((10 ^ (2 + 5 * spread))::numeric, 2)) end",
  },
  {
    key: "last_call",
    type: "datetime",
    slot: "n5",
    value: `case when n % 4 = 1 then to_jsonb(to_char(timestamp '2026-01-01' + make_interval(secs => (n * 6947) % 31000000), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end`,
  },
  {
    key: "interests",
    type: "choices",
    options: interests,
    value: `case when n % 2 = 0 then to_jsonb(array[${pickOf(interests, "n * 7")}, ${pickOf(interests, "n * 7 + 1 + n % 2")}]) end`,
  },
  {
    key: "campaign",
    type: "text",
    value: `to_jsonb(${pickOf(["spring", "summer", "autumn", "winter"], "n * 3")} || ' campaign ' || n % 89)`,
  },
  { key: "employees", type: "number", value: "case when n % 10 < 7 then to_jsonb((n * 53) % 5000) end" },
  {
    key: "trial_end",
    type: "date",
    value:
      "case when n % 20 = 3 then to_jsonb(to_char(date '2025-06-01' + ((n * 17) % 900)::int, 'YYYY-MM-DD')) end",
  },
];

const first_names =
  "Ada,Ben,Cleo,Dara,Eli,Fay,Gus,Hana,Ian,Joy,Jürgen,Zoë,José,Anna,Marie,Lukas,Sofia,Mateo,Emma,Noah,Olivia,Liam,Amélie,Björn,Chiara,Dmitri,Elif,Farid,Greta,Håkon,Ines,Jamal,Kenji,Leila,Mira,Nadia,Oscar,Priya,Quentin,Rosa".split(
    ",",
  );
const beginnings =
  "Mül,Schmi,Berg,Gar,Smi,John,Mar,Fer,Kow,Nov,Lind,Sor,Han,Tan,Wal,Rich,Bau,Krü,Dub,Per,Mor,Ros,San,Kim,Wei,Fisch,Hoff,Lam,Bren,Van,Oli,Cas,Del,Gru,Hart,Iva,Jan,Kel,Lor,Pet".split(
    ",",
  );
const middles = "le,der,ci,th,so,ti,nan,al,a,gre,en,se,ner,ard,er,ge,is,re,an,o".split(",");
const ends =
  "r,mann,a,son,ez,ski,berg,feld,stein,quist,dez,y,e,t,ini,ley,ov,sen,wick,ham,ton,man,hardt,meier,bach,hofer,lin,gren,strom,dal".split(
    ",",
  );
const trades =
  "Acme,Global,Nordic,Blue,Solar,Delta,Prime,Urban,Alpine,Pacific,Vertex,Quantum,Stellar,Harbor,Granite,Maple,Falcon,Orbit,Cedar,Summit,Nova,Aurora,Titan,Zenith,Coral,Iron,Silver,Golden,Green,Rapid".split(
    ",",
  );
const works =
  "Logistics,Foods,Software,Media,Energy,Health,Travel,Robotics,Textiles,Consulting,Analytics,Motors,Pharma,Design,Studios,Systems,Networks,Materials,Finance,Print,Farms,Labs,Partners,Garden,Optics".split(
    ",",
  );

function pickOf(names: string[], by: string): string {
  return `(array[${names.map((name) => `'${name}'`).join(",")}])[1 + (${by}) % ${names.length}]`;
}

/** Skewed: the first names of a list are met most. `salt` makes the choices independent of each other. */
function often(names: string[], salt: number): string {
  return pickOf(names, `floor(${names.length} * power(${evenly(salt)}, 2))::int`);
}

/** An even 0 … 1 out of the lead's number (Knuth's multiplicative hash). */
function evenly(salt: number): string {
  return `((((n + ${salt * 7919}) * 2654435761) % 4294967296) / 4294967296.0)::float8`;
}

const uuid = `('01900000-' || lpad(to_hex(n >> 16), 4, '0') || '-7' || lpad(to_hex((n >> 4) & 4095), 3, '0') || '-8' || lpad(to_hex(n & 15), 3, '0') || '-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** Everything there is about `count` leads of this workspace. Indexes are built once they are in: four times as fast. */
export async function fill(
  owner: pg.Client,
  made: { workspace_id: string; member_id: string },
  count: number,
): Promise<void> {
  await owner.query("set maintenance_work_mem = '1GB'");
  // Foreign keys hold by themselves here; checked row by row they take as long as the rows.
  await owner.query("set session_replication_role = replica");
  await fillFields(owner, made.workspace_id);
  const rebuild = await withoutIndexes(owner, ["lead", "lead_stat", "lead_search", "lead_tag"]);
  await fillLeads(owner, made, count);
  await fillBeside(owner, made.workspace_id);
  await rebuild();
  await owner.query("reset session_replication_role");
  for (const table of ["lead", "lead_stat", "lead_search", "lead_tag"]) {
    await owner.query(`vacuum analyze ${table}`);
  }
}

async function fillFields(owner: pg.Client, workspace_id: string): Promise<void> {
  for (const [position, field] of benchFields.entries()) {
    const options = (field.options ?? []).map((value) => ({ value, label: value }));
    await owner.query(
      `insert into field (workspace_id, key, label, type, options, position, slot, slot_state)
       values ($1, $2, initcap($2), $3, $4, $5, $6, case when $6::text is not null then 'ready' end)`,
      [workspace_id, field.key, field.type, JSON.stringify(options), position + 1, field.slot ?? null],
    );
  }
}

/** @returns what builds them again. Those that hold a constraint stay. */
async function withoutIndexes(owner: pg.Client, tables: string[]): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index
     where indrelid::regclass::text = any($1) and not exists (select from pg_constraint where conindid = indexrelid)`,
    [tables],
  );
  for (const { name } of rows) {
    await owner.query(`drop index ${name}`);
  }
  return async () => {
    for (const { definition } of rows) {
      await owner.query(definition);
    }
  };
}

async function fillLeads(
  owner: pg.Client,
  { workspace_id, member_id }: { workspace_id: string; member_id: string },
  count: number,
): Promise<void> {
  const attributes = `jsonb_strip_nulls(jsonb_build_object(${benchFields.map(({ key, value }) => `'${key}', ${value}`).join(", ")}))`;
  const fast = benchFields.filter((field) => field.slot !== undefined);
  // Three years of leads, the newest a moment ago; changed at any time since.
  await owner.query(
    `insert into lead (workspace_id, id, email, first_name, last_name, company, phone, owner_id, stage, final, held_stage, held_owner, source, country, city, qualification, external_id,
       attributes, created_by, created_at, updated_at, stage_since${fast.map((field) => `, ${field.slot}`).join("")})
     select $1, id,
       app.folded(first_name || '.' || last_name || n || '@' || replace(company, ' ', '-') || '.example'),
       first_name, last_name, company, '+4930' || (10000000 + n), owner_id, stage, stage in ('converted', 'lost'), case when stage in ('converted', 'lost') then stage end, case when stage in ('converted', 'lost') then owner_id end,
       ${pickOf(["web", "ads", "event", "referral"], "n * 17")}, ${pickOf(["DE", "FR", "US", "GB", "PL", "ES"], "n * 13")}, 'City ' || n % 997,
       case when n % 3 = 0 then (n * 43) % 101 end, case when n % 2 = 0 then 'crm-' || n end,
       attributes, '{"kind":"system","id":null,"name":"Bench"}',
       now() - ($2::bigint - n) * interval '3 years' / $2::bigint, now() - ((n * 7919) % $2::bigint) * interval '3 years' / $2::bigint, now() - ((n * 7919) % $2::bigint) * interval '3 years' / $2::bigint${fast.map((field) => `, ${mirror(field)}`).join("")}
     from (
       select n, ${uuid} as id, case when n % 4 = 0 then $3::uuid end as owner_id,
         ${pickOf(["new", "new", "new", "contacted", "contacted", "qualifying", "qualified", "follow_up", "converted", "lost"], "n * 31")} as stage, ${often(first_names, 1)} as first_name,
         ${often(beginnings, 2)} || ${often(middles, 3)} || ${often(ends, 4)} as last_name,
         ${often(trades, 5)} || ' ' || ${often(works, 6)} || case when n % 3 > 0 then ' ' || (n * 7919) % 211 else '' end as company,
         ${attributes} as attributes
       from (select n, ${evenly(9)} as spread from generate_series(1::bigint, $2::bigint) n) numbered
       -- Made once, not again at each place that names it.
       offset 0
     ) lead`,
    [workspace_id, count, member_id],
  );
}

function mirror({ key, type }: BenchField): string {
  const text = `(attributes ->> '${key}')`;
  switch (type) {
    case "number":
    case "money":
      return `${text}::float8`;
    case "date":
      return `(${text}::date - date '1970-01-01')::float8`;
    case "datetime":
      return `(extract(epoch from ${text}::timestamptz) * 1000)::float8`;
    case "yes_no":
      return `${text}::bool::int::float8`;
    default:
      return text;
  }
}

async function fillBeside(owner: pg.Client, workspace_id: string): Promise<void> {
  const worded = benchFields
    .filter(({ type }) => ["text", "url", "choice", "choices"].includes(type))
    .map(({ key, type }) =>
      type === "choices"
        ? `(select string_agg(v, ' ') from jsonb_array_elements_text(attributes -> '${key}') v)`
        : `attributes ->> '${key}'`,
    )
    .join(", ");
  await owner.query(
    `insert into lead_stat (workspace_id, lead_id, score, last_seen_at)
     select workspace_id, id, (hashtext(id::text) & 127) * (hashtext(id::text) >> 8 & 127) / 162, now() - (hashtext(id::text) & 65535) * interval '30 minutes'
     from lead where workspace_id = $1 and hashtext(id::text) % 2 = 0`,
    [workspace_id],
  );
  await owner.query(
    `insert into lead_search (workspace_id, lead_id, words)
     select workspace_id, id,
       app.folded(concat_ws(' ', first_name, last_name, company, external_id, ${worded})) || E'\\n' || app.folded(concat_ws(' ', email, phone))
     from lead where workspace_id = $1`,
    [workspace_id],
  );
  await owner.query(
    "insert into lead_count (workspace_id, stage, owner_id, leads) select workspace_id, stage, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), count(*) from lead where workspace_id = $1 group by 1, 2, 3",
    [workspace_id],
  );
  // Nothing is left for the worker to make anew.
  await owner.query(
    "insert into word_refresh (workspace_id, version) values ($1, 1) on conflict (workspace_id) do update set version = 1, after = null",
    [workspace_id],
  );
  // One lead in five, a hundred, a thousand and 50,000.
  for (const [name, every] of [
    ["newsletter", 5],
    ["vip", 100],
    ["partner", 1000],
    ["press", 50_000],
  ] as const) {
    await owner.query(
      `with made as (
         insert into tag (workspace_id, id, name, name_key) values ($1, gen_random_uuid(), $2, $2) returning id
       )
       insert into lead_tag (workspace_id, lead_id, tag_id)
       select $1, lead.id, made.id from lead, made
       where lead.workspace_id = $1 and right(lead.phone, 8)::int % $3 = 0`,
      [workspace_id, name, every],
    );
  }
}
