/** Proposes what each column means, from its header and its values. A proposal never decides: the person sees and changes it. */
import { fieldTypes, standardFields, type FieldType } from "@bellwether/contracts/fields";
import { keyOf, normalHeader, shapeOf, type Shape } from "./shapes.ts";
import { bookkeeping, knownHeader } from "./synonyms.ts";

export type NewField = { key: string; label: string; type: FieldType };
export type Suggestion = { field: string } | { new_field: NewField } | null;
export type SuggestedColumn = { index: number; header: string; samples: string[]; suggestion: Suggestion };

export type Known = {
  /** Custom fields that exist: proposed again when header or label match. */
  fields: { key: string; label: string; type: FieldType }[];
  /** Keys and names of the workspace's stages: a stage column is proposed only when its values are stages. */
  stages: string[];
  /** The file begins with a byte order mark, as our own exports do: a header as bare as `score` may be their column then. */
  marked?: boolean;
  /** Whether the person may create fields; if not, none are proposed. */
  may_create_fields: boolean;
};

const SAMPLES_MAX = 5;
const SAMPLE_CHARS_MAX = 200;
/** Fewer values than this say nothing about being a choice. */
const CHOICE_VALUES_MIN = 12;
const CHOICE_OPTIONS_MAX = 25;

type Claim = { index: number; field: string; rank: number };

/** One entry for every column, in the file's order. `rows` is evidence from several places of the file. */
export function suggestColumns(headers: string[], rows: string[][], known: Known): SuggestedColumn[] {
  const columns = headers.map((header, index) => {
    const values = rows.map((row) => (row[index] ?? "").trim()).filter((value) => value !== "");
    return { index, header, plain: normalHeader(header), values, shape: commonShape(values) };
  });
  const ours = known.marked === true ? ownColumns(headers, known) : null;
  if (ours !== null) {
    return columns.map(({ index, header, values }) => ({
      index,
      header,
      samples: samplesOf(values),
      suggestion: ours[index] ?? null,
    }));
  }
  const claims: Claim[] = columns.flatMap((column) => claimOf(column, known));
  // The best claim gets a field, ties go to the column further left; the others get a field of their own.
  claims.sort((a, b) => a.rank - b.rank || a.index - b.index);
  const taken = new Map<string, number>();
  for (const claim of claims) {
    const mine = [...taken.values()].includes(claim.index);
    if (!taken.has(claim.field) && !mine) taken.set(claim.field, claim.index);
  }
  const fieldOf = new Map([...taken].map(([field, index]) => [index, field]));
  const keys = new Set<string>([
    ...standardFields.map((field) => field.key),
    ...known.fields.map((field) => field.key),
  ]);
  return columns.map((column) => {
    const field = fieldOf.get(column.index);
    return {
      index: column.index,
      header: column.header,
      samples: samplesOf(column.values),
      suggestion: field === undefined ? newField(column, keys, known) : { field },
    };
  });
}

type Evidence = { index: number; header: string; plain: string; values: string[]; shape: Shape | undefined };

/** What Bellwether keeps by itself: told in an export, and not proposed to be written. */
const kept = new Set<string>(["bellwether_id", "tier"]);

/** The columns of a file that our own export wrote, which names every one by its key; null for any other file. */
function ownColumns(headers: string[], known: Known): Suggestion[] | null {
  const found = headers.map((header): Suggestion | undefined => {
    const custom = known.fields.find((field) => header === `attributes.${field.key}`);
    if (custom !== undefined) return { field: header };
    const standard = standardFields.find((field) => field.key === header);
    if (standard === undefined) return kept.has(header) ? null : undefined;
    return standard.writable || standard.key === "owner_id" || standard.key === "tags"
      ? { field: header }
      : null;
  });
  const ours = !found.includes(undefined) && found.some((one) => one !== null);
  return ours ? found.map((one) => one ?? null) : null;
}

function claimOf(column: Evidence, known: Known): Claim[] {
  const own = known.fields.find(
    (field) => normalHeader(field.label) === column.plain || normalHeader(field.key) === column.plain,
  );
  if (own !== undefined && column.plain !== "")
    return [{ index: column.index, field: `attributes.${own.key}`, rank: 0 }];
  const named = knownHeader(column.plain);
  if (named !== undefined) {
    return fits(named.field, column, known)
      ? [{ index: column.index, field: named.field, rank: named.rank }]
      : [];
  }
  // A nameless or foreign header over addresses: the values speak. Only for e-mail, which nothing else looks like.
  if (column.shape === "email") return [{ index: column.index, field: "email", rank: 1000 }];
  return [];
}

/** A header alone isn't enough where values can contradict it. */
function fits(field: string, column: Evidence, known: Known): boolean {
  if (column.values.length === 0) return true;
  switch (field) {
    case "email":
      return share(column.values, (value) => value.includes("@")) > 0.5;
    case "phone":
    case "whatsapp_id":
      return share(column.values, (value) => (value.match(/\d/g)?.length ?? 0) >= 4) > 0.5;
    case "stage": {
      const stages = new Set(known.stages.map((stage) => stage.toLowerCase()));
      return share(column.values, (value) => stages.has(value.toLowerCase())) > 0.9;
    }
    case "first_name":
    case "last_name":
    case "company":
    case "job_title":
    case "city":
      return share(column.values, (value) => /\p{L}/u.test(value)) > 0.5;
    case "avatar_url":
      return column.shape === "url";
    case "qualification":
      return column.values.every((value) => /^\d{1,3}$/.test(value) && Number(value) <= 100);
    case "owner_id":
      return share(column.values, (value) => value.includes("@")) > 0.5;
    default:
      return true;
  }
}

function newField(column: Evidence, keys: Set<string>, known: Known): Suggestion {
  if (!known.may_create_fields || column.values.length === 0 || bookkeeping(column.plain)) return null;
  const key = freeKey(keyOf(column.header), keys);
  keys.add(key);
  return {
    new_field: {
      key,
      label: column.header.trim().slice(0, 100) || `Column ${column.index + 1}`,
      type: typeOf(column),
    },
  };
}

function freeKey(wanted: string, taken: Set<string>): string {
  const reserved =
    /^_*(constructor|prototype|tostring|to_string|valueof|value_of|hasownproperty|has_own_property|proto)_*$/;
  const base = reserved.test(wanted) ? `${wanted.replace(/^_+|_+$/g, "")}_field` : wanted;
  for (let n = 1; ; n += 1) {
    const key = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(key)) return key;
  }
}

function typeOf(column: Evidence): FieldType {
  const values = column.values;
  switch (column.shape) {
    case "number":
    case "money":
    case "date":
    case "datetime":
    case "url":
    case "yes_no":
      return oneOf(column.shape);
    case "email":
    case "phone":
      return "text";
    case "text":
    case undefined:
      if (isWebsite(column)) return "url";
      return isChoice(values) ? "choice" : isChoices(values) ? "choices" : "text";
  }
}

function oneOf(name: string): FieldType {
  return fieldTypes.find((type) => type === name) ?? "text";
}

/** The shape that every value has; a number among money and a day among moments don't break it. */
function commonShape(values: string[]): Shape | undefined {
  const shapes = new Set(values.map(shapeOf));
  if (shapes.size === 0) return undefined;
  if (shapes.has("money") && [...shapes].every((shape) => shape === "money" || shape === "number"))
    return "money";
  if (shapes.has("datetime") && [...shapes].every((shape) => shape === "datetime" || shape === "date"))
    return "datetime";
  if (shapes.has("phone") && [...shapes].every((shape) => shape === "phone" || shape === "number"))
    return "phone";
  const [only] = shapes;
  return shapes.size === 1 ? only : "text";
}

/** Domains without a scheme look like file names and initials too: the header has to say that they are addresses. */
function isWebsite(column: Evidence): boolean {
  const named = /\b(web ?site|url|home ?page|web|site|link|domain|webseite|sitio web|site web|sito)\b/.test(
    column.plain,
  );
  return (
    named &&
    column.values.every((value) => /^(https?:\/\/)?[\p{L}\d-]+(\.[\p{L}\d-]+)+([/?#]\S*)?$/iu.test(value))
  );
}

function isChoice(values: string[]): boolean {
  const distinct = new Set(values.map((value) => value.toLowerCase()));
  if (values.length < CHOICE_VALUES_MIN || distinct.size > CHOICE_OPTIONS_MAX) return false;
  return distinct.size * 3 <= values.length && [...distinct].every((value) => value.length <= 60);
}

function isChoices(values: string[]): boolean {
  if (values.length < CHOICE_VALUES_MIN || share(values, (value) => value.includes(";")) < 0.3) return false;
  const parts = values.flatMap((value) => value.split(";").map((part) => part.trim().toLowerCase()));
  const distinct = new Set(parts);
  return distinct.size <= CHOICE_OPTIONS_MAX && distinct.size * 3 <= parts.length;
}

function samplesOf(values: string[]): string[] {
  return values
    .slice(0, SAMPLES_MAX)
    .map((value) => (value.length > SAMPLE_CHARS_MAX ? `${value.slice(0, SAMPLE_CHARS_MAX)}…` : value));
}

function share(values: string[], test: (value: string) => boolean): number {
  return values.filter(test).length / values.length;
}
