import { Skeleton } from "@mantine/core";
import { useRef } from "react";
import { useMay } from "../../../session.tsx";
import { useHotkeys, usePageTitle } from "../../../ui/index.ts";
import type { useViews } from "../../views/index.ts";
import type { GridHandle } from "../grid/lead-grid.tsx";
import { useListInput } from "../input.ts";
import { useColumnLayout } from "../layout.ts";
import { LeadsFrame } from "../leads-frame.tsx";
import type { Status } from "../list-state.tsx";
import { Nothing } from "../list-state.tsx";
import type { Lookups } from "../lookups.ts";
import { shownColumns } from "../model/columns.ts";
import { isFiltered } from "../model/filters.ts";
import { OfView } from "../of-view.tsx";
import { floating, useCreate, useOpening, usePassingWords, usePhone, useStable } from "../page-hooks.ts";
import { useLeadsSearch } from "../search.ts";
import { useSelecting } from "../selecting.ts";
import { Board } from "./board.tsx";
import css from "./board.module.css";
import { CardMenu } from "./card-menu.tsx";
import { boardStages, countWords } from "./columns.ts";
import type { BoardData } from "./data.ts";
import { useBoard, useBoardLive } from "./data.ts";
import { useBoardMoves } from "./moves.ts";
import { useBoardLooks } from "./prefs.ts";

/** The pipeline: the leads of a view as columns, one for each stage. */
export function BoardPage() {
  usePageTitle("Board");
  return <OfView place="/leads/board">{(parts) => <Pipeline {...parts} />}</OfView>;
}

const no_sample: [] = [];
const no_sort: [] = [];

function Pipeline({ lookups, views }: { lookups: Lookups; views: ReturnType<typeof useViews> }) {
  const here = useLeadsSearch(views.views);
  const { search, view, change } = here;
  // The order of the list is none of the board's.
  const input = useListInput({ ...search, sort: no_sort });
  const data = useBoard(input);
  const moves = useBoardMoves();
  const looks = useBoardLooks(view);
  const { layout } = useColumnLayout(lookups.columns, no_sample, view);
  const phone = usePhone();
  const board = useRef<GridHandle>(null);
  const may_write = useMay("leads:write");
  const may_bulk = useMay("leads:bulk");
  const create = useCreate();
  const chosen = useSelecting(input);
  const selecting = may_bulk && !phone ? chosen : null;
  const [said, say] = usePassingWords();
  const stages = useStable(boardStages(lookups.names.stages));
  const fields = useStable(
    looks.fields.flatMap((id) => lookups.columns.find((column) => column.id === id) ?? []),
  );
  useBoardLive();
  const opening = useOpening({ search, change, input, grid: board, phone, say });
  useHotkeys([["Escape", () => !floating() && (search.lead ? opening.close() : chosen.clear())]]);
  const status = statusOf(data);

  return (
    <LeadsFrame
      views={views}
      here={here}
      input={input}
      lookups={lookups}
      status={status}
      columns={{ now: view?.columns ?? [], changed: false, reset: () => {} }}
      cards={looks.cards}
      exported={shownColumns(lookups.columns, layout)}
      selecting={selecting}
      opening={opening}
      phone={phone}
      toFound={() => board.current?.focus()}
      looks={!phone && <CardMenu columns={lookups.columns} looks={looks} />}
      said={said}
    >
      <div className={css.frame}>
        {status.blank ? (
          <div className={css.blank}>
            <Nothing
              blank={status.blank}
              filtered={isFiltered(search)}
              clear={() => change({ q: "", rule: null })}
              create={create}
            />
          </div>
        ) : data.columns === null || !lookups.ready ? (
          <Bones />
        ) : (
          <Board
            ref={board}
            data={data}
            stages={stages}
            fields={fields}
            names={lookups.names}
            looks={looks}
            moves={moves}
            may_move={may_write}
            phone={phone}
            open={search.lead}
            onOpen={opening.open}
            selecting={selecting}
          />
        )}
      </div>
    </LeadsFrame>
  );
}

function statusOf({ columns, error, refused, outdated, retry }: BoardData): Status {
  const count = columns?.reduce((sum, column) => sum + column.count, 0) ?? 0;
  const exact = columns?.every((column) => column.exact) ?? true;
  const nothing = columns !== null && !outdated && columns.every(isEmpty);
  return {
    count:
      columns === null || outdated ? "" : `${countWords(count, exact)} ${count === 1 ? "lead" : "leads"}`,
    progress: null,
    refused,
    blank: error || nothing || (refused !== null && columns === null) ? { error, refused, retry } : null,
  };
}

const isEmpty = ({ leads, next_cursor }: { leads: readonly unknown[]; next_cursor: string | null }) =>
  leads.length === 0 && next_cursor === null;

/** Columns of the size of the real ones. */
function Bones() {
  return (
    <div className={css.bones} role="status" aria-label="Loading">
      {[3, 4, 2, 3, 1].map((cards, at) => (
        <div key={at}>
          <Skeleton height={14} width="45%" mb={4} />
          {Array.from({ length: cards }, (_, card) => (
            <Skeleton key={card} height={88} radius="sm" />
          ))}
        </div>
      ))}
    </div>
  );
}
