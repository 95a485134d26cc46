import { sql } from "kysely";
import type { FieldIn, FieldOption } from "@bellwether/contracts/fields";
import { type Ctx, json, prepared } from "../../kernel/db.ts";
import type { Slot } from "../rules/index.ts";

export async function selectFields(ctx: Ctx, archived: "too" | "not") {
  const query = ctx.db
    .selectFrom("field")
    .select([
      "key",
      "label",
      "help",
      "type",
      "options",
      "currency",
      "default_value",
      "required",
      "is_unique",
      "position",
      "archived_at",
      "created_at",
      "slot",
      "slot_state",
      "slot_done",
      "slot_total",
    ])
    .where("workspace_id", "=", ctx.workspace_id)
    .where("deleted_at", "is", null)
    .$if(archived === "not", (all) => all.where("archived_at", "is", null))
    .orderBy("position")
    .orderBy("key");
  return prepared(ctx, query);
}

/** False when the key is taken, by an archived field too. */
export async function insertField(ctx: Ctx, field: FieldIn, slot: Slot | null): Promise<boolean> {
  const { rows } = await sql`
    insert into field (workspace_id, key, label, help, type, options, currency, default_value, required, is_unique, slot, slot_state, position)
    select ${ctx.workspace_id}, ${field.key}, ${field.label}, ${field.help}, ${field.type}, ${json(field.options)}, ${field.currency},
           ${field.default === undefined ? null : json(field.default)}, ${field.required}, ${field.unique},
           ${slot?.column ?? null}::text, ${slot?.state ?? null}::text, coalesce(max(position), 0) + 1
    from field
    where workspace_id = ${ctx.workspace_id}
    on conflict (workspace_id, key) do nothing
    returning key`.execute(ctx.db);
  return rows.length > 0;
}

export interface FieldChanges {
  label?: string | undefined;
  help?: string | undefined;
  options?: FieldOption[] | undefined;
  currency?: string | null | undefined;
  default?: unknown;
  required?: boolean | undefined;
  archived?: boolean | undefined;
}
export async function updateFieldRow(ctx: Ctx, key: string, changes: FieldChanges): Promise<void> {
  const { options, default: default_value, archived, ...plain } = changes;
  const set = {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(options === undefined ? {} : { options: json(options) }),
    ...(default_value === undefined
      ? {}
      : { default_value: default_value === null ? sql<null>`null` : json(default_value) }),
    ...(archived === undefined
      ? {}
      : { archived_at: archived ? sql<Date>`coalesce(archived_at, now())` : null }),
  };
  if (Object.keys(set).length > 0) {
    await ctx.db
      .updateTable("field")
      .set(set)
      .where("workspace_id", "=", ctx.workspace_id)
      .where("key", "=", key)
      .execute();
  }
}

export async function updateFieldOrder(ctx: Ctx, keys: string[]): Promise<void> {
  await sql`
    update field set position = o.position
    from unnest(${keys}::text[]) with ordinality as o(key, position)
    where field.workspace_id = ${ctx.workspace_id} and field.key = o.key`.execute(ctx.db);
}

export async function markFieldDeleted(ctx: Ctx, key: string): Promise<void> {
  await ctx.db
    .updateTable("field")
    .set({ deleted_at: sql<Date>`now()` })
    .where("workspace_id", "=", ctx.workspace_id)
    .where("key", "=", key)
    .execute();
}

export async function deleteFieldRow(ctx: Ctx, key: string): Promise<void> {
  await ctx.db
    .deleteFrom("field")
    .where("workspace_id", "=", ctx.workspace_id)
    .where("key", "=", key)
    .execute();
}
