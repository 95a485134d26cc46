/** Leads move through the pipeline. What a stage asks of them is in moving.ts; the move itself is written by saveLeads. */
import type { Lead, LeadPatch } from "@bellwether/contracts/leads";
import type { MoveWay } from "@bellwether/contracts/pipeline";
import type { Ctx } from "../../kernel/db.ts";
import { invalid, problem, ProblemError } from "../../kernel/problems.ts";
import { beginStage, unknownStage } from "../stages/index.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { lockLead, refuse, saveOne, showLead, valueScope } from "./leads.ts";
import { selectCameFrom, selectMoves } from "./moves.sql.ts";
import { type LeadState, readLead, type ValueScope } from "./values.ts";

interface StageInput {
  id: string;
  stage: string;
  reason?: string | undefined;
  fields?: LeadPatch | undefined;
  from?: string | undefined;
  how?: MoveWay | undefined;
}

/** Moves a lead, with the reason and the values that the stage asks for. */
export async function setStage(ctx: Ctx, input: StageInput): Promise<Lead> {
  const scope = await valueScope(ctx);
  const lead = await lockLead(ctx, input.id);
  if (input.from !== undefined && input.from !== lead.columns.stage) {
    throw await movedMeanwhile(ctx, scope, lead);
  }
  const patch = {
    ...input.fields,
    stage: input.stage,
    ...(input.reason === undefined ? {} : { lost_reason: input.reason }),
  };
  const { values, errors } = readLead(patch, scope);
  return renamed(async () => {
    refuse(errors);
    const how = ctx.actor.kind === "member" ? input.how : undefined;
    return saveOne(ctx, scope, { lead, values, tags: [] }, how);
  });
}

export async function movedMeanwhile(ctx: Ctx, scope: ValueScope, lead: LeadState): Promise<ProblemError> {
  const { stage } = lead.columns;
  return problem("changed_meanwhile", {
    say: `Somebody moved this lead to “${scope.stages.get(stage)?.name ?? stage}” meanwhile.`,
    also: { current: await showLead(ctx, lead) },
  });
}

/** Errors of values say where they stand in this request. */
async function renamed(work: () => Promise<Lead>): Promise<Lead> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { errors, ...options } = error.options;
    throw problem(error.code, {
      ...options,
      ...(errors === undefined
        ? {}
        : { errors: errors.map((each) => ({ ...each, path: placeOf(each.path) })) }),
    });
  }
}

function placeOf(path: string): string {
  if (path === "lost_reason") return "reason";
  return path === "stage" || path === "" ? path : `fields.${path}`;
}

/** Back to the stage it came from, where that is open and still there, else to where leads begin. */
export async function reopenLead(ctx: Ctx, input: { id: string; stage?: string | undefined }): Promise<Lead> {
  const scope = await valueScope(ctx);
  const lead = await lockLead(ctx, input.id);
  const now = scope.stages.get(lead.columns.stage);
  if (now?.kind === "open") {
    throw problem("not_in_state", {
      say: `This lead is in “${now.name}”, which is open. There is nothing to reopen.`,
    });
  }
  const stage = input.stage ?? (await cameFrom(ctx, scope, lead.id));
  const to = scope.stages.get(stage);
  if (to === undefined) {
    throw invalid([unknownStage("stage", stage, scope.stages.values())]);
  }
  if (to.kind !== "open") {
    throw invalid([
      { path: "stage", code: "not_open", message: `“${to.name}” is final too. Choose an open stage.` },
    ]);
  }
  const values = { columns: { stage }, attributes: new Map() };
  return saveOne(ctx, scope, { lead, values, tags: [], reopens: true }, "reopen");
}

async function cameFrom(ctx: Ctx, scope: ValueScope, lead_id: string): Promise<string> {
  const from = await selectCameFrom(ctx, lead_id);
  return from !== null && scope.stages.get(from)?.kind === "open"
    ? from
    : beginStage(scope.stages.values()).key;
}

export async function listMoves(ctx: Ctx, input: { id: string; limit: number; cursor?: string | undefined }) {
  const lead = await showLead(ctx, input);
  const of = `moves:${lead.id}`;
  const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, of);
  const before = cursor === null ? null : { at: cursor.value ?? "", id: cursor.id };
  const rows = await selectMoves(ctx, lead.id, { before, limit: input.limit + 1 });
  const page = rows.slice(0, input.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    data: page,
    next_cursor: last === undefined ? null : encodeCursor({ of, id: last.id, value: last.at }),
  };
}
