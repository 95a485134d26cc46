import type pg from "pg";
import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "./kernel/testing/cast.ts";
import { call, the, useProgram } from "./kernel/testing/program.ts";

/** Whose data is whose, asked of PostgreSQL itself: what is true here holds whatever a query forgets. */
useProgram();

/** Accounts and sessions are people's, the rest is bookkeeping of the program: everything else belongs to a workspace. */
const withoutWorkspace = [
  "auth_account",
  "auth_session",
  "auth_user",
  "auth_verification",
  "event_reader",
  "migration",
];

async function ask<T>(query: string, values: unknown[] = []): Promise<T[]> {
  const { rows } = await the().ownerPool.query(query, values);
  return rows as T[];
}

const tables = `
  select c.oid, c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p')`;
const tenantTables = `select * from (${tables}) t where t.name <> all('{${withoutWorkspace.join(",")}}')`;
const columnAt = (place: string) =>
  `(select attname from pg_attribute where attrelid = t.oid and attnum = ${place})`;

describe("every table of a workspace", () => {
  test("is known: those without a workspace are written down here", async () => {
    const rows = await ask<{ name: string }>(
      `select t.name from (${tables}) t
       where not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'workspace_id' and a.attnotnull)
       order by name`,
    );
    expect(rows.map((row) => row.name)).toEqual(withoutWorkspace);
    expect((await ask(tenantTables)).length).toBeGreaterThan(15);
  });

  test("has workspace_id first in its primary key, unique indexes and foreign keys, so that it can be distributed", async () => {
    const keys = await ask(
      `select t.name, i.indexrelid::regclass::text as index from (${tenantTables}) t join pg_index i on i.indrelid = t.oid
       where (i.indisunique or i.indisprimary) and ${columnAt("i.indkey[0]")} <> 'workspace_id'`,
    );
    expect(keys).toEqual([]);
    const unkeyed = await ask(
      `select t.name from (${tenantTables}) t where not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
    );
    expect(unkeyed).toEqual([]);
    const references = await ask(
      `select t.name, c.conname from (${tenantTables}) t join pg_constraint c on c.conrelid = t.oid and c.contype = 'f'
       where ${columnAt("c.conkey[1]")} <> 'workspace_id'
          or (select attname from pg_attribute where attrelid = c.confrelid and attnum = c.confkey[1]) <> 'workspace_id'`,
    );
    expect(references).toEqual([]);
  });

  test("has row-level security on and forced, with the three policies of app.tenant_table and no others", async () => {
    expect(await ask(`select name from (${tenantTables}) t where not (secured and forced)`)).toEqual([]);
    const policies = await ask<{ name: string; policies: string }>(
      `select t.name, string_agg(p.policyname || ' ' || lower(p.cmd) || ' to ' || array_to_string(p.roles, ','), '; ' order by p.policyname) as policies
       from (${tenantTables}) t left join pg_policies p on p.schemaname = 'public' and p.tablename = t.name
       group by t.name`,
    );
    const usual =
      "maintenance all to bellwether_owner; scan select to bellwether_scan; tenant all to bellwether_app";
    expect(policies.filter((row) => row.policies !== usual)).toEqual([
      {
        name: "lead",
        policies:
          "maintenance all to bellwether_owner; own all to bellwether_app; scan select to bellwether_scan; tenant all to bellwether_app",
      },
    ]);
  });

  test("has policies without subqueries, which a distributed PostgreSQL refuses", async () => {
    const policies = await ask<{ policyname: string; qual: string; with_check: string | null }>(
      `select policyname, qual, with_check from pg_policies where schemaname = 'public'`,
    );
    expect(policies.length).toBeGreaterThan(45);
    for (const { policyname, qual, with_check } of policies) {
      expect(`${qual} ${with_check ?? ""}`, policyname).not.toMatch(/\b(select|exists)\b/i);
    }
    const tenant = policies.filter((policy) => policy.policyname === "tenant");
    expect(new Set(tenant.flatMap((policy) => [policy.qual, policy.with_check]))).toEqual(
      new Set(["(workspace_id = (NULLIF(current_setting('app.workspace'::text, true), ''::text))::uuid)"]),
    );
  });

  test("has no trigger, and no sequence counts across workspaces", async () => {
    expect(
      await ask(
        `select tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid where c.relnamespace = 'public'::regnamespace and not tgisinternal`,
      ),
    ).toEqual([]);
    expect(
      await ask(
        `select relname from pg_class where relkind = 'S' and relnamespace in ('public'::regnamespace, 'app'::regnamespace, 'staging'::regnamespace)`,
      ),
    ).toEqual([]);
  });
});

describe("the roles", () => {
  test("the server's role bypasses nothing and owns nothing", async () => {
    const flags = "rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin";
    expect(
      await ask(
        `select ${flags} from pg_roles where rolname in ('bellwether_app', 'bellwether_scan') order by rolname`,
      ),
    ).toEqual([
      {
        rolname: "bellwether_app",
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        rolcanlogin: true,
      },
      {
        rolname: "bellwether_scan",
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolreplication: false,
        rolcanlogin: false,
      },
    ]);
    const owned = await ask(
      `select c.relname from pg_class c where pg_get_userbyid(c.relowner) in ('bellwether_app', 'bellwether_scan') and c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)
       union all select p.proname from pg_proc p where pg_get_userbyid(p.proowner) in ('bellwether_app', 'bellwether_scan')`,
    );
    expect(owned).toEqual([]);
  });

  test("it is a member of the scan role without inheriting from it, and of nothing else", async () => {
    const members = await ask(
      `select pg_get_userbyid(roleid) as role, inherit_option, set_option, admin_option from pg_auth_members where member in ('bellwether_app'::regrole, 'bellwether_scan'::regrole)`,
    );
    expect(members).toEqual([
      { role: "bellwether_scan", inherit_option: false, set_option: true, admin_option: false },
    ]);
  });

  test("the scan role may select from the workspaces' tables, and nothing else anywhere", async () => {
    const grants = await ask<{ table_name: string; privilege_type: string }>(
      `select table_name, privilege_type from information_schema.role_table_grants where grantee = 'bellwether_scan' and table_schema in ('public', 'app', 'staging')`,
    );
    expect(new Set(grants.map((grant) => grant.privilege_type))).toEqual(new Set(["SELECT"]));
    expect(grants.filter((grant) => withoutWorkspace.includes(grant.table_name))).toEqual([]);
  });

  test("functions that run as the owner are few, and known", async () => {
    const functions = await ask<{ name: string }>(
      `select p.oid::regproc::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where p.prosecdef and n.nspname in ('app', 'public', 'staging') order by 1`,
    );
    expect(functions.map((row) => row.name)).toEqual([
      "app.enqueue",
      "app.ensure_event_partition",
      "app.forget_answers",
    ]);
  });
});

describe("the server's connection", () => {
  let people: Cast;
  let lead_id: string;
  let rivals_workspace: string;
  beforeAll(async () => {
    people = await cast();
    lead_id = (
      await call(people.ada, contract.leads.create, {
        email: "one@example.com",
        owner_id: people.max.member_id,
      })
    ).body.id;
    await call(people.ada, contract.leads.create, {
      email: "two@example.com",
      owner_id: people.rep.member_id,
    });
    await call(people.ada, contract.leads.create, { email: "three@example.com" });
    rivals_workspace = (await call(people.rival, contract.identity.session)).body.workspace.id;
    await call(people.rival, contract.leads.create, { email: "rival@example.com" });
  });

  /** One transaction of the server's role with these settings; rolled back. */
  async function as<T>(settings: string[], work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await the().db.pool.connect();
    try {
      await client.query(["begin", ...settings].join("; "));
      return await work(client);
    } finally {
      await client.query("rollback");
      client.release();
    }
  }
  const emails = async (client: pg.PoolClient) =>
    (await client.query<{ email: string }>("select email from lead order by email")).rows.map(
      (row) => row.email,
    );
  const inside = (workspace_id: string) => `set local app.workspace = '${workspace_id}'`;
  const refused = async (client: pg.PoolClient, statement: string, values: unknown[] = []) => {
    await client.query("savepoint here");
    const error: unknown = await client.query(statement, values).then(
      () => null,
      (failure: unknown) => failure,
    );
    await client.query("rollback to here");
    return error instanceof Error ? error.message : error;
  };

  test("sees no row of any table while no workspace is chosen, nor when the setting was given back", async () => {
    const names = (await ask<{ name: string }>(tenantTables)).map((row) => row.name);
    for (const settings of [[], ["set local app.workspace = ''"]]) {
      const counts = await as(settings, async (client) => {
        const found: string[] = [];
        for (const name of names) {
          const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${name}`);
          found.push(...(rows[0]?.n === 0 ? [] : [name]));
        }
        return found;
      });
      expect(counts).toEqual([]);
    }
  });

  test("sees only the chosen workspace's rows, and can't write another's", async () => {
    await as([inside(people.workspace_id)], async (client) => {
      expect(await emails(client)).toEqual(["one@example.com", "three@example.com", "two@example.com"]);
      const { rowCount } = await client.query("update lead set city = 'x' where email = 'rival@example.com'");
      expect(rowCount).toBe(0);
      expect(
        await refused(
          client,
          "insert into tag (workspace_id, id, name, name_key) values ($1, gen_random_uuid(), 'x', 'x')",
          [rivals_workspace],
        ),
      ).toMatch(/row-level security/);
      expect(
        await refused(client, "update lead set workspace_id = $1 where id = $2", [rivals_workspace, lead_id]),
      ).toMatch(/row-level security/);
    });
  });

  test("as the scan role sees all and writes nothing, and falls back by itself", async () => {
    await as([inside(people.workspace_id), "set local role bellwether_scan"], async (client) => {
      expect((await emails(client)).length).toBeGreaterThanOrEqual(4);
      for (const statement of [
        "insert into tag (workspace_id, id, name, name_key) values (gen_random_uuid(), gen_random_uuid(), 'x', 'x')",
        "update lead set city = 'x'",
        "delete from note",
        "truncate lead cascade",
      ]) {
        expect(await refused(client, statement), statement).toMatch(/permission denied/);
      }
      expect(await refused(client, "select * from auth_account")).toMatch(/permission denied/);
    });
    await as([inside(people.workspace_id)], async (client) => expect((await emails(client)).length).toBe(3));
  });

  test("shows an agent with the switch on their own and unassigned leads only, reading and writing", async () => {
    await as(
      [inside(people.workspace_id), `set local app.own = '${people.rep.member_id}'`],
      async (client) => {
        expect(await emails(client)).toEqual(["three@example.com", "two@example.com"]);
        expect((await client.query("update lead set city = 'x' where id = $1", [lead_id])).rowCount).toBe(0);
        expect((await client.query("delete from lead where id = $1", [lead_id])).rowCount).toBe(0);
      },
    );
  });

  test("masks contact details where the transaction says so", async () => {
    await as([inside(people.workspace_id), "set local app.masked = 'on'"], async (client) => {
      const { rows } = await client.query(
        "select app.shown_email('ada@example.com') as email, app.shown_phone('+49301234567') as phone",
      );
      expect(rows).toEqual([{ email: "a•••@example.com", phone: "+49•••67" }]);
    });
  });
});
