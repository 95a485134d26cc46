import type { BoardColumn as ColumnShape } from "@bellwether/contracts/board";
import type { Lead } from "@bellwether/contracts/leads";
import type { Stage } from "@bellwether/contracts/pipeline";
import { ActionIcon, Button, Skeleton, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Column } from "../model/columns.ts";
import type { Names } from "../model/values.ts";
import { BoardCard } from "./board-card.tsx";
import css from "./board.module.css";
import { countWords, isOpen, type Moved, withMoves } from "./columns.ts";
import type { BoardInput } from "./data.ts";
import { useColumn } from "./data.ts";

/** What the board needs of a column to go through its cards by keyboard. */
export interface ColumnHandle {
  leads: readonly Lead[];
  reveal: (row: number) => void;
}

/** What all columns show their cards with. */
export interface Showing {
  stages: readonly Stage[];
  fields: readonly Column[];
  names: Names;
  compact: boolean;
  current: string | null;
  isChosen: (lead_id: string) => boolean;
  lifted: ReadonlySet<string>;
  open: string | null;
  move: ((lead: Lead, to: string) => void) | null;
  menu: string | null;
  setMenu: (lead_id: string | null) => void;
  refusals: ReadonlyMap<string, string>;
}

interface Props {
  input: BoardInput;
  head: ColumnShape;
  stage: Stage;
  moved: Moved;
  over: boolean;
  folded: boolean;
  /** Null where it can't be folded: on a phone, which shows one at a time. */
  fold: ((folded: boolean) => void) | null;
  showing: Showing;
  register: (stage: string, handle: ColumnHandle | null) => void;
}

const card_height = 96;
const compact_height = 64;
const load_ahead = 8;

export function BoardColumn(props: Props) {
  const { input, head, stage, moved, over, folded, fold } = props;
  const column = useColumn(input, head);
  const { leads, count } = withMoves({ stage: stage.key, count: column.count }, column.leads, moved);
  const words = countWords(count, column.exact);
  const label = `${stage.name}, ${words} ${count === 1 ? "lead" : "leads"}`;
  const shared = {
    "data-drop": stage.key,
    "data-over": over || undefined,
    "data-final": !isOpen(stage) || undefined,
  };
  if (folded && fold) {
    return (
      <section className={css.folded} aria-label={label} {...shared}>
        <Tooltip label={`Unfold ${stage.name}`}>
          <button
            type="button"
            className={css.unfold}
            aria-label={`Unfold ${label}`}
            aria-expanded={false}
            onClick={() => fold(false)}
          >
            <IconChevronRight size={14} aria-hidden="true" />
            <span className={`${css.count} bw-num`}>{words}</span>
            <span className={css.foldedName}>
              <Swatch stage={stage} />
              {stage.name}
            </span>
          </button>
        </Tooltip>
      </section>
    );
  }
  return (
    <section className={css.column} aria-label={label} {...shared}>
      <header className={css.head}>
        <h2 className={css.headName}>
          <Swatch stage={stage} />
          <span>{stage.name}</span>
        </h2>
        <span className={`${css.count} bw-num`}>{words}</span>
        {fold && (
          <Tooltip label="Fold">
            <ActionIcon size={24} aria-label={`Fold ${stage.name}`} aria-expanded onClick={() => fold(true)}>
              <IconChevronLeft size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      <Cards {...props} leads={leads} column={column} />
    </section>
  );
}

/** A stage's colour; of final ones a ring, so that colour is never the only sign. */
export function Swatch({ stage }: { stage: Stage }) {
  return (
    <span
      className={css.swatch}
      data-ring={!isOpen(stage) || undefined}
      style={{ background: stage.colour, borderColor: stage.colour }}
      aria-hidden="true"
    />
  );
}

type CardsProps = Props & { leads: readonly Lead[]; column: ReturnType<typeof useColumn> };

function Cards({ stage, leads, column, showing, register }: CardsProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: leads.length,
    getScrollElement: () => box.current,
    estimateSize: () => (showing.compact ? compact_height : card_height),
    getItemKey: (row) => leads[row]?.id ?? row,
    overscan: 4,
    gap: 8,
    paddingStart: 2,
    paddingEnd: 8,
  });
  const items = rows.getVirtualItems();
  const last_seen = items.at(-1)?.index ?? -1;
  const wanting =
    column.more &&
    !column.loading &&
    !column.failed &&
    column.looked_at === null &&
    last_seen >= leads.length - load_ahead;
  const { load } = column;
  useEffect(() => {
    if (wanting) load();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- loads when it begins to want, not whenever the board draws
  }, [wanting, leads.length]);
  useEffect(() => {
    register(stage.key, { leads, reveal: (row) => rows.scrollToIndex(row) });
  });
  useEffect(() => () => register(stage.key, null), [register, stage.key]);
  const { current } = showing;
  const tabbable = leads.some((lead) => lead.id === current) ? current : leads[items[0]?.index ?? 0]?.id;
  return (
    <div ref={box} className={css.cards} data-column={stage.key}>
      <ul className={css.list} style={{ height: rows.getTotalSize() }} aria-label={`Leads in ${stage.name}`}>
        {items.map((item) => {
          const lead = leads[item.index];
          return (
            lead && (
              <li
                key={lead.id}
                ref={rows.measureElement}
                data-index={item.index}
                className={css.place}
                style={{ translate: `0 ${item.start}px` }}
              >
                <BoardCard
                  lead={lead}
                  stage={stage}
                  stages={showing.stages}
                  fields={showing.fields}
                  names={showing.names}
                  compact={showing.compact}
                  tabbable={lead.id === tabbable}
                  chosen={showing.isChosen(lead.id)}
                  lifted={showing.lifted.has(lead.id)}
                  open={showing.open === lead.id}
                  move={showing.move}
                  menu={showing.menu === lead.id}
                  setMenu={showing.setMenu}
                  refusal={showing.refusals.get(lead.id)}
                />
              </li>
            )
          );
        })}
      </ul>
      <Foot column={column} empty={leads.length === 0} />
    </div>
  );
}

function Foot({ column, empty }: { column: ReturnType<typeof useColumn>; empty: boolean }) {
  if (column.loading) {
    return (
      <div role="status" aria-label="Loading more">
        <Skeleton height={72} radius="sm" />
      </div>
    );
  }
  if (column.failed) {
    return (
      <p className={css.foot} role="alert">
        More couldn’t be loaded.{" "}
        <Button variant="default" size="compact-xs" onClick={column.load}>
          Try again
        </Button>
      </p>
    );
  }
  if (column.looked_at !== null && column.more) {
    return (
      <p className={css.foot}>
        {column.looked_at.toLocaleString()} leads looked at.{" "}
        <Button variant="default" size="compact-xs" onClick={column.load}>
          Look further
        </Button>
      </p>
    );
  }
  return empty && !column.more ? <p className={css.foot}>No leads here</p> : null;
}
