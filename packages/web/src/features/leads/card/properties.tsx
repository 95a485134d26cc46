import { ActionIcon, Button, Tooltip } from "@mantine/core";
import type { Lead } from "@bellwether/contracts/leads";
import { IconChevronDown, IconChevronRight, IconPencil } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import { CopyButton } from "../../../ui/index.ts";
import { useEdits } from "../edits.tsx";
import type { Lookups } from "../lookups.ts";
import type { Me } from "../me.ts";
import type { Column } from "../model/columns.ts";
import { valueOf } from "../model/columns.ts";
import { whyNotEdited } from "../model/edits.ts";
import type { Names } from "../model/values.ts";
import { inWords, isEmpty } from "../model/values.ts";
import { LeadValue } from "../value.tsx";
import { ValueInput } from "../value-input.tsx";
import css from "./card.module.css";

interface Props {
  lead: Lead;
  lookups: Lookups;
  me: Me;
}

// Shown in the header, or by themselves below.
const elsewhere = new Set([
  "owner_id",
  "stage",
  "stage_since",
  "lost_reason",
  "overdue",
  "score",
  "tags",
  "hidden",
]);

/** What is known, in order; what isn't is one click away. */
export function Properties({ lead, lookups, me }: Props) {
  const [all, setAll] = useState(false);
  const of = lookups.fields.filter((field) => !elsewhere.has(field.id));
  // What people know of a lead first; what the program keeps for itself at the end.
  const shown = [...of.filter((field) => field.writable), ...of.filter((field) => !field.writable)];
  const known = shown.filter((field) => !isEmpty(valueOf(lead, field)));
  const empty = shown.filter((field) => isEmpty(valueOf(lead, field)));
  return (
    <section aria-label="Properties">
      <dl className={css.properties}>
        {(all ? shown : known).map((field) => (
          <Property key={field.id} lead={lead} column={field} names={lookups.names} me={me} />
        ))}
      </dl>
      {empty.length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          className={css.empties}
          aria-expanded={all}
          leftSection={all ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          onClick={() => setAll(!all)}
        >
          {all ? "Hide empty fields" : `${empty.length} empty ${empty.length === 1 ? "field" : "fields"}`}
        </Button>
      )}
    </section>
  );
}

function Property({ lead, column, names, me }: { lead: Lead; column: Column; names: Names; me: Me }) {
  const { save, refusals } = useEdits();
  const [editing, setEditing] = useState(false);
  // What the person sees when they begin: a change that arrives while they type must not be overwritten unseen.
  const [seen, setSeen] = useState<Lead | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  // After Enter or Esc the focus goes back to the value, unless somebody clicked elsewhere.
  useEffect(() => {
    if (!editing && seen !== null && document.activeElement === document.body) button.current?.focus();
  }, [editing, seen]);
  const value = valueOf(lead, column);
  const why = whyNotEdited(column, lead, me, names.stages);
  const refusal = refusals.get(lead.id)?.get(column.id);
  const begin = () => {
    setSeen(lead);
    setEditing(true);
  };
  return (
    <div className={css.property} data-refused={refusal ? true : undefined}>
      <Tooltip label={column.help} disabled={!column.help} multiline maw={280}>
        <dt>{column.label}</dt>
      </Tooltip>
      <dd>
        {editing && seen ? (
          <ValueInput
            column={column}
            value={valueOf(seen, column)}
            names={names}
            long
            commit={(next) => {
              setEditing(false);
              void save(seen, column, next);
            }}
            cancel={() => setEditing(false)}
          />
        ) : (
          <Shown lead={lead} column={column} names={names} why={why} begin={begin} button={button} />
        )}
        {!editing && (
          <span className={css.hover}>
            {!isEmpty(value) && (
              <CopyButton value={inWords(column, value, names)} label={`Copy ${column.label}`} />
            )}
            {!why && hrefOf(column, value) !== null && (
              <ActionIcon size="sm" aria-label={`Change ${column.label}`} onClick={begin}>
                <IconPencil size={14} />
              </ActionIcon>
            )}
          </span>
        )}
        {refusal && <p className={css.refusal}>{refusal}</p>}
      </dd>
    </div>
  );
}

function Shown({
  lead,
  column,
  names,
  why,
  begin,
  button,
}: {
  lead: Lead;
  column: Column;
  names: Names;
  why: string | null;
  begin: () => void;
  button: RefObject<HTMLButtonElement | null>;
}) {
  const value = valueOf(lead, column);
  const href = hrefOf(column, value);
  const content = href ? (
    <a
      href={href}
      className={css.link}
      {...(column.type === "url" ? { target: "_blank", rel: "noreferrer" } : {})}
    >
      {String(value)}
    </a>
  ) : (
    <LeadValue lead={lead} column={column} names={names} />
  );
  if (why) {
    return (
      <Tooltip label={why} multiline maw={280} openDelay={600}>
        <div className={css.value}>{content}</div>
      </Tooltip>
    );
  }
  // A link is followed by a click, so it is changed by the pencil beside it; any other value by itself.
  if (href) return <div className={css.value}>{content}</div>;
  return (
    <button
      ref={button}
      type="button"
      className={css.value}
      data-editable="true"
      aria-label={`Change ${column.label}: ${inWords(column, value, names)}`}
      onClick={begin}
    >
      {content}
    </button>
  );
}

function hrefOf(column: Column, value: unknown): string | null {
  if (typeof value !== "string" || value.includes("•")) return null;
  if (column.id === "email") return `mailto:${value}`;
  if (column.id === "phone") return `tel:${value}`;
  return column.type === "url" && /^https?:\/\//i.test(value) ? value : null;
}
