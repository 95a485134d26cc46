/** Real and hostile files, from beside the project; where they are missing these tests say that they were skipped. */
import { existsSync, readFileSync } from "node:fs";
import { contract } from "@bellwether/contracts";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { signUp } from "../../kernel/testing/cast.ts";
import { call, useProgram } from "../../kernel/testing/program.ts";
import { check, importAll, leadBy, leadsOf, proposed, upload } from "./testing.ts";

useProgram();

const data = new URL("../../../../../../shared/data/leads/", import.meta.url);
const here = existsSync(data);
const Manifest = z.array(
  z.object({
    file: z.string(),
    rows: z.array(z.record(z.string(), z.string())).optional(),
    leads: z.int().optional(),
    error: z.boolean().optional(),
  }),
);
const manifest = here
  ? Manifest.parse(JSON.parse(readFileSync(new URL("messy/manifest.json", data), "utf8")))
  : [];
const read = (path: string) => readFileSync(new URL(path, data));
/** How a file of one record a line begins. */
const first = (records: number, path: string) =>
  Buffer.from(
    read(path)
      .toString("latin1")
      .split("\n")
      .slice(0, records + 1)
      .join("\n"),
    "latin1",
  );

type Entry = z.infer<typeof Manifest>[number];
const named = (entries: Entry[]) => entries.map((entry): [string, Entry] => [entry.file, entry]);

describe.skipIf(!here)("messy files (shared/data)", () => {
  test.each(named(manifest.filter((entry) => entry.error === true)))(
    "%s is refused in words",
    async (file) => {
      const { member: ada } = await signUp("Ada");
      const draft = await upload(ada, read(`messy/${file}`), file);
      expect([draft.status, draft.problem.code]).toEqual([415, "unsupported_file"]);
    },
  );

  test.each(named(manifest.filter((entry) => entry.error !== true)))("%s", async (file, { rows, leads }) => {
    const { member: ada } = await signUp("Ada");
    const bytes = read(`messy/${file}`);
    const draft = await upload(ada, bytes, file);
    const done = await importAll(ada, bytes, proposed(draft.body), { default_country: "DE" });
    const results = Object.values(done.result ?? {});
    expect(results.reduce((sum, count) => sum + count, 0)).toBe(done.check?.rows);
    const all = await leadsOf(ada);
    expect(all.count?.value).toBe(leads ?? done.result?.created ?? 0);
    const codes = done.check?.problems.map((problem) => problem.code) ?? [];
    const wrong = (rows ?? []).filter((row) => {
      const lead = all.data.find((one) => one.email === row["email"]);
      // A local number that doesn't exist is refused openly; every other row arrives as it was written.
      if (lead === undefined) return !codes.includes("phone_invalid");
      const got: Record<string, unknown> = { ...lead, ...lead.attributes };
      return Object.entries(row).some(([name, value]) => name !== "phone" && got[name] !== value);
    });
    expect(wrong).toEqual([]);
  });

  test("29-dates-and-numbers: what can be read in two ways or not at all is reported", async () => {
    const { member: ada } = await signUp("Ada");
    const checked = await check(ada, read("messy/29-dates-and-numbers.csv"), [
      { index: 0, field: "email" },
      { index: 1, new_field: { key: "made", label: "Made", type: "datetime" } },
      { index: 2, new_field: { key: "birthday", label: "Birthday", type: "date" } },
      { index: 3, new_field: { key: "deal", label: "Deal", type: "money" } },
      { index: 4, new_field: { key: "news", label: "News", type: "yes_no" } },
    ]);
    const found = checked.check?.problems.map((problem) => `${problem.column}: ${problem.code}`).toSorted();
    expect(found).toEqual([
      "birthday: date_ambiguous",
      "birthday: date_impossible",
      "birthday: date_without_year",
      "deal_value: number_invalid",
    ]);
  });

  test.each([
    "hubspot-crm-exports-all-contacts",
    "mailchimp_subscribed_members_export",
    "google-contacts-new-layout",
  ])("%s: everybody arrives by the proposals alone", async (name) => {
    const { member: ada } = await signUp("Ada");
    const draft = (await upload(ada, read(`exports/${name}.csv`))).body;
    // The owner is somebody of the other product's workspace.
    const columns = proposed(draft).map((one) =>
      "field" in one && one.field === "owner_id" ? { index: one.index, skip: true as const } : one,
    );
    const done = await importAll(ada, read(`exports/${name}.csv`), columns);
    expect(done.result).toMatchObject({ created: 4, rejected: 0 });
    expect(await leadBy(ada, "siobhan@example.ie")).toMatchObject({
      first_name: "Siobhán",
      last_name: "O'Brien-Smith",
      phone: "+35315550100",
    });
  });

  test("a thousand leads of another CRM, its dates and local phones understood", async () => {
    const { member: ada } = await signUp("Ada");
    const done = await importAll(ada, first(1000, "crm-tables/Leads.csv"), undefined, {
      default_country: "US",
    });
    expect(done.check?.rows).toBe(1000);
    expect(done.result?.created).toBeGreaterThan(700);
    expect(done.check?.problems.map((problem) => problem.code)).not.toContain("date_invalid");
    expect(await leadBy(ada, "garyldenson@cuvox.de")).toMatchObject({
      phone: "+16604850224",
      company: "Maurice The Pants Man",
      attributes: {
        website: "https://CameraUpdate.com",
        created_time: "2021-04-14T22:03:00.000Z",
        converted: true,
      },
    });
  });

  test("five thousand people called by a bank, numbered, every column a field of its own", async () => {
    const { member: ada } = await signUp("Ada");
    const file = first(5_000, "bank-full.csv");
    const draft = (await upload(ada, file)).body;
    expect(draft.dialect).toMatchObject({ delimiter: ";", header_row: 1 });
    const done = await importAll(ada, file, proposed(draft), { number_rows: "bank" });
    expect(done.check).toMatchObject({ rows: 5_000, create: 5_000, invalid: 0, problems: [] });
    expect(done.result).toMatchObject({ created: 5_000, rejected: 0 });
    const fields = (await call(ada, contract.fields.list, {})).body.data;
    expect(Object.fromEntries(fields.map((field) => [field.key, field.type]))).toMatchObject({
      age: "number",
      job: "choice",
      default: "yes_no",
      poutcome: "choice",
      y: "yes_no",
    });
  });
});
