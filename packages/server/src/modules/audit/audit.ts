import type { AuditEntry, AuditFilter } from "@bellwether/contracts/audit";
import type { Actor } from "../../kernel/access.ts";
import { byte_order_mark, csvLine } from "../../kernel/csv.ts";
import type { Ctx, Database } from "../../kernel/db.ts";
import { emit } from "../../kernel/events.ts";
import { decodeCursor, encodeCursor } from "../leads/index.ts";
import { type AuditRow, look_ahead, type Place, selectEntries, selectLookedAt } from "./audit.sql.ts";

interface Page {
  rows: AuditRow[];
  /** Where to go on; null at the end. */
  next: Place | null;
  looked_at?: number;
}

export async function listAudit(
  ctx: Ctx,
  input: AuditFilter & { limit: number; cursor?: string | undefined },
) {
  const { limit, cursor, ...filter } = input;
  const of = `audit:${JSON.stringify(Object.entries(filter).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`;
  const from = cursor === undefined ? null : decodeCursor(cursor, of);
  const page = await findPage(
    ctx,
    filter,
    from === null ? null : { id: from.id, at: from.value ?? "" },
    limit,
  );
  return {
    data: page.rows.map(toEntry),
    next_cursor: page.next === null ? null : encodeCursor({ of, id: page.next.id, value: page.next.at }),
    ...(page.looked_at === undefined ? {} : { looked_at: page.looked_at }),
  };
}

/** Filters have no index but a lead's: they look at the next entries of the log, and say where they stopped. */
async function findPage(ctx: Ctx, filter: AuditFilter, before: Place | null, limit: number): Promise<Page> {
  const rows = await selectEntries(ctx, filter, before, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length > limit && last !== undefined) {
    return { rows: page, next: last };
  }
  const next = await selectLookedAt(ctx, filter, before);
  return next === null ? { rows: page, next } : { rows: page, next, looked_at: look_ahead };
}

const header = [
  "occurred_at",
  "name",
  "actor_kind",
  "actor_name",
  "actor_id",
  "ip",
  "lead_id",
  "subject_id",
  "data",
];
const page_size = 2000;

/** The entries as CSV, in pages of a transaction each: nothing is held in memory, nothing locked, whatever the length. */
export async function auditCsv(
  db: Database,
  actor: Actor,
  filter: AuditFilter,
): Promise<AsyncGenerator<string>> {
  await db.tenant(actor, (ctx) => emit(ctx, "audit.exported", {}, { ...filter }));
  return lines(db, actor, filter);
}

async function* lines(db: Database, actor: Actor, filter: AuditFilter): AsyncGenerator<string> {
  yield byte_order_mark + csvLine(header);
  let before: Place | null = null;
  do {
    const from: Place | null = before;
    // oxlint-disable-next-line no-await-in-loop -- page after page
    const page: Page = await db.tenant(actor, (ctx) => findPage(ctx, filter, from, page_size));
    yield page.rows.map((row) => csvLine(cellsOf(row))).join("");
    before = page.next;
  } while (before !== null);
}

function cellsOf(row: AuditRow): string[] {
  const { id, kind, name } = row.actor;
  const data = Object.keys(row.data).length === 0 ? "" : JSON.stringify(row.data);
  return [
    row.occurred_at.toISOString(),
    row.name,
    kind,
    name,
    id ?? "",
    row.ip ?? "",
    row.lead_id ?? "",
    row.subject_id ?? "",
    data,
  ];
}

function toEntry(row: AuditRow): AuditEntry {
  const { id, name, actor, ip, lead_id, subject_id, data } = row;
  return { id, name, occurred_at: row.occurred_at.toISOString(), actor, ip, lead_id, subject_id, data };
}
