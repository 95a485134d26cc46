/** A part of a change that gives leads to whom the assignment rules say. */
import type { Refused } from "@bellwether/contracts/changes";
import type { Ctx } from "../../kernel/db.ts";
import { type Choice, choose, takenByAny, waitFor } from "../assignment/index.ts";
import { writeOwners } from "./apply.sql.ts";
import type { Refusal } from "./cells.sql.ts";
import { unmet } from "./choose.sql.ts";
import type { ChangeRow, Edit } from "./record.ts";

/** `lead_ids`: locked ones, as PostgreSQL writes an array. */
export async function assignLocked(
  ctx: Ctx,
  set: ChangeRow,
  edit: Edit & { kind: "assign" },
  lead_ids: string,
): Promise<{ changed: number; refused: Refused[] }> {
  const ids = lead_ids.slice(1, -1).split(",");
  const choices = new Map((await choose(ctx, ids)).map((choice) => [choice.lead_id, choice]));
  const left = ids.filter((id) => (choices.get(id)?.owner_id ?? null) === null);
  const given = ids.flatMap((lead_id) => {
    const choice = choices.get(lead_id);
    const owner_id = choice?.owner_id ?? null;
    return owner_id === null ? [] : [{ lead_id, owner_id, how: choice?.rule.name ?? null }];
  });
  const freed = left.map((lead_id) => ({ lead_id, owner_id: null, how: null }));
  if (edit.rest === "unassign") {
    return { changed: await writeOwners(ctx, set, [...given, ...freed]), refused: [] };
  }
  if (edit.waits === true) {
    await waitFor(ctx, [...choices.values()]);
  }
  return { changed: await writeOwners(ctx, set, given), refused: refusedOf(left, choices) };
}

const no_rule = { code: "no_rule", message: "No assignment rule takes it." };

/** Leads that no rule would take, for counting beforehand. Who is away isn't asked: that passes. */
export async function untaken(ctx: Ctx): Promise<Refusal[]> {
  return [{ ...no_rule, when: unmet(await takenByAny(ctx)) }];
}

function refusedOf(left: string[], choices: ReadonlyMap<string, Choice>): Refused[] {
  const entry = (code: string, message: string, ids: string[]) => ({
    code,
    message,
    count: ids.length,
    samples: ids.slice(0, 5),
  });
  return [
    entry(
      no_rule.code,
      no_rule.message,
      left.filter((id) => !choices.has(id)),
    ),
    entry(
      "nobody_there",
      "A rule takes it, but all of the rule's members are away.",
      left.filter((id) => choices.has(id)),
    ),
  ];
}
