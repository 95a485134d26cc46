import { beforeAll, describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { cast, type Cast } from "../../kernel/testing/cast.ts";
import { newId } from "../../kernel/ids.ts";
import { call, settle, the, useProgram } from "../../kernel/testing/program.ts";
import { make, merged, valuesOf } from "./testing.ts";

useProgram();
const { leads, duplicates, changes, fields } = contract;

let people: Cast;
beforeAll(async () => {
  people = await cast();
  await call(people.ada, fields.create, { key: "vat", label: "VAT", type: "text", unique: true });
  await call(people.ada, fields.create, { key: "plan", label: "Plan", type: "text" });
});
const mail = () => `${newId()}@example.com`;

async function timeline(id: string) {
  const { body } = await call(people.max, leads.timeline, { id, limit: 200 });
  return body.data.map(({ name }) => name);
}

describe("a preview", () => {
  test("shows the lead as it will be, where the two differ, and what joins", async () => {
    const one = await make(people.ada, { email: mail(), first_name: "Ada", city: "Bonn", tags: ["B", "a"] });
    const other = await make(people.ada, {
      email: mail(),
      first_name: "Adam",
      company: "Acme",
      tags: ["A", "c"],
      attributes: { plan: "pro" },
    });
    await call(people.max, leads.notes.create, { id: other.id, body: "<p>Hello</p>" });
    const ask = { id: one.id, other_id: other.id, choices: { first_name: "other" as const } };
    const { body } = await call(people.max, duplicates.preview, ask);
    expect(body.fields).toEqual([
      { field: "email", this: one.email, other: other.email, taken: "this" },
      { field: "first_name", this: "Ada", other: "Adam", taken: "other" },
    ]);
    expect(body.joins).toMatchObject({ notes: 1, tags: ["c"] });
    expect(body.joins.events).toBeGreaterThan(1);
    expect((await valuesOf(people.max, one.id)).first_name).toBe("Ada");
    const { lead } = await merged(people.max, { ...ask });
    const { updated_at: _u, revision: _r, ...will } = body.lead;
    const { updated_at: _v, revision: _s, ...is } = lead;
    expect(is).toEqual(will);
    expect(is).toMatchObject({
      email: one.email,
      first_name: "Adam",
      company: "Acme",
      city: "Bonn",
      tags: ["a", "B", "c"],
    });
  });

  test("names what can't be chosen", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { phone: "+4930111" });
    const ask = async (choices: Record<string, "this" | "other">) => {
      const { status, problem } = await call(people.max, duplicates.preview, {
        id: one.id,
        other_id: other.id,
        choices,
      });
      return [status, problem.errors.map(({ path, code }) => [path, code])];
    };
    expect(await ask({ nose: "this", "attributes.nose": "other" })).toEqual([
      422,
      [
        ["choices.nose", "unknown_field"],
        ["choices.attributes.nose", "unknown_field"],
      ],
    ]);
    expect(await ask({ email: "other", phone: "this" })).toEqual([422, [["choices", "identifier_required"]]]);
  });
});

describe("a merge", () => {
  test("joins values, addresses, tags, points, notes and timelines, and can be found in history and audit log", async () => {
    const one = await make(people.ada, { email: mail(), tags: ["One"] });
    const other = await make(people.ada, {
      phone: "+4930222",
      owner_id: people.rep.member_id,
      tags: ["Two"],
      attributes: { vat: "V-1" },
    });
    const { body: note } = await call(people.rep, leads.notes.create, {
      id: other.id,
      body: "<p>Theirs</p>",
    });
    await the().ownerPool.query(
      "insert into lead_stat (workspace_id, lead_id, score, last_seen_at) values ($1, $2, 30, '2026-01-01'), ($1, $3, 25, '2026-02-01')",
      [people.workspace_id, one.id, other.id],
    );
    const { lead, change_set_id } = await merged(people.max, { id: one.id, other_id: other.id });
    expect(lead).toMatchObject({
      email: one.email,
      phone: "+4930222",
      owner_id: people.rep.member_id,
      tags: ["One", "Two"],
      score: 55,
      tier: "hot",
      last_seen_at: "2026-02-01T00:00:00.000Z",
      attributes: { vat: "V-1" },
    });
    const { body: notes } = await call(people.max, leads.notes.list, { id: one.id });
    expect(notes.data.map((each) => [each.id, each.lead_id])).toEqual([[note.id, one.id]]);
    const edit = { id: one.id, note_id: note.id, body: "<p>Edited</p>" };
    expect((await call(people.rep, leads.notes.update, edit)).body.lead_id).toBe(one.id);
    expect((await timeline(one.id)).toSorted()).toEqual(
      [
        "lead.created",
        "lead.created",
        "tag.added",
        "tag.added",
        "note.added",
        "note.edited",
        "lead.merged",
        "lead.assigned",
      ].toSorted(),
    );
    const { body: set } = await call(people.max, changes.show, { id: change_set_id });
    expect(set).toMatchObject({
      kind: "merge",
      state: "done",
      summary: "Merge two leads",
      can_undo: true,
      merged: { lead_id: one.id, other_id: other.id },
      made_by: { name: "Max" },
    });
    const { body: audit } = await call(people.ada, contract.audit.list, {
      name: "lead.merged",
      lead_id: one.id,
    });
    expect(audit.data[0]).toMatchObject({
      actor: { name: "Max" },
      subject_id: other.id,
      data: { from: other.id, change_set_id, changes: { phone: { from: null, to: "+4930222" } } },
    });
    await settle();
    const { body: found } = await call(people.max, leads.search, { query: "4930222" });
    expect(found.data.map((each) => each.id)).toEqual([one.id]);
  });

  test("leaves the other out of sight: not listed, not in the bin, its address free, its link leading on", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { email: mail() });
    await merged(people.max, { id: one.id, other_id: other.id });
    for (const gone of [
      await call(people.max, leads.show, { id: other.id }),
      await call(people.max, leads.update, { id: other.id, city: "x" }),
      await call(people.max, leads.timeline, { id: other.id }),
      await call(people.max, leads.restore, { id: other.id }),
      await call(people.max, leads.remove, { id: other.id }),
    ]) {
      expect([gone.status, gone.problem.code, gone.problem["lead_id"]]).toEqual([404, "lead_merged", one.id]);
    }
    const { body } = await call(people.max, contract.bin.list, { limit: 200 });
    expect(body.data.map((lead) => lead.id)).not.toContain(other.id);
    expect((await make(people.ada, { email: other.email })).id).not.toBe(other.id);
    expect((await call(people.rival, leads.show, { id: other.id })).problem).toMatchObject({
      code: "not_found",
      detail: "There is no such lead.",
    });
    await call(people.max, leads.remove, { id: one.id });
    expect((await call(people.max, leads.show, { id: other.id })).problem.code).toBe("not_found");
  });

  test("is refused with itself, with what isn't there, twice, and of leads changed since they were looked at", async () => {
    const { max, ada, rival } = people;
    const one = await make(ada, { email: mail() });
    const other = await make(ada, { email: mail() });
    const ask = async (id: string, other_id: string, more: object = {}, headers = {}) => {
      const { status, problem } = await call(max, duplicates.merge, { id, other_id, ...more }, headers);
      return [status, problem.code];
    };
    expect(await ask(one.id, one.id)).toEqual([422, "invalid"]);
    expect(await ask(one.id, newId())).toEqual([404, "not_found"]);
    const foreign = (await call(rival, leads.create, { email: mail() })).body.id;
    expect(await ask(one.id, foreign)).toEqual([404, "not_found"]);
    expect(await ask(foreign, one.id)).toEqual([404, "not_found"]);
    const binned = await make(ada, { email: mail() });
    await call(max, leads.remove, { id: binned.id });
    expect(await ask(one.id, binned.id)).toEqual([404, "not_found"]);
    await call(ada, leads.update, { id: one.id, city: "Bonn" });
    await call(ada, leads.update, { id: other.id, city: "Kiel" });
    expect(await ask(one.id, other.id, {}, { "if-match": '"1"' })).toEqual([412, "changed_meanwhile"]);
    expect(await ask(one.id, other.id, { other_revision: 1 })).toEqual([412, "changed_meanwhile"]);
    expect(await ask(one.id, other.id, { other_revision: 2 }, { "if-match": '"2"' })).toEqual([
      200,
      undefined,
    ]);
    expect(await ask(one.id, other.id)).toEqual([404, "lead_merged"]);
    expect(await ask(other.id, one.id)).toEqual([404, "lead_merged"]);
  });

  test("at once in both directions: one of them, and nothing is lost", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { phone: "+4930333" });
    const answers = await Promise.all([
      call(people.max, duplicates.merge, { id: one.id, other_id: other.id }),
      call(people.ada, duplicates.merge, { id: other.id, other_id: one.id }),
    ]);
    expect(new Set(answers.map((each) => each.status))).toEqual(new Set([200, 404]));
    const lead = answers.find((each) => each.status === 200)?.body.lead;
    expect(lead).toMatchObject({ email: one.email, phone: "+4930333" });
  });

  test("is for managers", async () => {
    const one = await make(people.ada, { email: mail() });
    const other = await make(people.ada, { email: mail() });
    for (const who of [people.rep, people.viewer]) {
      expect((await call(who, duplicates.merge, { id: one.id, other_id: other.id })).status).toBe(403);
      expect((await call(who, duplicates.preview, { id: one.id, other_id: other.id })).status).toBe(403);
    }
    const { change_set_id } = await merged(people.max, { id: one.id, other_id: other.id });
    expect((await call(people.rep, changes.undo, { id: change_set_id })).status).toBe(403);
    expect((await call(people.rival, changes.undo, { id: change_set_id })).status).toBe(404);
  });

  test("an agent who sees their own leads only reads what joined one of them, but isn't led to others'", async () => {
    const own = await cast();
    await call(own.ada, contract.identity.workspace.update, { agents_see_own: true });
    const mine = await make(own.ada, { email: mail(), owner_id: own.rep.member_id });
    const theirs = await make(own.ada, { email: mail(), owner_id: own.max.member_id });
    await call(own.ada, leads.notes.create, { id: theirs.id, body: "<p>Joined</p>" });
    await merged(own.max, { id: mine.id, other_id: theirs.id });
    expect((await call(own.rep, leads.notes.list, { id: mine.id })).body.data).toHaveLength(1);
    expect(
      (await call(own.rep, leads.timeline, { id: mine.id })).body.data.map(({ name }) => name),
    ).toContain("note.added");
    const second = await make(own.ada, { email: mail(), owner_id: own.rep.member_id });
    const kept = await make(own.ada, { email: mail(), owner_id: own.max.member_id });
    await merged(own.max, { id: kept.id, other_id: second.id });
    expect((await call(own.rep, leads.show, { id: second.id })).problem.code).toBe("not_found");
  });
});
