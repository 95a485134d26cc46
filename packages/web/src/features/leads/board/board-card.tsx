import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { ActionIcon, Menu } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconClock, IconClockExclamation, IconDots } from "@tabler/icons-react";
import { memo } from "react";
import { ageOf, Avatar, useNow } from "../../../ui/index.ts";
import type { Column } from "../model/columns.ts";
import { leadName, valueOf } from "../model/columns.ts";
import type { Names } from "../model/values.ts";
import { inWords, isEmpty } from "../model/values.ts";
import { StageItems } from "../moving/stage-items.tsx";
import { LeadValue, Score } from "../value.tsx";
import css from "./board.module.css";

interface Props {
  lead: Lead;
  stage: Stage;
  /** All, in the order of the board. */
  stages: readonly Stage[];
  fields: readonly Column[];
  names: Names;
  compact: boolean;
  tabbable: boolean;
  chosen: boolean;
  lifted: boolean;
  open: boolean;
  /** Null for whoever may not move leads. */
  move: ((lead: Lead, to: string) => void) | null;
  menu: boolean;
  setMenu: (lead_id: string | null) => void;
  refusal: string | undefined;
}

/** One lead on the board. Its keys and clicks are heard by the board. */
export const BoardCard = memo(function BoardCard(props: Props) {
  const { lead, stage, fields, names, compact, tabbable, chosen, lifted, open, move, refusal } = props;
  const name = leadName(lead);
  const owner =
    lead.owner_id === null
      ? null
      : inWords({ type: "member", options: [], currency: null, id: "owner_id" }, lead.owner_id, names);
  const shown = compact ? [] : fields.filter((field) => saysSomething(lead, field));
  return (
    <div
      className={css.card}
      role="group"
      aria-roledescription="lead"
      aria-label={[name, lead.company, ...(chosen ? ["chosen"] : [])].filter(Boolean).join(", ")}
      aria-describedby="board-keys"
      tabIndex={tabbable ? 0 : -1}
      data-card={lead.id}
      data-draggable={move ? true : undefined}
      data-chosen={chosen || undefined}
      data-lifted={lifted || undefined}
      data-open={open || undefined}
    >
      <div className={css.cardTop}>
        {chosen && <IconCheck className={css.mark} size={14} stroke={2.4} aria-hidden="true" />}
        <a className={css.cardName} href={`/leads/${lead.id}`} tabIndex={-1} draggable={false}>
          {name}
        </a>
        {move && <MoveTo {...props} name={name} move={move} />}
      </div>
      {!compact && lead.company && <p className={css.company}>{lead.company}</p>}
      {shown.map((field) => (
        <div key={field.id} className={css.field}>
          <span className={css.spoken}>{field.label}: </span>
          {field.id === "score" ? (
            <Score lead={lead} />
          ) : (
            <LeadValue lead={lead} column={field} names={names} />
          )}
        </div>
      ))}
      {refusal && (
        <p className={css.refusal} role="alert">
          <IconAlertTriangle size={14} stroke={1.8} aria-hidden="true" />
          <span>{refusal}</span>
        </p>
      )}
      <div className={css.cardFoot}>
        <span className={css.owner}>
          {owner !== null && <Avatar name={owner} size={18} />}
          <span className={css.ownerName}>{owner ?? "Unassigned"}</span>
        </span>
        <Age lead={lead} stage={stage} />
      </div>
    </div>
  );
});

/** Worth a line of a card: a score that nothing was done for says no more than its absence. */
function saysSomething(lead: Lead, field: Column): boolean {
  const value = valueOf(lead, field);
  return !isEmpty(value) && !(field.id === "score" && value === 0);
}

const clocks = { fine: null, soon: IconClock, over: IconClockExclamation } as const;

function Age({ lead, stage }: Pick<Props, "lead" | "stage">) {
  const { words, spoken, state } = ageOf(lead, stage, useNow());
  const Icon = clocks[state];
  return (
    <span className={css.age} data-state={state} title={spoken}>
      {Icon && <Icon size={14} stroke={1.8} aria-hidden="true" />}
      <span aria-hidden="true" className="bw-num">
        {words}
      </span>
      <span className={css.spoken}>{spoken}</span>
    </span>
  );
}

type MoveToProps = Pick<Props, "lead" | "stages" | "menu" | "setMenu" | "tabbable"> & {
  name: string;
  move: (lead: Lead, to: string) => void;
};

/** The way for everybody who doesn't drag. */
function MoveTo({ lead, stages, menu, setMenu, tabbable, name, move }: MoveToProps) {
  return (
    <Menu
      opened={menu}
      onChange={(opened) => setMenu(opened ? lead.id : null)}
      position="bottom-end"
      width={200}
    >
      <Menu.Target>
        <ActionIcon
          size={24}
          className={css.more ?? ""}
          aria-label={`Move ${name} to…`}
          tabIndex={tabbable ? 0 : -1}
        >
          <IconDots size={15} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={css.menu ?? ""}>
        <Menu.Label>Move to…</Menu.Label>
        <StageItems lead={lead} stages={stages} move={(to) => move(lead, to)} />
      </Menu.Dropdown>
    </Menu>
  );
}
