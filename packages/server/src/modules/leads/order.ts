import { slotKind } from "@bellwether/contracts/fields";
import type { LeadQuery } from "@bellwether/contracts/leads";
import type { Ctx } from "../../kernel/db.ts";
import { problem } from "../../kernel/problems.ts";
import { listMembers } from "../identity/index.ts";
import type { Catalogue, RuleField } from "../rules/index.ts";
import { listStages } from "../stages/index.ts";
import { indexedKey, type Key, listedKey, plainKey, scoreKey, seenKey } from "./order.sql.ts";

const newest: Key = indexedKey(
  { field: "created_at", label: "Created", direction: "desc", type: "timestamptz" },
  "created_at",
  false,
);

/** What the list is sorted by, at least one key. Refuses what can't be sorted by, and what is hidden from the caller. */
export async function orderOf(
  ctx: Ctx,
  query: Pick<LeadQuery, "sort">,
  catalogue: Catalogue,
): Promise<[Key, ...Key[]]> {
  const keys: Key[] = [];
  for (const { field: name, direction } of query.sort ?? []) {
    if (keys.some((key) => key.field === name)) {
      throw unsortable(name, `The list is sorted by ${name} twice. Name it once.`);
    }
    // An order by what is hidden tells it, and a cursor holds it: `get` refuses that.
    // oxlint-disable-next-line no-await-in-loop -- three at most, and most ask nothing
    keys.push(await keyOf(ctx, catalogue.get(name), direction));
  }
  const [first = newest, ...rest] = keys;
  return [first, ...rest];
}

async function keyOf(ctx: Ctx, field: RuleField, direction: Key["direction"]): Promise<Key> {
  const base = { field: field.name, label: field.label, direction };
  if (field.custom !== null) {
    return customKey(field, field.custom, base);
  }
  switch (field.name) {
    case "created_at":
    case "updated_at":
      return indexedKey({ ...base, type: "timestamptz" }, field.name, false);
    case "email":
    case "phone":
    case "whatsapp_id":
    case "external_id":
    case "last_name":
    case "company":
      return indexedKey({ ...base, type: "text" }, field.name, true);
    case "qualification":
      return indexedKey({ ...base, type: "int" }, field.name, true);
    case "score":
      return scoreKey(base);
    case "last_seen_at":
      return seenKey(base);
    case "stage": {
      const stages = (await listStages(ctx)).map((stage) => stage.key);
      return listedKey({ ...base, type: "text" }, { column: "stage", by_id: false }, stages);
    }
    case "owner_id": {
      const members = (await listMembers(ctx)).toSorted((a, b) => a.name.localeCompare(b.name));
      return listedKey(
        { ...base, type: "uuid" },
        { column: "owner_id", by_id: true },
        members.map((member) => member.id),
      );
    }
    case "tags":
    case "hidden":
    case "overdue":
      throw unsortable(field.name, `Leads can't be sorted by ${field.label}. Filter by it instead.`);
    default:
      return plainKey(base, field);
  }
}

function customKey(
  field: RuleField,
  { type, options, slot }: NonNullable<RuleField["custom"]>,
  base: Pick<Key, "field" | "label" | "direction">,
): Key {
  if (slotKind[type] === null) {
    throw unsortable(
      field.name,
      `Leads can't be sorted by ${field.label}, which has several values each. Filter by it instead.`,
    );
  }
  if (slot === undefined || slot === null || slot.state !== "ready") {
    return plainKey(base, field);
  }
  return type === "choice"
    ? listedKey(
        { ...base, type: "text" },
        { column: slot.column, by_id: true },
        options.map((option) => option.value),
      )
    : indexedKey({ ...base, type: slotKind[type] === "t" ? "text" : "float8" }, slot.column, true);
}

function unsortable(path: string, say: string) {
  return problem("bad_query", {
    say,
    errors: [{ path: `sort.${path}`, code: "not_sortable", message: say }],
  });
}

/** Beyond it, leads aren't sorted by what has no index. */
export function tooManyToSort(key: Key, most: number) {
  const custom = key.field.startsWith("attributes.");
  const help = custom ? `Ask an admin to make it fast under Settings, Fields` : `Sort by another field`;
  const say = `There are too many leads to sort them by ${key.label}, which has no index. ${help}, or filter first: up to ${most.toLocaleString("en")} leads of a stage, an owner or a company can be sorted by anything.`;
  return problem("bad_query", {
    say,
    errors: [{ path: `sort.${key.field}`, code: "too_many_to_sort", message: say }],
  });
}
