/** The bin as people handle it: looked through, and leads taken out of it again. */
import type { Binned, RestoreResult } from "@bellwether/contracts/bin";
import type { Lead } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { countBinned, findBinned, selectBin } from "./bin.sql.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { missingLead, showLead } from "./leads.ts";
import { restore } from "./restore.ts";
import { wordsOf } from "./words.ts";

export async function listBin(
  ctx: Ctx,
  input: { q: string; limit: number; cursor?: string | undefined; count: "none" | "estimate" | "exact" },
): Promise<{ data: Binned[]; next_cursor: string | null; count?: { value: number; exact: boolean } }> {
  const words = wordsOf(input.q.trim().split(/\s+/).filter(Boolean), ctx.actor.default_country).all;
  const of = `bin:${words.join(" ")}`;
  const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, of);
  const before = cursor === null ? null : { id: cursor.id, at: cursor.value ?? "" };
  const found = await findBinned(ctx, words, before, input.limit + 1);
  const page = found.slice(0, input.limit);
  const last = found.length > page.length ? page.at(-1) : undefined;
  const data = await selectBin(
    ctx,
    page.map(({ id }) => id),
  );
  return {
    data,
    next_cursor: last === undefined ? null : encodeCursor({ of, id: last.id, value: last.at }),
    ...(input.count === "none" ? {} : { count: { value: await countBinned(ctx, words), exact: true } }),
  };
}

/** 409 where another lead has by now what this one had, unless it comes back without it. */
export async function restoreLead(
  ctx: Ctx,
  input: { id: string; without?: string[] | undefined },
): Promise<Lead> {
  const [result] = await restore(ctx, [input.id], input.without ?? []);
  if (result === undefined) {
    throw await missingLead(ctx, input.id, "lead in the bin");
  }
  if (result.status === "restored") {
    return showLead(ctx, input);
  }
  const [first] = result.errors;
  const paths = result.errors.map((error) => error.path);
  const back = paths.every((path) => path !== "")
    ? ` Change it there first, or restore without it: {“without”: [${paths.map((path) => `“${path}”`).join(", ")}]}.`
    : "";
  throw problem("lead_exists", {
    say: `${result.errors.map((error) => error.message).join(" ")}${back}`,
    errors: result.errors.map(({ path, code, message }) => ({ path, code, message })),
    also:
      first?.lead_id === undefined || first.lead_id === null
        ? {}
        : { lead_id: first.lead_id, lead_url: `/leads/${first.lead_id}` },
  });
}

/** Each by itself: one that another stands in the way of is said, and the others come back. */
export async function restoreLeads(
  ctx: Ctx,
  input: { ids: string[]; without?: string[] | undefined },
): Promise<{ data: RestoreResult[] }> {
  const ids = [...new Set(input.ids)];
  const results = await restore(ctx, ids, input.without ?? []);
  const byId = new Map(results.map((result) => [result.id, result]));
  const gone = { path: "", code: "not_found", message: "It is not in the bin any more.", lead_id: null };
  return { data: ids.map((id) => byId.get(id) ?? { id, status: "refused" as const, errors: [gone] }) };
}
