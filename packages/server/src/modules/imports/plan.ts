/** What an import does with its columns, decided once before the first row: which cell goes where, and what a row is matched by. */
import type { FieldError } from "@bellwether/contracts/problems";
import { standardFields, type Field, type FieldOption, type FieldType } from "@bellwether/contracts/fields";
import type { ColumnMapping, ImportOptions } from "@bellwether/contracts/imports";
import { columnNames } from "../leads/index.ts";
import type { Target } from "./typing.ts";

/** How a row finds its lead; the number is what staging holds. */
export const identifiers = ["email", "phone", "external_id"] as const;
export type Identifier = (typeof identifiers)[number];
/** Unique among a workspace's leads, whatever rows are matched by. */
export const uniqueColumns = ["email", "phone", "whatsapp_id", "external_id"] as const;

/** Visitors without a name are nobody that a file knows. */
const importable = new Set<string>([...columnNames.filter((name) => name !== "anonymous_id"), "tags"]);

export type PlannedColumn = { index: number; target: Target };
export type NewField = { key: string; label: string; type: FieldType; options: FieldOption[]; open: boolean };
export type Plan = {
  columns: PlannedColumn[];
  /** Columns of table lead that are filled, in a fixed order; `owner_id` and `stage` among them when mapped. */
  standard: string[];
  custom: { key: string; unique: boolean }[];
  has_tags: boolean;
  /** What rows are matched by, the best first: a row without the first is matched by the next it has. */
  match: Identifier[];
  new_fields: NewField[];
  number_rows: string | null;
};

export function planImport(
  mapping: ColumnMapping[],
  options: ImportOptions,
  fields: Field[],
  columns: number,
): { plan: Plan } | { errors: FieldError[] } {
  const { planned, new_fields, errors } = planColumns(mapping, fields, columns);
  const taken = new Set(planned.map(({ target }) => nameOf(target)));
  if (options.number_rows !== null && taken.has("external_id")) {
    errors.push({
      path: "options.number_rows",
      code: "mapped_twice",
      message: "The external id comes from a column; rows can't be numbered besides.",
    });
  }
  const plan = planOf(planned, new_fields, options, fields);
  if (errors.length === 0 && plan.match.length === 0 && !plan.standard.includes("whatsapp_id")) {
    errors.push({
      path: "columns",
      code: "no_identifier",
      message: "Map a column to e-mail, phone or external id, or number the rows.",
    });
  } else if (errors.length === 0 && plan.match.length === 0) {
    errors.push({
      path: "options.match_on",
      code: "no_identifier",
      message:
        "Rows can't be matched by WhatsApp id alone. Map e-mail, phone or external id, or number the rows.",
    });
  }
  return errors.length > 0 ? { errors } : { plan };
}

type PlannedColumns = { planned: PlannedColumn[]; new_fields: NewField[]; errors: FieldError[] };

function planColumns(mapping: ColumnMapping[], fields: Field[], columns: number): PlannedColumns {
  const { planned, new_fields, errors }: PlannedColumns = { planned: [], new_fields: [], errors: [] };
  const taken = new Set<string>();
  const indexes = new Set<number>();
  for (const [at, column] of mapping.entries()) {
    if ("skip" in column) continue;
    const refuse = (code: string, message: string) => errors.push({ path: `columns.${at}`, code, message });
    const target = targetOf(column, fields);
    const name = nameOf(target);
    if (column.index >= columns) {
      refuse("unknown_column", `The file has no column ${column.index}; it has ${columns}, counted from 0.`);
    } else if (indexes.has(column.index)) {
      refuse("mapped_twice", `Column ${column.index} is mapped twice.`);
    } else if (typeof target === "string") {
      refuse("unknown_field", target);
    } else if (taken.has(name)) {
      refuse("mapped_twice", `Two columns are mapped to “${name}”. Skip one of them.`);
    } else {
      taken.add(name);
      indexes.add(column.index);
      planned.push({ index: column.index, target });
      if (
        "new_field" in column &&
        target.kind === "custom" &&
        !fields.some((field) => field.key === target.key)
      ) {
        new_fields.push({ ...column.new_field, options: target.options, open: target.open });
      }
    }
  }
  return { planned, new_fields, errors };
}

function planOf(
  planned: PlannedColumn[],
  new_fields: NewField[],
  options: ImportOptions,
  fields: Field[],
): Plan {
  const standard = planned.flatMap(({ target }) =>
    target.kind === "standard" && target.field !== "tags" ? [target.field] : [],
  );
  if (options.number_rows !== null && !standard.includes("external_id")) standard.push("external_id");
  const order = [options.match_on, ...identifiers.filter((name) => name !== options.match_on)];
  return {
    columns: planned.toSorted((a, b) => a.index - b.index),
    standard: standard.toSorted(),
    custom: planned.flatMap(({ target }) =>
      target.kind === "custom"
        ? [{ key: target.key, unique: fields.some((field) => field.key === target.key && field.unique) }]
        : [],
    ),
    has_tags: planned.some(({ target }) => target.kind === "standard" && target.field === "tags"),
    match: order.filter((name) => standard.includes(name)),
    new_fields,
    number_rows: options.number_rows,
  };
}

/** The target, or the sentence that says why there is none. */
function targetOf(column: Exclude<ColumnMapping, { skip: true }>, fields: Field[]): Target | string {
  if ("new_field" in column) {
    const { key, type, options } = column.new_field;
    const existing = fields.find((field) => field.key === key);
    if (existing !== undefined && (existing.type !== type || existing.archived)) {
      return `A field with the key “${key}” exists already, of type ${existing.type}${existing.archived ? ", archived" : ""}. Map to it, or choose another key.`;
    }
    if (existing !== undefined) return customTarget(existing);
    // A choice without options takes them from the file, which is what defines it.
    const open = (type === "choice" || type === "choices") && (options === undefined || options.length === 0);
    return { kind: "custom", key, type, options: options ?? [], currency: null, open };
  }
  if (column.field.startsWith("attributes.")) {
    const key = column.field.slice("attributes.".length);
    const field = fields.find((one) => one.key === key && !one.archived);
    return field === undefined ? `There is no custom field “${key}”.` : customTarget(field);
  }
  if (importable.has(column.field)) return { kind: "standard", field: column.field };
  const known = standardFields.some((field) => field.key === column.field);
  return known
    ? `“${column.field}” is kept by Bellwether and can't be imported.`
    : `There is no field “${column.field}”. Custom fields are written attributes.<key>.`;
}

function customTarget(field: Field): Target {
  return {
    kind: "custom",
    key: field.key,
    type: field.type,
    options: field.options,
    currency: field.currency,
    open: false,
  };
}

function nameOf(target: Target | string): string {
  if (typeof target === "string") return target;
  return target.kind === "standard" ? target.field : `attributes.${target.key}`;
}
