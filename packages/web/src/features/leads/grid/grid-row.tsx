import type { Lead } from "@bellwether/contracts/leads";
import { Tooltip } from "@mantine/core";
import { memo, useState } from "react";
import { Avatar } from "../../../ui/index.ts";
import { useEdits } from "../edits.tsx";
import type { Me } from "../me.ts";
import type { Column } from "../model/columns.ts";
import { isNumeric, leadName, valueOf } from "../model/columns.ts";
import { mayAssignTo } from "../model/edits.ts";
import type { Mark } from "../model/news.ts";
import type { Names } from "../model/values.ts";
import { inWords, isEmpty } from "../model/values.ts";
import { useMove } from "../moving/moving.tsx";
import { LeadValue, StageValue } from "../value.tsx";
import { ValueInput } from "../value-input.tsx";
import css from "./grid.module.css";

interface Props {
  row: number;
  top: number;
  lead: Lead | undefined;
  /** What others did to it meanwhile. */
  mark: Mark | undefined;
  columns: Column[];
  names: Names;
  phone: boolean;
  /** The column the keyboard is on, or -1. */
  active: number;
  open: boolean;
  /** Whether it is one of the leads chosen; null where nothing can be chosen. */
  chosen: boolean | null;
  editing: number;
  refusals: ReadonlyMap<string, string> | undefined;
  me: Me;
  done: (then: "stay" | "next" | "previous") => void;
}

/** One row. Only a row whose own lead, activity or editor changed is drawn again while scrolling. */
export const GridRow = memo(function GridRow(props: Props) {
  const { row, top, lead, mark, phone, open, chosen } = props;
  return (
    <div
      role="row"
      aria-rowindex={row + 2}
      {...(chosen === null ? {} : { "aria-selected": chosen })}
      {...(open ? { "aria-current": true } : {})}
      className={css.row}
      data-row={row}
      data-open={open || undefined}
      data-chosen={chosen ?? undefined}
      data-standing={mark?.standing}
      data-glows={(phone && mark && mark.changed.size > 0) || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      {phone ? <PhoneCell {...props} lead={lead} /> : <Cells {...props} />}
    </div>
  );
});

function Cells({ row, lead, mark, chosen, columns, names, active, editing, refusals, me, done }: Props) {
  return columns.map((column, index) => {
    const refusal = refusals?.get(column.id);
    return (
      <div
        key={column.id}
        id={`cell-${row}-${index}`}
        role="gridcell"
        aria-colindex={index + 1}
        className={css.cell}
        data-column={index}
        data-first={index === 0 || undefined}
        data-number={isNumeric(column) || undefined}
        data-active={active === index || undefined}
        data-refused={refusal ? true : undefined}
        data-glows={mark?.changed.has(column.id) || undefined}
        title={lead && !refusal ? titleOf(lead, column, names) : undefined}
        {...(refusal ? { "aria-invalid": true } : {})}
      >
        {index === 0 && lead && chosen !== null && <Choose lead={lead} chosen={chosen} />}
        {!lead ? (
          <span className={css.bone} style={{ width: `${38 + ((row * 7 + index * 13) % 40)}%` }} />
        ) : editing === index ? (
          <CellEditor lead={lead} column={column} names={names} me={me} done={done} />
        ) : (
          <Shown lead={lead} column={column} names={names} refusal={refusal} />
        )}
        {index === 0 && mark && <Standing mark={mark} />}
      </div>
    );
  });
}

const oftenCut = new Set<Column["type"]>(["name", "text", "url", "choice", "choices", "tags"]);

/** The whole of what a narrow column cuts off. */
function titleOf(lead: Lead, column: Column, names: Names): string | undefined {
  const value = oftenCut.has(column.type) ? valueOf(lead, column) : null;
  return isEmpty(value) ? undefined : inWords(column, value, names);
}

function Shown({
  lead,
  column,
  names,
  refusal,
}: {
  lead: Lead;
  column: Column;
  names: Names;
  refusal: string | undefined;
}) {
  const value =
    column.type === "name" ? <Name lead={lead} /> : <LeadValue lead={lead} column={column} names={names} />;
  if (!refusal) return value;
  return (
    <Tooltip label={refusal} multiline maw={320} color="red.9" openDelay={0}>
      <span className={css.refused}>
        {value}
        <span className={css.mark} aria-label={`Not saved: ${refusal}`} role="img">
          !
        </span>
      </span>
    </Tooltip>
  );
}

/** Why a row still stands here that belongs elsewhere now. */
function Standing({ mark }: { mark: Mark }) {
  if (mark.standing === "here") return null;
  return <span className={css.standing}>{mark.standing === "gone" ? "Gone" : "No longer matches"}</span>;
}

/** The box before a lead; the grid hears its clicks, with Shift for a range. */
function Choose({ lead, chosen, phone = false }: { lead: Lead; chosen: boolean; phone?: boolean }) {
  return (
    <label className={phone ? css.choosePhone : css.choose} data-choose="row">
      <input
        type="checkbox"
        tabIndex={-1}
        checked={chosen}
        readOnly
        aria-label={`Choose ${leadName(lead)}`}
      />
    </label>
  );
}

function Name({ lead }: { lead: Lead }) {
  const name = leadName(lead);
  return (
    <a href={`/leads/${lead.id}`} tabIndex={-1} className={css.name}>
      <Avatar name={name} src={lead.avatar_url} size={22} />
      <span className={css.cut}>{name}</span>
    </a>
  );
}

function CellEditor({
  lead: now,
  column,
  names,
  me,
  done,
}: {
  lead: Lead;
  column: Column;
  names: Names;
  me: Me;
  done: Props["done"];
}) {
  const { save } = useEdits();
  const moveLeads = useMove();
  // As it was when the editor opened: what somebody else saves meanwhile is a conflict, not what was seen.
  const [lead] = useState(now);
  return (
    <div className={css.editor}>
      <ValueInput
        column={column}
        value={valueOf(lead, column)}
        names={names}
        {...(column.id === "owner_id" ? { mayPick: (to: string | null) => mayAssignTo(lead, me, to) } : {})}
        commit={(value, then) => {
          done(then);
          if (column.type === "stage" && typeof value === "string")
            void moveLeads({ leads: [lead], to: value, how: "list" });
          else void save(lead, column, value);
        }}
        cancel={() => done("stay")}
      />
    </div>
  );
}

const owner: Pick<Column, "type" | "options" | "currency" | "id"> = {
  id: "owner_id",
  type: "member",
  options: [],
  currency: null,
};

function PhoneCell({ row, lead, mark, chosen, names, active }: Props) {
  const name = lead ? leadName(lead) : "";
  return (
    <div
      id={`cell-${row}-0`}
      role="gridcell"
      aria-colindex={1}
      className={css.phoneCell}
      data-column={0}
      data-active={active >= 0 || undefined}
    >
      {lead && chosen !== null && <Choose lead={lead} chosen={chosen} phone />}
      {lead ? (
        <a href={`/leads/${lead.id}`} tabIndex={-1} className={css.phoneLink}>
          <Avatar name={name} src={lead.avatar_url} size={36} />
          <span className={css.phoneText}>
            <span className={css.phoneLine}>
              <span className={css.phoneName}>{name}</span>
              {mark && mark.standing !== "here" ? (
                <Standing mark={mark} />
              ) : (
                <span className={css.phoneQuiet}>{lead.company ?? ""}</span>
              )}
            </span>
            <span className={css.phoneLine}>
              <StageValue stage={lead.stage} names={names} />
              <span className={css.phoneQuiet}>{inWords(owner, lead.owner_id, names)}</span>
            </span>
          </span>
        </a>
      ) : (
        <span className={css.bone} style={{ width: "60%" }} />
      )}
    </div>
  );
}
