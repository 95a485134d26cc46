import type { Lead, LeadPatch } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import type { Column } from "./columns.ts";
import { valueOf } from "./columns.ts";
import { patchOf } from "./edits.ts";
import { isEmpty } from "./values.ts";

/** What has to be said before leads enter a stage. */
export interface Asks {
  reason: boolean;
  fields: Column[];
}

export const asksNothing = ({ reason, fields }: Asks): boolean => !reason && fields.length === 0;

/**
 * What a stage asks for of these leads. Of several at once it asks for no fields, whose values differ from lead to
 * lead: those that lack one are refused by name.
 */
export function asksOf(stage: Stage, leads: readonly Lead[], fields: readonly Column[]): Asks {
  const [lead, ...more] = leads;
  const lacking =
    lead === undefined || more.length > 0
      ? []
      : stage.required_fields.flatMap((id) =>
          fields.filter((field) => field.id === id && mayAsk(field) && isEmpty(valueOf(lead, field))),
        );
  return { reason: stage.kind === "lost", fields: lacking };
}

/** What the server found missing when it knew more than this page: null when it is something no form can give. */
export function asksIn(
  errors: readonly { path: string; message: string }[],
  fields: readonly Column[],
): Asks | null {
  const reason = errors.some(({ path }) => path === "reason");
  const lacking = errors.flatMap(({ path }) =>
    fields.filter((field) => path === `fields.${field.id}` && mayAsk(field)),
  );
  return errors.length === lacking.length + (reason ? 1 : 0) ? { reason, fields: lacking } : null;
}

/** Both together; a field is asked for once. */
export function asksBoth(a: Asks, b: Asks): Asks {
  const others = b.fields.filter((field) => !a.fields.some((each) => each.id === field.id));
  return { reason: a.reason || b.reason, fields: [...a.fields, ...others] };
}

const mayAsk = (field: Column) => field.writable && field.type !== "tags" && field.type !== "stage";

/** The values of a form as one patch of the lead. */
export function patchOfAll(fields: readonly Column[], values: ReadonlyMap<string, unknown>): LeadPatch {
  const patches = fields.map((field) => patchOf(field, values.get(field.id) ?? null));
  const attributes = patches.map((patch) => patch.attributes ?? {});
  const all: LeadPatch = Object.assign({}, ...patches);
  return fields.some((field) => field.custom)
    ? { ...all, attributes: Object.assign({}, ...attributes) }
    : all;
}
