/** What an edit changes of a lead, as SQL: read, written, and given back. */
import { type RawBuilder, sql, type SqlBool } from "kysely";
import { type Ctx, json } from "../../kernel/db.ts";
import { identifiers, lacks, visibleTo } from "../leads/index.ts";
import type { Sql } from "../rules/index.ts";
import type { Edit } from "./record.ts";

type Raw = RawBuilder<unknown>;
type Value = string | number;

/** The one cell of each lead that an edit is about. Its values are jsonb, and null where there is none. */
export interface Cell {
  /** As in lead_change and in events. */
  field: string;
  /** Of a row called so: `lead`, or `old` and `new` of a returning clause. */
  valueOf: (row: string) => Raw;
  becomes: Raw;
  /** Which leads would change, where that isn't said by another value. */
  wanted?: Sql;
  /** The assignment that gives `lead` this value; null where the value is beside the row. */
  assign: ((value: Raw) => Raw) | null;
  /** Why `lead` can't be changed; the first that holds is said. */
  refusals: Refusal[];
  /** Whether nothing stands against giving `lead` this value back. */
  free: (value: Raw) => Sql;
}

export interface Refusal {
  code: string;
  message: string;
  when: Sql;
}

/** The code of what stands against changing `lead`; null where nothing does. */
export function refusalOf(cell: Cell): RawBuilder<string | null> {
  return cell.refusals.length === 0
    ? sql`null::text`
    : sql`(case ${sql.join(
        cell.refusals.map(({ code, when }) => sql`when ${when} then ${sql.lit(code)}`),
        sql` `,
      )} end)`;
}

export function cellOf(edit: Edit): Cell {
  switch (edit.kind) {
    case "column":
      return columnCell(edit.column, edit.value);
    case "stage":
      return stageCell(edit);
    case "attribute":
      return attributeCell(edit);
    case "tag":
      return tagCell(edit);
    case "assign":
      return assignCell(edit);
    case "segment":
      return memberCell(edit);
    case "bin":
      return binCell;
  }
}

export function differs(cell: Cell): Sql {
  return cell.wanted ?? sql`(${cell.valueOf("lead")} is distinct from ${cell.becomes})`;
}

/** Where a lead must be for its cell to be given back: in the bin for what was binned, else not. */
export function reachable(ctx: Ctx, edit: Edit): Sql {
  return edit.kind === "bin" ? sql`(lead.deleted_at is not null)` : visibleTo(ctx.actor);
}

const types: Record<string, Raw> = { owner_id: sql`uuid`, qualification: sql`smallint` };

function columnCell(column: string, value: Value | null): Cell {
  const identifier = identifiers.find((each) => each === column);
  const others = identifiers.filter((each) => each !== column).map((each) => sql.ref(`lead.${each}`));
  return {
    field: column,
    valueOf: (row) => sql`to_jsonb(${sql.ref(`${row}.${column}`)})`,
    becomes: value === null ? sql`null::jsonb` : json(value),
    assign: (to) => sql`${sql.ref(column)} = (${to} #>> '{}')::${types[column] ?? sql`text`}`,
    refusals: [
      // What would have no e-mail, phone or id left couldn't be found again.
      ...(identifier === undefined
        ? []
        : [
            {
              code: "last_identifier",
              message: "It has no other e-mail, phone, WhatsApp id or external id.",
              when: sql<SqlBool>`(num_nonnulls(${sql.join(others)}) = 0)`,
            },
          ]),
      ...(column === "owner_id" ? [heldByStage] : []),
    ],
    free: (to) => {
      const text = sql`(${to} #>> '{}')`;
      if (identifier !== undefined) {
        return sql`(not exists (${otherLead(identifier, text)}))`;
      }
      if (column === "owner_id") {
        return sql`(not lead.final and (${to} is null or exists (
          select from member m where m.workspace_id = lead.workspace_id and m.id::text = ${text} and m.removed_at is null)))`;
      }
      // Changes of before stages were final: only between open ones.
      return column === "stage"
        ? sql`(not lead.final and exists (
            select from stage s where s.workspace_id = lead.workspace_id and s.key = ${text} and not s.final))`
        : sql`true`;
    },
  };
}

/** Whom each lead goes to is chosen once they are locked. */
function assignCell({ reassign }: Edit & { kind: "assign" }): Cell {
  const wanted: Sql = reassign ? sql`true` : sql`(lead.owner_id is null)`;
  return { ...columnCell("owner_id", null), wanted };
}

const heldByStage: Refusal = {
  code: "final_stage",
  message: "It is in a final stage, which keeps stage and owner. Reopen it first.",
  when: sql`lead.final`,
};

/**
 * Moves are recorded beside (`stage_move`): when a lead moved since, its stage_since is not the move's, though the stage
 * may be the same again. A removed stage sends its leads away whatever they lack and hold.
 */
function stageCell(edit: Edit & { kind: "stage" }): Cell {
  const { required, removes } = edit;
  const labels = required.map((each) => each.label).join(", ");
  return {
    field: "stage",
    valueOf: (row) => sql`to_jsonb(${sql.ref(`${row}.stage`)})`,
    becomes: sql`to_jsonb(${edit.stage}::text)`,
    assign: null,
    refusals:
      removes === null
        ? [
            heldByStage,
            ...(required.length === 0
              ? []
              : [
                  {
                    code: "required_by_stage",
                    message: `“${edit.name}” asks for ${labels}.`,
                    when: lacks("lead", required),
                  },
                ]),
          ]
        : [],
    free: (to) => sql`exists (
      select from stage s where s.workspace_id = lead.workspace_id and s.key = (${to} #>> '{}') and s.removed_at is null)`,
  };
}

function otherLead(identifier: string, value: Raw): Raw {
  return sql`
    select from lead o
    where o.workspace_id = lead.workspace_id and o.deleted_at is null and o.id <> lead.id and ${sql.ref(`o.${identifier}`)} = ${value}`;
}

function attributeCell({ key, value, unique }: Edit & { kind: "attribute" }): Cell {
  const kept = sql<SqlBool>`exists (
    select from field f where f.workspace_id = lead.workspace_id and f.key = ${key} and f.deleted_at is null)`;
  return {
    field: `attributes.${key}`,
    valueOf: (row) => sql`(${sql.ref(`${row}.attributes`)} -> ${key}::text)`,
    becomes: value === null ? sql`null::jsonb` : json(value),
    assign: (to) => sql`attributes = case when ${to} is null then lead.attributes - ${key}::text
      else lead.attributes || jsonb_build_object(${key}::text, ${to}) end`,
    refusals: [],
    free: (to) => (unique ? sql`(${kept} and not exists (${otherClaim(sql`${key}`, to)}))` : kept),
  };
}

/** Text is claimed without regard to capitals. */
function otherClaim(key: Raw, value: Raw): Raw {
  return sql`
    select from lead_unique u
    where u.workspace_id = lead.workspace_id and u.field_key = ${key} and u.value = lower(${value} #>> '{}') and u.lead_id <> lead.id`;
}

function tagCell({ tag_id, add }: Edit & { kind: "tag" }): Cell {
  const tag = sql`to_jsonb(${tag_id}::text)`;
  return {
    field: "tags",
    valueOf: (row) => sql`(case when exists (
      select from lead_tag lt
      where lt.workspace_id = ${sql.ref(`${row}.workspace_id`)} and lt.lead_id = ${sql.ref(`${row}.id`)} and lt.tag_id = ${tag_id}::uuid) then ${tag} end)`,
    becomes: add ? tag : sql`null::jsonb`,
    assign: null,
    refusals: [],
    free: () =>
      add
        ? sql`true`
        : sql`exists (select from tag t where t.workspace_id = lead.workspace_id and t.id = ${tag_id}::uuid)`,
  };
}

/** Undone as long as the segment is there, static and not retired. */
function memberCell({ segment_id, set_id, add }: Edit & { kind: "segment" }): Cell {
  const member = sql`to_jsonb(${segment_id}::text)`;
  return {
    field: "segments",
    valueOf: (row) => sql`(case when exists (
      select from segment_member m
      where m.workspace_id = ${sql.ref(`${row}.workspace_id`)} and m.set_id = ${set_id}::uuid and m.lead_id = ${sql.ref(`${row}.id`)}) then ${member} end)`,
    becomes: add ? member : sql`null::jsonb`,
    assign: null,
    refusals: [],
    free: () => sql`exists (
      select from segment s
      where s.workspace_id = lead.workspace_id and s.id = ${segment_id}::uuid and s.set_id = ${set_id}::uuid and s.type = 'static' and s.state <> 'retired' and s.deleted_at is null)`,
  };
}

/**
 * In the bin since when, so that a lead that was restored and deleted again stays there. To the microsecond, in a form
 * that no setting changes.
 */
const binCell: Cell = {
  field: "deleted_at",
  valueOf: (row) => sql`to_jsonb(extract(epoch from ${sql.ref(`${row}.deleted_at`)}))`,
  becomes: sql`to_jsonb(extract(epoch from now()))`,
  assign: (to) => sql`deleted_at = case when ${to} is null then null else now() end`,
  refusals: [],
  free: () => {
    const taken = identifiers.map((each) => otherLead(each, sql.ref(`lead.${each}`)));
    const claimed = sql`
      select from field f
      where f.workspace_id = lead.workspace_id and f.is_unique and f.deleted_at is null
        and exists (${otherClaim(sql`f.key`, sql`(lead.attributes -> f.key)`)})`;
    return sql<SqlBool>`(${sql.join(
      [...taken, claimed].map((each) => sql`not exists (${each})`),
      sql` and `,
    )})`;
  },
};
