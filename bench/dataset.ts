import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { type Config, readConfig } from "../packages/server/src/kernel/config.ts";
import { Database } from "../packages/server/src/kernel/db.ts";
import { startEmbedded } from "../packages/server/src/kernel/embedded.ts";
import { appUrl, migrate } from "../packages/server/src/kernel/migrate.ts";
import { createAccounts, createWorkspaceByHand } from "../packages/server/src/modules/identity/index.ts";

export interface Dataset {
  config: Config;
  ownerUrl: string;
  appUrl: string;
  owner: pg.Client;
  workspace_id: string;
  api_key: string;
  remove(): Promise<void>;
}

/** A database of its own in the temporary folder, with one workspace of `leads` believable leads, made by PostgreSQL. */
export async function makeDataset(leads: number): Promise<Dataset> {
  const dataDir = mkdtempSync(join(tmpdir(), "bellwether-bench-"));
  const config = readConfig({
    BELLWETHER_DATA: dataDir,
    BELLWETHER_RATE_LIMITS: "off",
    BELLWETHER_LOG_LEVEL: "silent",
  });
  const postgres = await startEmbedded(config);
  await migrate(postgres.ownerUrl, config);
  const url = appUrl(postgres.ownerUrl, config);
  const db = new Database(url, { max: 2 });
  const made = await createWorkspaceByHand(db, createAccounts(db, config), {
    name: "Bench",
    time_zone: "Europe/Berlin",
    person: "Bench",
    email: "bench@example.com",
    password: "correct horse battery",
  });
  await db.close();
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  await fill(owner, made.workspace_id, leads);
  return {
    config,
    ownerUrl: postgres.ownerUrl,
    appUrl: url,
    owner,
    ...made,
    async remove() {
      await owner.end();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const uuid = (n: string) =>
  `('01900000-' || lpad(to_hex((${n}) >> 16), 4, '0') || '-7' || lpad(to_hex(((${n}) >> 4) & 4095), 3, '0') || '-8' || lpad(to_hex((${n}) & 15), 3, '0') || '-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

async function fill(owner: pg.Client, workspace_id: string, leads: number): Promise<void> {
  await owner.query(
    "insert into field (workspace_id, key, label, type, options, position) values ($1, 'industry', 'Industry', 'text', '[]', 1), ($1, 'seats', 'Seats', 'number', '[]', 2), ($1, 'plan', 'Plan', 'choice', '[{\"value\":\"free\",\"label\":\"Free\"},{\"value\":\"pro\",\"label\":\"Pro\"},{\"value\":\"team\",\"label\":\"Team\"}]', 3), ($1, 'renewal', 'Renewal', 'date', '[]', 4), ($1, 'paying', 'Paying', 'yes_no', '[]', 5), ($1, 'site', 'Site', 'url', '[]', 6)",
    [workspace_id],
  );
  await owner.query(
    `insert into lead (workspace_id, id, email, first_name, last_name, company, phone, stage, final, held_stage, source, country, city, attributes, created_by, created_at, updated_at, stage_since)
     select $1, ${uuid("n::bigint")},
       'person' || n || '@' || (array['example.com','example.org','mail.example','corp.example'])[1 + n % 4],
       (array['Ada','Ben','Cleo','Dara','Eli','Fay','Gus','Hana','Ian','Joy'])[1 + n % 10],
       'Name' || (n * 7919 % 50021),
       'Company ' || (n * 104729 % 20011),
       '+4930' || (10000000 + n),
       at.stage, at.final, case when at.final then at.stage end,
       (array['web','ads','event','referral'])[1 + (n * 17) % 4],
       (array['DE','FR','US','GB','PL','ES'])[1 + (n * 13) % 6], 'City ' || n % 997,
       jsonb_build_object(
         'industry', (array['SaaS','Retail','Health','Energy','Media','Travel','Banking','Food'])[1 + (n * 29) % 8],
         'seats', (n * 37) % 1000, 'plan', (array['free','pro','team'])[1 + (n * 11) % 3],
         'renewal', to_char(date '2026-01-01' + ((n * 41) % 700)::int, 'YYYY-MM-DD'), 'paying', n % 5 = 0, 'site', 'https://c' || n % 20011 || '.example.com')
         || case when n % 50000 = 0 then '{"industry": "Rockets"}'::jsonb else '{}' end,
       '{"kind":"system","id":null,"name":"Bench"}', now() - make_interval(secs => $2::bigint - n), now() - make_interval(secs => (n * 7919) % $2::bigint), now() - make_interval(secs => (n * 7919) % $2::bigint)
     from generate_series(1::bigint, $2::bigint) n
     cross join lateral (select (array['new','new','new','contacted','contacted','qualifying','qualified','follow_up','converted','lost'])[1 + (n * 31) % 10]) s(stage)
     cross join lateral (select s.stage, s.stage in ('converted', 'lost') as final) at`,
    [workspace_id, leads],
  );
  await owner.query(
    "insert into lead_search select workspace_id, id, app.folded(concat_ws(' ', first_name, last_name, company, job_title, external_id)) || E'\\n' || app.folded(concat_ws(' ', email, phone)) from lead where workspace_id = $1",
    [workspace_id],
  );
  await owner.query(
    "insert into lead_count (workspace_id, stage, owner_id, leads) select workspace_id, stage, coalesce(owner_id, '00000000-0000-0000-0000-000000000000'), count(*) from lead where workspace_id = $1 group by 1, 2, 3",
    [workspace_id],
  );
  await owner.query("vacuum analyze lead");
  await owner.query("vacuum analyze lead_search");
}
