import type { LeadQuery } from "@bellwether/contracts/leads";
import { type Ctx, scan } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { listFields } from "../fields/index.ts";
import { Catalogue, refuseRetired, type RuleField, segmentsFor } from "../rules/index.ts";
import { understand } from "./find.ts";
import { countLeads } from "./find.sql.ts";
import { type Cell, copyLeads, copyLeadsById, idsUpTo, type Shape, type StreamColumn } from "./stream.sql.ts";

export type LeadsAsked = Pick<LeadQuery, "rule" | "q" | "sort"> & { lead_ids?: string[] | undefined };
export interface LeadStream {
  query: LeadsAsked;
  /** The moment that “in the last week” counts from. */
  at: Date;
  columns: string[];
  format: "csv" | "jsonl";
}

/** Beyond it, reading every lead once is cheaper than looking each up by its id. */
const looked_up_max = 100_000;
/** Ids in one statement: each is 39 bytes of its text. */
const chunk = 5_000;

/** Refuses what `streamLeads` could not answer, and says about how many leads it would be. */
export async function checkStream(ctx: Ctx, stream: LeadStream): Promise<number> {
  await shapeOf(ctx, stream);
  const { of_all: asked } = await understand(ctx, stream.query, stream.at);
  if (stream.query.lead_ids !== undefined) {
    return stream.query.lead_ids.length;
  }
  return (await scan(ctx, () => countLeads(ctx, asked, "estimate"))).value;
}

/**
 * All leads that match, as text in pieces: rows of CSV as COPY writes them, without a header; or JSON, a lead a
 * line. To be called in a transaction of its own with one snapshot (`readOneSnapshot`), as whoever asks for it. Where an
 * index lists the matches, and they are not too many, their ids are searched first; all else is one read of the table
 * under row-level security.
 */
export async function* streamLeads(ctx: Ctx, stream: LeadStream): AsyncGenerator<Buffer> {
  const shape = await shapeOf(ctx, stream);
  const { of_all, asked: few_of, index, keys } = await understand(ctx, stream.query, stream.at);
  const { lead_ids } = stream.query;
  // Who names a lead means it, hidden or not.
  const asked =
    lead_ids === undefined ? of_all : { ...few_of, condition: few_of.with_hidden ?? few_of.condition };
  const few = index !== "none" || asked.words.length > 0 || lead_ids !== undefined;
  const ids = few ? await scan(ctx, () => idsUpTo(ctx, asked, keys, lead_ids ?? null, looked_up_max)) : null;
  if (ids === null) {
    yield* copyLeads(ctx, asked, keys, shape);
    return;
  }
  for (let from = 0; from < ids.length; from += chunk) {
    yield* copyLeadsById(ctx, ids.slice(from, from + chunk), shape);
  }
}

/** Refuses a rule, words or an order that mean nothing here, or that the actor may not ask. */
export async function checkQuery(ctx: Ctx, query: Pick<LeadQuery, "rule" | "q" | "sort">): Promise<void> {
  await understand(ctx, query);
}

/** Refuses a query that is to be kept when it newly names a segment that is retired; `before` is what was kept until now. */
export async function checkKept(
  ctx: Ctx,
  query: Pick<LeadQuery, "rule" | "q">,
  before: Pick<LeadQuery, "rule" | "q">,
): Promise<void> {
  const segments = await segmentsFor(ctx, query);
  if (segments.some(({ state }) => state === "retired")) {
    refuseRetired(query, before, new Catalogue(await listFields(ctx), ctx.actor, segments));
  }
}

/** Refuses names that no column has, and repeated ones. */
export async function checkColumns(ctx: Ctx, columns: string[]): Promise<void> {
  await shapeOf(ctx, { columns, format: "csv" });
}

/** What a line is made of. Refuses names that aren't a field's, and repeated ones. */
async function shapeOf(
  ctx: Ctx,
  { columns: names, format }: Pick<LeadStream, "columns" | "format">,
): Promise<Shape> {
  const fields = await listFields(ctx, "too");
  // Who sees contact details masked may have the columns: what stands in them is masked too.
  const catalogue = new Catalogue(
    fields.filter((field) => !field.archived),
    { ...ctx.actor, masked: false },
  );
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw problem("bad_query", {
      say: `The column “${twice}” is asked for twice.`,
      errors: [{ path: "columns", code: "duplicate", message: `“${twice}” stands there twice.` }],
    });
  }
  const columns = names.map((name): StreamColumn => {
    if (name === "id" || name === "tier") {
      return { name, key: null, cell: "text" };
    }
    const field = catalogue.get(name);
    return { name, key: field.custom?.key ?? null, cell: cells[field.type] ?? "text" };
  });
  const without = fields
    .map((field) => field.key)
    .filter((key) => !columns.some((column) => column.key === key));
  return { format, columns, without };
}

const cells: Partial<Record<RuleField["type"], Cell>> = {
  yes_no: "yes_no",
  choices: "list",
  tags: "tags",
  member: "member",
};
