import { describe, expect, test } from "vitest";
import { contract } from "@bellwether/contracts";
import { signUp } from "../../kernel/testing/cast.ts";
import { call, useProgram } from "../../kernel/testing/program.ts";
import { check, importAll, leadBy } from "./testing.ts";

/** Files move leads as people do: asked the same, refused the same, and told of. */
useProgram();
const { leads, stages } = contract;
const movesOf = async (who: Parameters<typeof leadBy>[0], email: string) =>
  (await call(who, leads.moves, { id: (await leadBy(who, email))?.id ?? "" })).body.data;

describe("rows that enter a stage", () => {
  test("which asks why are refused without a reason; a column or the import gives it", async () => {
    const { member: ada } = await signUp("Ada");
    const file = "email,stage,lost reason\na@x.io,Lost,Price\nb@x.io,Lost,\nc@x.io,New,\n";
    const without = await importAll(ada, file);
    expect(without.check).toMatchObject({
      create: 2,
      invalid: 1,
      problems: [{ code: "reason_missing", count: 1, samples: [{ line: 3, value: "lost" }] }],
    });
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ stage: "lost", lost_reason: "Price" });
    expect(await leadBy(ada, "b@x.io")).toBeUndefined();
    await importAll(ada, file, undefined, { lost_reason: "Old file" });
    expect(await leadBy(ada, "b@x.io")).toMatchObject({ stage: "lost", lost_reason: "Old file" });
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ lost_reason: "Price" });
  });

  test("which asks for a value are refused where neither the row nor the lead has it", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, stages.update, { key: "qualified", required_fields: ["company"] });
    await call(ada, leads.create, { email: "has@x.io", company: "Acme" });
    const done = await importAll(
      ada,
      "email,stage,company\nhas@x.io,Qualified,\nnew@x.io,Qualified,\nwith@x.io,Qualified,Bolt\nfirst@x.io,,\n",
    );
    expect(done.check).toMatchObject({ create: 2, update: 1, problems: [{ code: "stage_asks", count: 1 }] });
    expect((await leadBy(ada, "has@x.io"))?.stage).toBe("qualified");
    expect((await leadBy(ada, "first@x.io"))?.stage).toBe("new");
  });
});

describe("rows of leads that are there", () => {
  test("move them on, with the move kept, and never back unless asked to", async () => {
    const { member: ada } = await signUp("Ada");
    await importAll(ada, "email,stage\na@x.io,Contacted\nb@x.io,New\n");
    const file = "email,stage,city\na@x.io,New,Ulm\nb@x.io,Qualifying,Kiel\n";
    await importAll(ada, file);
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ stage: "contacted", city: "Ulm" });
    expect(await leadBy(ada, "b@x.io")).toMatchObject({ stage: "qualifying", city: "Kiel" });
    expect(await movesOf(ada, "b@x.io")).toMatchObject([
      { from: "new", to: "qualifying", how: "import", actor: { kind: "import" } },
    ]);
    expect(await movesOf(ada, "a@x.io")).toEqual([]);
    await importAll(ada, file, undefined, { move_back: true });
    expect((await leadBy(ada, "a@x.io"))?.stage).toBe("new");
    expect((await importAll(ada, file)).result).toMatchObject({ unchanged: 2 });
  });

  test("stay in final stages with their owner, and can be lost by a file", async () => {
    const { member: ada } = await signUp("Ada");
    const owner = ada.email;
    await importAll(ada, `email,stage,owner\na@x.io,Converted,${owner}\nb@x.io,New,\n`);
    const checked = await check(ada, "email,stage\na@x.io,Lost\nb@x.io,Lost\n", undefined, {
      lost_reason: "Bulk",
      owner_id: null,
    });
    expect(checked.check).toMatchObject({
      update: 1,
      unchanged: 1,
      problems: [{ code: "stage_kept", count: 1 }],
    });
    await importAll(ada, "email,stage\na@x.io,Lost\nb@x.io,Lost\n", undefined, { lost_reason: "Bulk" });
    expect(await leadBy(ada, "a@x.io")).toMatchObject({ stage: "converted", owner_id: ada.member_id });
    expect(await leadBy(ada, "b@x.io")).toMatchObject({ stage: "lost", lost_reason: "Bulk" });
    expect((await movesOf(ada, "b@x.io"))[0]).toMatchObject({ to: "lost", reason: "Bulk" });
  });

  test("new leads begin at the first open stage, whatever its key", async () => {
    const { member: ada } = await signUp("Ada");
    await call(ada, stages.remove, { key: "new" });
    await importAll(ada, "email\na@x.io\n");
    expect((await leadBy(ada, "a@x.io"))?.stage).toBe("contacted");
  });
});
