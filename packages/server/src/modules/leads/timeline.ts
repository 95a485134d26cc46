import { isReported } from "@bellwether/contracts/event-names";
import { standardFields } from "@bellwether/contracts/fields";
import type { TimelineEvent } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { showLead } from "./leads.ts";
import { mergedIds } from "./merge.sql.ts";
import { selectTimeline, type TimelineRow } from "./timeline.sql.ts";

export async function showTimeline(
  ctx: Ctx,
  input: { id: string; names?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const lead = await showLead(ctx, input);
  const names = input.names?.split(",").map((name) => name.trim());
  const of = `timeline:${lead.id}:${input.names ?? ""}`;
  const cursor = input.cursor === undefined ? null : decodeCursor(input.cursor, of);
  const before = cursor === null ? null : { at: cursor.value ?? "", id: cursor.id };
  const rows = await selectTimeline(ctx, await mergedIds(ctx, [lead.id]), {
    before,
    names: names === undefined ? null : [...new Set(names)],
    limit: input.limit + 1,
  });
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  return {
    data: page.map((row) => toEvent(row, ctx.actor.masked)),
    next_cursor: more ? encodeCursor({ of, id: last.id, value: last.at }) : null,
  };
}

const contactFields = new Set<string>(
  standardFields.filter((field) => field.contact).map((field) => field.key),
);

/** For whom contact details are masked, so are those that a change holds, and those that were reported with an event. */
function toEvent(row: TimelineRow, masked: boolean): TimelineEvent {
  const data = !masked
    ? row.data
    : isReported(row.name)
      ? withoutContacts(row.data)
      : withoutChanges(row.data);
  return { id: row.id, name: row.name, occurred_at: row.occurred_at.toISOString(), actor: row.actor, data };
}

function withoutChanges(data: Record<string, unknown>): Record<string, unknown> {
  const { changes } = data;
  return typeof changes !== "object" || changes === null
    ? data
    : {
        ...data,
        changes: Object.fromEntries(
          Object.entries(changes).map(([field, change]) => [
            field,
            contactFields.has(field) ? { from: "•••", to: "•••" } : change,
          ]),
        ),
      };
}

/** Addresses and numbers by their looks, wherever they stand. */
function withoutContacts(data: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const text = typeof value === "object" && value !== null ? JSON.stringify(value) : value;
      const contact = typeof text === "string" && /\S@\S|\+?\d(?:[ ()./-]?\d){7}/.test(text);
      return [key, contact ? "•••" : value];
    }),
  );
}
